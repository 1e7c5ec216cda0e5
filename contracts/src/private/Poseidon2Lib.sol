// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Poseidon2Lib
/// @notice The nodes of rows that private specs hide: docs/privacy.md. Its twin is posp.Compress.
/// @dev Written by tools/verifiers. Sums of up to five field elements fit a word, so most are not reduced.
library Poseidon2Lib {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice A node is no field element.
    error NotInField(uint256 node);
    /// @notice A round shows 2^k nodes, k from 1 up.
    error NodesRefused(uint256 length);

    /// @notice The node above 2^k nodes, which is k levels up.
    function fold(bytes32[] memory nodes) internal pure returns (bytes32) {
        unchecked {
            uint256 n = nodes.length;
            require(n > 1 && n & (n - 1) == 0, NodesRefused(n));
            for (uint256 i; i < n; ++i) {
                require(uint256(nodes[i]) < R, NotInField(uint256(nodes[i])));
            }
            for (; n > 1; n >>= 1) {
                for (uint256 i; i < n; i += 2) {
                    nodes[i >> 1] = bytes32(compress(uint256(nodes[i]), uint256(nodes[i + 1])));
                }
            }
            return nodes[0];
        }
    }

    /// @notice P(left, right)[1] + right. Both must be below R.
    function compress(uint256 left, uint256 right) internal pure returns (uint256 out) {
        assembly ("memory-safe") {
            // x^5 of a word
            function s(x) -> y {
                let q := mulmod(x, x, R)
                y := mulmod(mulmod(q, q, R), x, R)
            }
            let a := add(left, left)
            let b := add(right, right)
            a := add(a, right) // (2 1; 1 2)
            b := add(b, left)
            a := s(add(a, 0x2fd1f8e07b053498255b74002a3e5d787598fb978ee0546287431340b5415659))
            b := s(add(b, 0x2e132fe1a839089dc88bfa6490b09e0e7183207116f55ffea3c2543e5319439b))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x099e303f3d1ecd0514f3d64ab561309b118124d654995a70fa8ed781d5288e33))
            b := s(add(b, 0x1a93dabf8038eaf11fbcd3ff8e0987e18aa771d35fc5b985fd8d5ba5edadc272))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x1954efdd93e1c1ea31fa3b963cec53f56c282cdd389fc67a4077202727754341))
            b := s(add(b, 0x121abed67921a7eb90c28a2ee5d869791e5d771f09421700e173a37be683a91f))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x2431a30c43bb0a4c15a34e02f1d4cb2ce54fa6acd96c40c924494bea0c29503e))
            b := s(add(b, 0x0c4951aa84b56bebd44a3b761e60773136f75c5943a10a6603eb5f8adf187606))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            b := mod(b, R)
            a := s(add(a, 0x1bcce135d5b435bce2b0e7e78d073a098891783ac99a6023a33b14817007644b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x140246185232e80b3a98b0ad93e4ecead86eb5ca53b101cfe164e1ae7ada8167))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2334b4ba6c1da0f5630b5bd08481724cacef4f4b5983c61b2f696c7c6f8c3801))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x25753959e3d661997e71b5cfaa7d00a8ce2a862859dd8989229cbc2edd4ab66b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0a51c74230bf06103340c496e86e5ef71830e319b0e094e5ad1d06b449e8f198))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x046fb178876aa67f32b80d6bb04a9fce5f2f00653107b4e0a4a442bf97013e70))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x099e88c9d49d9965888e2502ffb560d0f202bef7b33faa228c76a0a1015b841b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2596aace8e675ce7bc37862a7bebdbba70e606acb2ec210b06cefc5c925353e4))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x279adcb72009745105c922378ef77ff47d9335c2dcca2bb253a397309037fd3b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x177c90d5f031cda0392757333e834a96603484e891451b16b16de4cf5e77dd70))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1ab9963aa06446cd3be3c3cb059f70dd9974221000ca57edaa63cf6981449cfc))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x23afff12ab7d4f0ce89c08050d92938e51eb676d5a491f51093e7ff7b6b8bd47))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x15d41ec926c68b2654516df3ea882bcba56a630c691186d891ef9a54599cc3e4))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2c0ec6afecf78f463181a373d2e09bbcd939dcfb5788f95ecbd04ce68c2a3ffb))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x25e022f8f972b05e1bba417d0f63e502023485ebbc94d8e9e97e6e1c7868953a))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x14516ae0fcb9937a704cb5cd03ecc8d85f6e6964a4ee75dee5eabd0e97ae0075))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x07541b285f7b1de9ba21278b885eb3d5acc58fbbc48870326f781cb874aa2e04))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0ae4fee1a9a2334c07326e1a386f63fe167b4dd9aebe4aeb12cad8bafdbd8d1b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x080e1fa3fdb35a29928f3ba0477f086b8baca6560d1fba9be9d02e04ec2bdb42))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0be5690b9d26bfbe14cbc8c238269e46a3228fd93dcf013c4ef01bf209eba329))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x20727a69fbb7919b2c39b6a2e7a9e5f453029f81a9083ba98d9db00dcdead05b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x175ec15073c02332e7e88b4ee22da9a7fd511f163dcbd377966c74ec27eb9937))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1868cebd2b525f6a4613172d9855c83fc26de77cded9a4e5c743b9a86b91b509))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x054680661a788b49cabf8b47e636170306991c04bcb30cc13567bd2f96ef862c))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2c97c1e0fb726e479bff7b52bd44eeace68760c466fa00b1b3ea771368658175))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x05a9f71f21444c0cc225c236cb88f94cc8cf8512a9b421e2777199874f4adbc9))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x292b8c41e84288c3458bf0ff9e65dbbb78db5742e094bd20102fbf5b9c5dd612))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0298975e07852c9c059d5201abbd9596a3cf6910a4a264a6293a216505e83b7c))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x16feebe3cc6cc7b3e0eac7d928f2b012c5e31c6e44fe5d3dac64a4877da95de6))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x26a9a218d35935d7d2ad385847161d5f0220536bdcb5087bb7ff0ad71358c3fb))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0b55bfbe2aae0a050c95c5d986ced7dabc109677baff592551a280102d0a9cb5))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0bec6fe9344a0408e47db650bf25de7640a6f396942cd7e205dee244acb2f026))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1bf244af9636e33c15d7898f8a683c75af24ed31cbe40727daa16b6d68a004bf))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x18294a6c55a8ba8d91dad17eb858811d30def2cb36ebd7ee65fa4145900b5049))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0d1321490a26625028af6eab97d4c115eb6e253f2eb4c8e20ebada8cce1cd682))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x167aeb44516e24de3f9b85b65255d681627a50dcd805e55a7814f8917dc6ef29))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0b90e8dab28d7f26b4325727a7e7e1e56cefccf2587456c79ecb73e2d91d5543))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0b71bdd73104d18141bd12ad0aee18d8ddc4c4f87c0c4679644aa071c53eba11))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x00dd66eb3b8fae7c4c5da633aa10dc25d1e631c9f91f3ade0266c965372844b5))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1422ac18c905cee39da0dbc1a91cdcf12f94076e369a7ce5b0bc75501744a1d1))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1c6882128926ce4ce3d06a5d0b4c240c90137ab343807e04df467b6ac6347add))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x05ed1c84f339990100f3785b5e17921ca70dfc17ba29b3abd6c97c42957a7b66))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x085ba43e1f3708e9c45f7d088bff9b5725213fc87899288a8c24d34b472d6f11))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x11c770a0602d0c7c3dafa589dbc70aea1852850cd9ea4871f6cb8b1560419448))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x04a9600347e782a1267fa8ac49a3e5cc431a2f3482795984fffea5fb45630cba))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x10dd6d1a1e7e3fa3f8ce08e5d91c6d0730467a027a8ddea22e75d368c3040991))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0917806fc2f5df4693d0b505cb5793fcb307bc19cf7974155a410721c0cf455c))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2b02e5c1070c4a7d48ffde103b02149c4bb0f75e81bf2264ba9b4ed4289a8ad9))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x187ffc6b0b519c27765f22235723497c5108bdb8e1eb8a89747e6532e1d7c506))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2ba26c45e8bd1c8b97aff774f112dadc213e0c071d291c6eee03c1047cd48f0b))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0e4815c612a98d98ab524585ba0f77f86935b6c954062a6b81825cb61f334f90))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x18137929069bb243d88ea85ead8dd364305882b2e0159ffe937b8193b8bb1657))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0b61bed2bc60331af0842d9a849914cf573a4381ee84dfa765e2c48cc6ae26ef))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x1979357a9aa3266da1e2322a87293f36a4ac1483d902071626179d6fac1c7da2))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x0334c57f867a0d2cd9e8f574626bf5888eabe1f4e11c14b17e46baa0487ed937))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x09552d95a93eb53af775e376911c38b0df862cbd1d1d4907577556ce5555b763))
            out := add(add(a, a), b)
            b := mod(add(add(a, b), add(b, b)), R)
            a := out
            a := s(add(a, 0x2688c84d656c6fc31f82f32532b7bfca34fb01f462d61e83f4e4ad6f171df5c0))
            b := s(add(b, 0x0c1049bf3c8efe00c6bb4b63399b4150f4d838d3a8a59bee060a76de6d6d500d))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x1de73a9e2a6a0e42b0e00bd28a12ee8c494ecd27a94e41fef9811adc77621500))
            b := s(add(b, 0x1e89b064e5084ebaa67b4cd3d4bcdea106483174bd6e7c7978c745b2117c2854))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x2240d85eec83b912efdb1219488192aa365193aed437c78d77e4dd8f1732df10))
            b := s(add(b, 0x2ce4fb7a49e28d736337aab4cfd6e09713794d91ee9d4c1c756a1704d1c8f40a))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            a := s(add(a, 0x0bd126929f411e0f0c116214f61ab1bddc1a04674404069acaa2e56471fee4c4))
            b := s(add(b, 0x2b7325774a06729f81463e8b0fa42a8c6e79271610bcff241f8eebc77e3ef45f))
            out := add(a, b)
            a := add(out, a)
            b := add(out, b)
            out := addmod(b, right, R)
        }
    }
}
