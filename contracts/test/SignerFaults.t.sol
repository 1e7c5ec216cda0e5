// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {VERIFIERS} from "../src/System.sol";
import {Assertion, IDispute, Subject} from "../src/interfaces/IDispute.sol";
import {FaultStatus, IFaultManager} from "../src/interfaces/IFaultManager.sol";
import {IOperatorTable, NonSigner} from "../src/interfaces/IOperatorTable.sol";
import {Contest} from "../src/interfaces/IDisputeGame.sol";
import {Accusation, Exculpation, ISignerFaults} from "../src/interfaces/ISignerFaults.sol";
import {Fault, HeldEvidence} from "../src/libraries/Values.sol";
import {DisputeBase} from "./DisputeBase.sol";

/// @notice See SignerFaults.tree. Operators 0 and 1 invented evidence against the provider, 2 was outvoted, 3 and 4 are
/// not of the committee. All signed.
contract SignerFaultsTest is DisputeBase {
    Assertion private a;
    Subject private s;

    function overturned() private {
        certify(FAIL, near);
        (, Assertion memory a_, Subject memory s_) = contestAs(asserter, rowRoots);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a_, s_);
        (a, s) = (a_, s_);
    }

    function rowOf(uint256 i) private view returns (NonSigner memory) {
        (bytes32[] memory leaves, uint256[] memory before) = rows();
        // forge-lint: disable-next-line(unsafe-typecast)
        return NonSigner(uint64(i), before[i], memberOf(i), proofOf(leaves, i)); // below five
    }

    function receiptHash() private view returns (bytes32) {
        uint64 first = batches.batch(batchId).firstSequence;
        return libs.receipt(receiptAt(first + sampledLeaf, near), block.chainid, address(batches));
    }

    function accusation(uint256 signed, uint256 i) private view returns (Accusation memory x) {
        (x.receiptHash, x.providerEvidence, x.committee) = (receiptHash(), keccak256(near), committee);
        x.faults = charges;
        x.certificate = certify(digest, signed);
        x.signers = new NonSigner[](1);
        x.signers[0] = rowOf(i);
    }

    function exculpation(uint256 i, bytes memory evidence) private view returns (Exculpation memory x) {
        (x.receiptHash, x.providerEvidence, x.committee) = (receiptHash(), keccak256(near), committee);
        (x.member, x.evidence, x.recomputed, x.spec) = (i, evidence, own, spec);
    }

    function faultOf(uint256 i) private view returns (bytes32) {
        return faults.faultIdOf(epoch, Fault(5, operator(i), 0, line.sampleId));
    }

    function test_ALiarThatSignedIsSlashedAfterItsWindow() public {
        overturned();
        Accusation memory x = accusation(31, 0);
        x.signers = new NonSigner[](2);
        (x.signers[0], x.signers[1]) = (rowOf(0), rowOf(1));
        signers.accuse(a, s, x);
        for (uint256 i; i < 2; ++i) {
            yes(faults.fault(faultOf(i)).status == FaultStatus.Open, "charged");
            yes(!faults.jailed(operator(i)), "it may still answer");
        }
        uint256 at = faults.fault(faultOf(0)).executableAt;
        eq(at, block.number + clock.contestBlocks);
        bytes32 id = faultOf(0);
        vm.expectPartialRevert(IFaultManager.WindowOpen.selector);
        faults.execute(id);
        vm.roll(at);
        faults.execute(id);
        eq(eigen.stake(sys.serviceManager, VERIFIERS, operator(0)), 9); // of 10
        yes(faults.jailed(operator(0)), "jailed now");
    }

    function test_AnOutvotedMemberAnswersWithItsEvidence() public {
        overturned();
        signers.accuse(a, s, accusation(31, 2));
        bytes32 id = faultOf(2);
        Exculpation memory x = exculpation(2, near);
        vm.prank(address(0xbeef)); // anybody may
        signers.exculpate(a, s, x);
        yes(faults.fault(id).status == FaultStatus.Cleared, "cleared");
        yes(!faults.jailed(operator(2)), "free");
        vm.roll(faults.fault(id).executableAt);
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        faults.execute(id);
    }

    /// @dev The provider chose tokens that the model would not have; the member, who computed right, was outvoted by two
    /// who passed them. What the provider chose is no fault of the member's.
    function test_AnOutvotedMemberIsNotJudgedByTheProvidersChoices() public {
        revealed = [keccak256(near), keccak256(near), keccak256(near)];
        bytes memory program = own;
        for (uint256 i = program.length - 8; i < program.length; i += 4) {
            program[i] = 0x20; // 32 nats to the best token
        }
        (uint8 verdict,, int32 logE) = rule.verdictOf(spec.policyId, spec.engineClass, near, program, 1);
        eq(verdict, FAIL);
        own = program;
        certify(PASS, near);
        bytes32[] memory trace = lying(rowRoots.length - 1, keccak256(bytes.concat(hex"00", tail(program, 8))));
        Contest memory c = contestOf(near, trace);
        (Assertion memory a_, Subject memory s_) = assertionOf(asserter, c, trace, FAIL, logE);
        s_.class = forged();
        a_.subject = keccak256(abi.encode(s_));
        vm.prank(asserter);
        eq(post(c), game.idOf(a_));
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a_, s_);
        Accusation memory x = accusation(31, 2);
        signers.accuse(a_, s_, x);
        signers.exculpate(a_, s_, exculpation(2, near));
        yes(faults.fault(faultOf(2)).status == FaultStatus.Cleared, "cleared");
    }

    function tail(bytes memory b, uint256 n) private pure returns (bytes memory t) {
        t = new bytes(n);
        for (uint256 i; i < n; ++i) {
            t[i] = b[b.length - n + i];
        }
    }

    function forged() private view returns (uint8 class) {
        (, class,) = rule.verdictOf(spec.policyId, spec.engineClass, near, own, 1);
    }

    function test_RevertWhen_ALiarAnswers() public {
        overturned();
        signers.accuse(a, s, accusation(31, 0));
        Exculpation memory x = exculpation(0, far);
        vm.expectPartialRevert(ISignerFaults.EvidenceContradicted.selector);
        signers.exculpate(a, s, x);
        x.evidence = near; // another one's
        vm.expectPartialRevert(ISignerFaults.WrongEvidence.selector);
        signers.exculpate(a, s, x);
        x = exculpation(0, far);
        x.recomputed = far;
        vm.expectPartialRevert(ISignerFaults.WrongEvidence.selector);
        signers.exculpate(a, s, x);
        x = exculpation(0, far);
        x.spec.policyId = "another";
        vm.expectPartialRevert(ISignerFaults.WrongSpec.selector);
        signers.exculpate(a, s, x);
        x = exculpation(0, far);
        x.committee[0].evidence = keccak256(near);
        vm.expectPartialRevert(ISignerFaults.WrongHeld.selector);
        signers.exculpate(a, s, x);
        x = exculpation(3, far);
        vm.expectPartialRevert(ISignerFaults.NoSuchMember.selector);
        signers.exculpate(a, s, x);
    }

    function test_AnAccusationTwiceIsOneCharge() public {
        overturned();
        signers.accuse(a, s, accusation(31, 0));
        uint256 at = faults.fault(faultOf(0)).executableAt;
        vm.roll(block.number + 3);
        signers.accuse(a, s, accusation(31, 0));
        eq(faults.fault(faultOf(0)).executableAt, at);
    }

    function test_RevertWhen_TheAccusedDidNotSignOrCouldNotCheck() public {
        overturned();
        for (uint256 i = 3; i < 5; ++i) {
            Accusation memory x = accusation(31, i); // not of the committee
            vm.expectRevert(abi.encodeWithSelector(ISignerFaults.NotASigner.selector, operator(i)));
            signers.accuse(a, s, x);
        }
        Accusation memory y = accusation(29, 1); // did not sign
        vm.expectRevert(abi.encodeWithSelector(ISignerFaults.NotASigner.selector, operator(1)));
        signers.accuse(a, s, y);
        y = accusation(31, 1);
        y.signers[0].weightBefore += 1; // not a row of the table
        vm.expectRevert(abi.encodeWithSelector(ISignerFaults.NotASigner.selector, operator(1)));
        signers.accuse(a, s, y);
        y = accusation(31, 1);
        y.signers[0].member.operator = operator(2);
        vm.expectRevert(abi.encodeWithSelector(ISignerFaults.NotASigner.selector, operator(2)));
        signers.accuse(a, s, y);
    }

    /// @dev To whom nothing was opened, and who revealed nothing, has nothing to answer with.
    function test_RevertWhen_TheAccusedCouldNotTell() public {
        revealed[1] = 0;
        revealed[2] = keccak256(hex"010000000000");
        overturned();
        for (uint256 i = 1; i < 3; ++i) {
            Accusation memory x = accusation(31, i);
            vm.expectRevert(abi.encodeWithSelector(ISignerFaults.NotASigner.selector, operator(i)));
            signers.accuse(a, s, x);
        }
        signers.accuse(a, s, accusation(31, 0));
        yes(faults.fault(faultOf(0)).status == FaultStatus.Open, "who invented is charged");
    }

    function test_RevertWhen_WhatWasSignedIsSomethingElse() public {
        overturned();
        Accusation memory x = accusation(31, 0);
        x.certificate = certify("another digest", 31);
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        signers.accuse(a, s, x);
        x = accusation(31, 0);
        x.faults = new Fault[](0);
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        signers.accuse(a, s, x);
        x = accusation(31, 0);
        x.committee[0].operator = operator(3);
        vm.expectPartialRevert(ISignerFaults.WrongHeld.selector);
        signers.accuse(a, s, x);
        x = accusation(31, 0);
        x.receiptHash = "another";
        vm.expectPartialRevert(ISignerFaults.WrongHeld.selector);
        signers.accuse(a, s, x);
    }

    /// @dev Who was not sure and should have been is no liar.
    function test_RevertWhen_NobodyWasConvictedOrAcquitted() public {
        certify(INCONCLUSIVE, near);
        (, Assertion memory a_, Subject memory s_) = contestAs(asserter, rowRoots);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a_, s_);
        Accusation memory x = accusation(31, 0);
        vm.expectPartialRevert(ISignerFaults.NothingFalse.selector);
        signers.accuse(a_, s_, x);
    }

    function test_RevertWhen_NothingWasOverturned() public {
        certify(FAIL, near);
        (, Assertion memory a_, Subject memory s_) = contestAs(asserter, rowRoots);
        (a, s) = (a_, s_);
        Accusation memory x = accusation(31, 0);
        vm.expectPartialRevert(ISignerFaults.NotStood.selector);
        signers.accuse(a_, s_, x);
        Exculpation memory y = exculpation(2, near);
        vm.expectPartialRevert(ISignerFaults.NotStood.selector);
        signers.exculpate(a_, s_, y);
        s_.held = "other";
        vm.expectPartialRevert(ISignerFaults.WrongSubject.selector);
        signers.accuse(a_, s_, x);
    }
}
