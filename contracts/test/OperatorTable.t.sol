// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS, VERIFIERS} from "../src/System.sol";
import {IAllocationManager, OperatorSet} from "../src/interfaces/IEigenLayer.sol";
import {Certificate, IOperatorTable, NonSigner} from "../src/interfaces/IOperatorTable.sol";
import {IServiceManager} from "../src/interfaces/IServiceManager.sol";
import {BN254Lib, G1Point, G2Point} from "../src/libraries/BN254Lib.sol";
import {Base} from "./Base.sol";

/// @notice See OperatorTable.tree.
contract OperatorTableTest is Base {
    bytes32 private constant DIGEST = "a digest";

    function snap() private returns (bytes32 root, uint256 at) {
        at = block.number;
        root = table.snapshot();
        vm.roll(at + 1);
    }

    function test_SnapshotIsSortedSummedAndRooted() public {
        (bytes32 root, uint256 at) = snap();
        (bytes32[] memory leaves,) = rows();
        eq(root, libs.merkleRoot(leaves));
        eq(table.tableAt(at).root, root);
        eq(table.tableAt(at).total, 150);
        eq(table.tableAt(at).members, 5);
        G1Point memory sum = BN254Lib.mul(G1Point(1, 2), 31);
        eq(table.tableAt(at).apk.X, sum.X);
        eq(table.tableAt(at).apk.Y, sum.Y);
    }

    function test_TheTableOfABlockDoesNotChangeLater() public {
        vm.expectPartialRevert(IOperatorTable.NoTable.selector);
        table.tableAt(block.number);
        (bytes32 first, uint256 at) = snap();
        eigen.setStake(sys.serviceManager, VERIFIERS, operator(2), 1);
        vm.roll(at + 10);
        (bytes32 second,) = snap();
        yes(first != second, "another stake, another table");
        eq(table.tableAt(at).root, first);
        eq(table.tableAt(at + 9).root, first);
        eq(table.tableAt(at + 10).root, second);
        eq(table.tableAt(at + 1_000).root, second);
        vm.expectPartialRevert(IOperatorTable.NoTable.selector);
        table.tableAt(at - 1);
    }

    function test_OnlyTheLastSnapshotOfABlockCounts() public {
        uint256 at = block.number;
        table.snapshot();
        eigen.setStake(sys.serviceManager, VERIFIERS, operator(2), 1);
        bytes32 last = table.snapshot();
        vm.roll(at + 1);
        eq(table.tableAt(at).root, last);
    }

    function test_TheWeightlessAndTheGoneAreLeftOut() public {
        eigen.setStake(sys.serviceManager, VERIFIERS, operator(0), 0);
        eigen.leave(sys.serviceManager, VERIFIERS, operator(4));
        (, uint256 at) = snap();
        eq(table.tableAt(at).members, 3);
        eq(table.tableAt(at).total, 20 + 30 + 40);
        eq(table.keyOf(operator(4)).X, 0);
    }

    function test_RevertWhen_NobodyIsLeft() public {
        for (uint256 i; i < OPERATORS; ++i) {
            eigen.setStake(sys.serviceManager, VERIFIERS, operator(i), 0);
        }
        vm.expectRevert(IOperatorTable.TableEmpty.selector);
        table.snapshot();
    }

    function test_RevertWhen_AStrangerAdmitsOrDismisses() public {
        vm.expectPartialRevert(IOperatorTable.NotServiceManager.selector);
        table.admit(operator(0));
        vm.expectPartialRevert(IOperatorTable.NotServiceManager.selector);
        table.dismiss(operator(0));
    }

    function test_RevertWhen_AnOperatorHasNoKeyOrNoStake() public {
        address o = address(0xdead);
        vm.expectPartialRevert(IServiceManager.NoSlashableStake.selector);
        eigen.join(sys.serviceManager, VERIFIERS, o);
        eigen.setStake(sys.serviceManager, VERIFIERS, o, 5);
        vm.expectPartialRevert(IOperatorTable.NoKey.selector);
        eigen.join(sys.serviceManager, VERIFIERS, o);
    }

    function testFuzz_AnySignersVerifyWithTheirWeight(bytes32 digest, uint256 signers) public {
        signers = bound(signers, 1, 31);
        (bytes32 root, uint256 at) = snap();
        (uint256 signed, uint256 total) = table.verify(at, root, digest, certify(digest, signers));
        uint256 want;
        for (uint256 i; i < OPERATORS; ++i) {
            if (signers >> i & 1 == 1) want += weightOf(i);
        }
        eq(signed, want);
        eq(total, 150);
    }

    function testFuzz_RevertWhen_OthersSignedThanSaid(bytes32 digest, uint256 signers, uint256 said) public {
        signers = bound(signers, 1, 31);
        said = bound(said, 1, 31);
        vm.assume(signers != said);
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(digest, signers);
        c.nonSigners = certify(digest, said).nonSigners;
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        table.verify(at, root, digest, c);
    }

    function testFuzz_RevertWhen_AnotherDigestWasSigned(bytes32 digest, bytes32 signed) public {
        vm.assume(uint256(digest) % BN254Lib.P != uint256(signed) % BN254Lib.P);
        (bytes32 root, uint256 at) = snap();
        // Two digests may hash to one point only if they are neighbours.
        vm.assume(keccak256(abi.encode(BN254Lib.hashToG1(digest))) != keccak256(abi.encode(BN254Lib.hashToG1(signed))));
        Certificate memory c = certify(signed, 31);
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        table.verify(at, root, digest, c);
    }

    function test_RevertWhen_ARowIsTamperedWith() public {
        (bytes32 root, uint256 at) = snap();
        for (uint256 what; what < 6; ++what) {
            Certificate memory c = certify(DIGEST, 0x0b); // operators 2 and 4 are absent
            NonSigner memory n = c.nonSigners[1];
            if (what == 0) n.member.weight = 1;
            if (what == 1) n.weightBefore += 1;
            if (what == 2) n.member.keyX = n.member.keyY;
            if (what == 3) n.member.operator = operator(1);
            if (what == 4) n.index = 3;
            if (what == 5) n.proof[1] = bytes32(0);
            vm.expectPartialRevert(IOperatorTable.WrongNonSigner.selector);
            table.verify(at, root, DIGEST, c);
        }
    }

    function test_RevertWhen_ARowIsSubtractedTwice() public {
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(DIGEST, 0x0f);
        NonSigner[] memory twice = new NonSigner[](2);
        twice[0] = twice[1] = c.nonSigners[0];
        c.nonSigners = twice;
        vm.expectPartialRevert(IOperatorTable.NonSignersNotAscending.selector);
        table.verify(at, root, DIGEST, c);
    }

    function test_RevertWhen_RowsAreOutOfOrder() public {
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(DIGEST, 0x07);
        (c.nonSigners[0], c.nonSigners[1]) = (c.nonSigners[1], c.nonSigners[0]);
        vm.expectPartialRevert(IOperatorTable.NonSignersNotAscending.selector);
        table.verify(at, root, DIGEST, c);
    }

    function test_RevertWhen_NobodySigned() public {
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(DIGEST, 1);
        (bytes32[] memory leaves, uint256[] memory before) = rows();
        NonSigner[] memory all = new NonSigner[](OPERATORS);
        for (uint64 i; i < OPERATORS; ++i) {
            all[i] = NonSigner(i, before[i], memberOf(i), proofOf(leaves, i));
        }
        c.nonSigners = all;
        // The infinite key of nobody "signs" with the infinite signature.
        c.sigma = G1Point(0, 0);
        c.apk = G2Point([uint256(0), 0], [uint256(0), 0]);
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        table.verify(at, root, DIGEST, c);
    }

    function test_RevertWhen_PointsAreNone() public {
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(DIGEST, 31);
        c.sigma.Y ^= 1;
        vm.expectRevert(BN254Lib.PointInvalid.selector);
        table.verify(at, root, DIGEST, c);
        c = certify(DIGEST, 31);
        c.apk.Y[0] ^= 1;
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        table.verify(at, root, DIGEST, c);
    }

    function test_RevertWhen_TheTableIsAnother() public {
        (bytes32 root, uint256 at) = snap();
        Certificate memory c = certify(DIGEST, 31);
        vm.expectPartialRevert(IOperatorTable.WrongTable.selector);
        table.verify(at, keccak256(abi.encode(root)), DIGEST, c);
    }

    function test_StakeInTheOtherSetDoesNotCount() public {
        eigen.setStake(sys.serviceManager, PROVIDERS, operator(1), 1_000);
        (, uint256 at) = snap();
        eq(table.tableAt(at).total, 150);
    }
}
