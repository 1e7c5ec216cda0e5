// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A point of G1; (0, 0) is infinity.
struct G1Point {
    uint256 X;
    uint256 Y;
}

/// @notice A point of G2. Coordinates are (imaginary, real), as the pairing precompile takes them.
struct G2Point {
    uint256[2] X;
    uint256[2] Y;
}

/// @title BN254Lib
/// @notice What signature checks need of the curve, by the precompiles of EIP-196, 197 and 198. A malformed point
/// burns the gas that is forwarded, so each call forwards a bounded amount.
library BN254Lib {
    /// @notice The base field's modulus.
    uint256 internal constant P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    /// @notice The group's order.
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @notice (P + 1) / 4: as P is 3 modulo 4, raising a square to it gives a root.
    uint256 internal constant ROOT = (P + 1) / 4;

    // The generator of G2, negated.
    uint256 internal constant NEG_G2_X1 = 11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 internal constant NEG_G2_X0 = 10857046999023057135944570762232829481370756359578518086990519993285655852781;
    uint256 internal constant NEG_G2_Y1 = 17805874995975841540914202342111839520379459829704422454583296818431106115052;
    uint256 internal constant NEG_G2_Y0 = 13392588948715843804641432497768002650278120570034223513918757245338268106653;

    /// @notice Half of all field elements have a point: 128 misses in a row do not happen.
    uint256 internal constant MAX_TRIES = 128;

    uint256 private constant ADD_GAS = 5_000;
    uint256 private constant MUL_GAS = 30_000;
    uint256 private constant EXP_GAS = 30_000;
    uint256 private constant PAIRING_GAS = 250_000;

    /// @notice A coordinate is not below the modulus, or the point is not on the curve.
    error PointInvalid();
    /// @notice No point within MAX_TRIES of the digest.
    error HashToCurveFailed();

    function add(G1Point memory a, G1Point memory b) internal view returns (G1Point memory sum) {
        bool ok;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, mload(a))
            mstore(add(input, 0x20), mload(add(a, 0x20)))
            mstore(add(input, 0x40), mload(b))
            mstore(add(input, 0x60), mload(add(b, 0x20)))
            ok := staticcall(ADD_GAS, 6, input, 0x80, sum, 0x40)
        }
        require(ok, PointInvalid());
    }

    function mul(G1Point memory a, uint256 scalar) internal view returns (G1Point memory product) {
        bool ok;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, mload(a))
            mstore(add(input, 0x20), mload(add(a, 0x20)))
            mstore(add(input, 0x40), scalar)
            ok := staticcall(MUL_GAS, 7, input, 0x60, product, 0x40)
        }
        require(ok, PointInvalid());
    }

    function negate(G1Point memory a) internal pure returns (G1Point memory) {
        return G1Point(a.X, a.Y == 0 ? 0 : P - a.Y % P);
    }

    function isInfinity(G1Point memory a) internal pure returns (bool) {
        return a.X == 0 && a.Y == 0;
    }

    /// @notice Whether e(a, -G2) * e(b, q) = 1, G2 being the generator. False for a point that is none.
    function pairingCheck(G1Point memory a, G1Point memory b, G2Point memory q) internal view returns (bool) {
        uint256[12] memory input =
            [a.X, a.Y, NEG_G2_X1, NEG_G2_X0, NEG_G2_Y1, NEG_G2_Y0, b.X, b.Y, q.X[0], q.X[1], q.Y[0], q.Y[1]];
        bool ok;
        uint256 result;
        assembly ("memory-safe") {
            ok := staticcall(PAIRING_GAS, 8, input, 0x180, 0x00, 0x20)
            result := mload(0x00)
        }
        return ok && result == 1;
    }

    /// @notice The first point at or after digest modulo P: EigenLayer's hash to the curve, bounded.
    function hashToG1(bytes32 digest) internal view returns (G1Point memory) {
        uint256 x = uint256(digest) % P;
        for (uint256 i; i < MAX_TRIES; ++i) {
            uint256 square = addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
            uint256 y = root(square);
            if (mulmod(y, y, P) == square) return G1Point(x, y);
            x = addmod(x, 1, P);
        }
        revert HashToCurveFailed();
    }

    /// @notice Whether `sigma` is the signature of `digest` by the key that `apk1` and `apk2` both are.
    /// @dev One pairing check for both statements, e(sigma, -G2) e(H, apk2) = 1 and e(apk1, -G2) e(G1, apk2) = 1, the
    /// second raised to a coefficient that whoever chose the points could not foresee. The precompile refuses points
    /// of G2 outside the subgroup. Infinity signs everything and is nobody's key: it is refused.
    function verifySignature(bytes32 digest, G1Point memory sigma, G1Point memory apk1, G2Point memory apk2)
        internal
        view
        returns (bool)
    {
        if (isInfinity(sigma) || isInfinity(apk1)) return false;
        uint256 coefficient = uint256(keccak256(abi.encode(digest, sigma, apk1, apk2))) % R;
        return
            pairingCheck(
                add(sigma, mul(apk1, coefficient)), add(hashToG1(digest), mul(G1Point(1, 2), coefficient)), apk2
            );
    }

    function root(uint256 square) private view returns (uint256 y) {
        bool ok;
        uint256 exponent = ROOT;
        uint256 modulus = P;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), square)
            mstore(add(input, 0x80), exponent)
            mstore(add(input, 0xa0), modulus)
            ok := staticcall(EXP_GAS, 5, input, 0xc0, 0x00, 0x20)
            y := mload(0x00)
        }
        require(ok, HashToCurveFailed());
    }
}
