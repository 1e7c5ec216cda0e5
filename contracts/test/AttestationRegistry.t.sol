// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AttestationRegistry} from "../src/AttestationRegistry.sol";
import {VERIFIERS} from "../src/System.sol";
import {Epoch, IAttestationRegistry, Quorum, Status} from "../src/interfaces/IAttestationRegistry.sol";
import {Certificate, IOperatorTable} from "../src/interfaces/IOperatorTable.sol";
import {BatchResult, Fault, Result, SampleResult, Standing} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";

/// @notice See AttestationRegistry.tree.
contract AttestationRegistryTest is Base {
    bytes32 private a;
    bytes32 private b;

    function setUp() public override {
        super.setUp();
        table.snapshot();
        a = commit(provider, 0, 8);
        b = commit(other, 0, 8);
        fixBeacon(0);
        vm.roll(clock.commitDeadline(0) + 1);
    }

    function both() private view returns (Result memory) {
        BatchResult[] memory list = new BatchResult[](2);
        list[0] = passed(a);
        list[1] = failed(b);
        return resultOf(0, list);
    }

    function refused(bytes4 selector, Result memory r) private {
        Certificate memory c = certify(digestOf(r), 31);
        vm.expectPartialRevert(selector);
        registry.submit(r, c);
    }

    function test_AQuorumCertifiesAnEpoch() public {
        Result memory r = both();
        submit(r);
        (Status status, Epoch memory kept) = registry.epochStatus(0);
        yes(status == Status.Pending, "pending");
        eq(kept.resultRoot, libs.resultRoot(r));
        eq(kept.certifiedAt, block.number);
        (Status s, BatchResult memory found, bool faulted) = registry.batchVerdict(b);
        yes(s == Status.Pending && !faulted, "batch pending");
        eq(found.failed, 4);
        eq(found.provider, other);
        vm.roll(block.number + clock.contestBlocks - 1);
        (status,) = registry.epochStatus(0);
        yes(status == Status.Pending, "a block before the end of the window");
        vm.roll(block.number + 1);
        (status,) = registry.epochStatus(0);
        yes(status == Status.Final, "final");
    }

    function test_AnEpochNeverCertifiedIsVoid() public {
        (Status status,) = registry.epochStatus(0);
        yes(status == Status.None, "none");
        Result memory r = both();
        Certificate memory c = certify(digestOf(r), 31);
        vm.roll(clock.certifyDeadline(0));
        (status,) = registry.epochStatus(0);
        yes(status == Status.None, "still none");
        vm.roll(clock.certifyDeadline(0) + 1);
        (status,) = registry.epochStatus(0);
        yes(status == Status.Void, "void");
        vm.expectPartialRevert(IAttestationRegistry.OutsideWindow.selector);
        registry.submit(r, c);
    }

    function test_TheLastBlockIsInTime() public {
        vm.roll(clock.certifyDeadline(0));
        submit(both());
    }

    function test_RevertWhen_EvidenceMayStillBeCommitted() public {
        vm.roll(clock.commitDeadline(0));
        refused(IAttestationRegistry.OutsideWindow.selector, both());
    }

    /// @dev 67 % of 150 is 100.5: operators of 10, 20, 30, 40 have 100; of 10, 40, 50 too; of 20, 40, 50 110.
    function testFuzz_OnlyAQuorumCertifies(uint256 signers) public {
        signers = bound(signers, 1, 31);
        uint256 weight;
        for (uint256 i; i < OPERATORS; ++i) {
            if (signers >> i & 1 == 1) weight += weightOf(i);
        }
        Result memory r = both();
        Certificate memory c = certify(digestOf(r), signers);
        if (weight * 1_000_000 < 150 * 670_000) vm.expectPartialRevert(IAttestationRegistry.BelowQuorum.selector);
        registry.submit(r, c);
    }

    function test_RevertWhen_AnEpochIsCertifiedTwice() public {
        Result memory r = both();
        submit(r);
        refused(IAttestationRegistry.AlreadyCertified.selector, r);
    }

    function test_RevertWhen_TheDigestIsForAnotherChainContractOrAvs() public {
        Result memory r = both();
        bytes32[3] memory digests = [
            libs.certificate(block.chainid + 1, address(registry), address(services), r),
            libs.certificate(block.chainid, address(this), address(services), r),
            libs.certificate(block.chainid, address(registry), address(this), r)
        ];
        for (uint256 i; i < digests.length; ++i) {
            Certificate memory c = certify(digests[i], 31);
            vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
            registry.submit(r, c);
        }
    }

    function test_RevertWhen_ACertificateIsReplayed() public {
        Result memory r = both();
        Certificate memory c = certify(digestOf(r), 31);
        submit(r);
        vm.roll(clock.start(1));
        fixBeacon(1);
        vm.roll(clock.commitDeadline(1) + 1);
        r.epoch = 1;
        vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
        registry.submit(r, c);
    }

    function test_RevertWhen_AnythingSignedIsChanged() public {
        for (uint256 what; what < 6; ++what) {
            Result memory r = both();
            r.standings = new Standing[](1);
            r.standings[0] = Standing(provider, SPEC, 3);
            Certificate memory c = certify(digestOf(r), 31);
            if (what == 0) r.sampleRoot = "other samples";
            if (what == 1) r.batches[0].failed = 1;
            if (what == 2) r.standings[0].value = 4;
            if (what == 3) r.standings = new Standing[](0);
            if (what == 4) r.faults = new Fault[](1);
            if (what == 5) r.sampleCount = 9;
            vm.expectPartialRevert(IOperatorTable.SignatureInvalid.selector);
            registry.submit(r, c);
        }
    }

    function test_RevertWhen_TheTableIsYoungerThanTheBeacon() public {
        Result memory r = both();
        // A table taken when the beacon could be known does not count, though it is the newest.
        vm.roll(clock.close(0));
        eigen.setStake(sys.serviceManager, VERIFIERS, operator(0), 1_000_000);
        r.tableRoot = table.snapshot();
        vm.roll(clock.commitDeadline(0) + 1);
        refused(IOperatorTable.WrongTable.selector, r);
    }

    function test_RevertWhen_TheBeaconIsNotFixed() public {
        vm.roll(clock.commitDeadline(1) + 1);
        Result memory r = resultOf(1, new BatchResult[](0));
        refused(IAttestationRegistry.BeaconNotFixed.selector, r);
    }

    function test_AnEmptyEpochCanBeCertified() public {
        vm.roll(clock.start(1));
        fixBeacon(1);
        submit(resultOf(1, new BatchResult[](0)));
    }

    function test_RevertWhen_ABatchIsMissingDoubledOrForeign() public {
        refused(IAttestationRegistry.BatchesMissing.selector, resultOf(0, passed(a)));
        Result memory r = both();
        r.batches[1] = r.batches[0];
        refused(IAttestationRegistry.NotAscending.selector, r);
        r = both();
        (r.batches[0], r.batches[1]) = (r.batches[1], r.batches[0]);
        refused(IAttestationRegistry.NotAscending.selector, r);
        r = both();
        r.batches[1].batchId = bytes32(type(uint256).max);
        refused(IAttestationRegistry.BatchRefused.selector, r);
        r = both();
        r.batches[0].provider = third;
        refused(IAttestationRegistry.BatchRefused.selector, r);
    }

    function test_RevertWhen_SamplesAreNotWhatWasDrawn() public {
        Result memory r = both();
        r.batches[0].samples = 3;
        refused(IAttestationRegistry.BatchRefused.selector, r);
        r = both();
        r.batches[0].passed += 1;
        refused(IAttestationRegistry.BatchRefused.selector, r);
        r = both();
        r.sampleCount = 7;
        refused(IAttestationRegistry.SampleCountRefused.selector, r);
    }

    function test_StandingsAreKept() public {
        Result memory r = both();
        r.standings = new Standing[](3);
        r.standings[0] = Standing(provider, "a", 5);
        r.standings[1] = Standing(provider, "b", 0);
        r.standings[2] = Standing(other, "a", 7);
        submit(r);
        eq(registry.standing(provider, "a"), 5);
        eq(registry.standing(other, "a"), 7);
    }

    function test_RevertWhen_StandingsAreNotAscending() public {
        for (uint256 what; what < 3; ++what) {
            Result memory r = both();
            r.standings = new Standing[](2);
            r.standings[0] = Standing(provider, "b", 5);
            r.standings[1] = Standing(other, "a", 5);
            if (what == 0) (r.standings[0], r.standings[1]) = (r.standings[1], r.standings[0]);
            if (what == 1) r.standings[1] = Standing(provider, "a", 5);
            if (what == 2) r.standings[1] = r.standings[0];
            refused(IAttestationRegistry.NotAscending.selector, r);
        }
    }

    function test_RevertWhen_AChargeIsNotBorneOut() public {
        for (uint256 what; what < 9; ++what) {
            Result memory r = both();
            r.faults = new Fault[](1);
            r.faults[0] = Fault(1, other, b, SPEC);
            if (what == 0) r.faults[0].subject = provider;
            if (what == 1) r.faults[0].batchId = a;
            if (what == 2) r.faults[0].batchId = "no batch";
            if (what == 3) r.faults[0] = Fault(1, address(0), "no batch", SPEC);
            if (what == 4) r.faults[0] = Fault(2, other, b, "sample"); // nothing was unavailable
            if (what == 5) r.faults[0] = Fault(3, operator(0), b, 0);
            if (what == 6) r.faults[0] = Fault(3, operator(0), 0, SPEC);
            if (what == 7) r.faults[0].kind = 0;
            if (what == 8) r.faults[0].kind = 4;
            refused(IAttestationRegistry.FaultRefused.selector, r);
        }
    }

    /// @dev The standing crossed the line in the middle of the epoch, and fell again.
    function test_AChargeStandsThoughTheStandingFellAgain() public {
        Result memory r = both();
        r.standings = new Standing[](1);
        r.standings[0] = Standing(other, SPEC, FAULT_LINE - 1);
        r.faults = new Fault[](1);
        r.faults[0] = Fault(1, other, b, SPEC);
        submit(r);
        yes(faults.jailed(other), "jailed");
    }

    function test_RevertWhen_ChargesAreNotAscending() public {
        Result memory r = both();
        BatchResult[] memory list = new BatchResult[](2);
        (list[0], list[1]) = (passed(a), withheld(b));
        r = resultOf(0, list);
        r.faults = new Fault[](2);
        r.faults[0] = r.faults[1] = Fault(2, other, b, bytes32(uint256(2)));
        refused(IAttestationRegistry.NotAscending.selector, r);
        r.faults[1] = Fault(2, other, b, bytes32(uint256(1)));
        refused(IAttestationRegistry.NotAscending.selector, r);
        r.faults[1] = Fault(2, other, b, bytes32(uint256(3)));
        submit(r);
        eq(faults.faultsOf(b), 2);
    }

    function test_ALineOfTheResultCanBeShown() public {
        bytes32[] memory leaves = new bytes32[](8);
        SampleResult memory line = SampleResult("sample", 2, 1, -7, "held");
        leaves[5] = libs.sampleResult(line);
        Result memory r = both();
        r.sampleRoot = libs.merkleRoot(leaves);
        bytes32[] memory proof;
        {
            leaves = new bytes32[](8);
            leaves[5] = libs.sampleResult(line);
            proof = proofOf(leaves, 5);
        }
        submit(r);
        yes(registry.verifySample(0, line, 5, proof), "the line");
        yes(!registry.verifySample(0, line, 4, proof), "at another index");
        yes(!registry.verifySample(1, line, 5, proof), "in another epoch");
        line.verdict = 1;
        yes(!registry.verifySample(0, line, 5, proof), "with another verdict");
    }

    function test_WhatDisputesOverturnIsCountedOnce() public {
        BatchResult[] memory list = new BatchResult[](2);
        (list[0], list[1]) = (passed(a), failed(b));
        submit(resultOf(0, list));
        uint32 k = counts(b);
        vm.startPrank(sys.disputeGame);
        registry.contest(b);
        registry.contest(b);
        registry.contest(b);
        eq(registry.contests(b), 3);
        registry.conclude(b, 3, 5, 2, 1);
        registry.conclude(b, 3, 5, 2, 3); // another contest of the same
        registry.conclude(b, 0, 0, 0, 0); // one that fell
        vm.stopPrank();
        eq(registry.contests(b), 0);
        eq(registry.overturned(b, 3, 5), 1);
        eq(registry.overturned(b, 3, 4), 0);
        eq(registry.overturned(b, 5, 3), 0);
        eq(registry.overturned(a, 3, 5), 0);
        eq(registry.overturned(b, 0, 0), 0);
        (, BatchResult memory found,) = registry.batchVerdict(b);
        eq(found.failed, k - 1);
        eq(found.passed, 1);
        eq(found.inconclusive, 0);
        eq(found.samples, k);
    }

    /// @dev Whatever a quorum certified, and whatever disputes say of its lines, whichever they are, no count runs below
    /// zero or loses a sample, every dispute can end, and each sample has the verdict that it was given first.
    function testFuzz_CountsAddUpWhateverIsOverturned(
        uint8[16] calldata from,
        uint8[16] calldata to,
        uint64[16] calldata which
    ) public {
        submit(both());
        uint32 overturns;
        for (uint256 i; i < 16; ++i) {
            // Few, so that some come twice, and some are numbers that no sample has.
            uint64 j = which[i] % 3 == 0 ? which[i] : which[i] % 4;
            uint64 leaf = which[i] >> 60;
            uint8 before = registry.overturned(a, j, leaf);
            (uint8 was, uint8 is_) = (1 + from[i] % 4, 1 + to[i] % 3);
            vm.startPrank(sys.disputeGame);
            registry.contest(a);
            registry.conclude(a, j, leaf, was, is_);
            vm.stopPrank();
            eq(registry.overturned(a, j, leaf), before != 0 || was == is_ ? before : is_);
            if (before == 0 && was != is_) ++overturns;
        }
        eq(registry.judged(0, a, provider, SPEC).overturns, overturns);
        (, BatchResult memory found,) = registry.batchVerdict(a);
        eq(uint256(found.passed) + found.failed + found.inconclusive + found.unavailable, found.samples);
        eq(registry.contests(a), 0);
    }

    function test_RevertWhen_AStrangerOverturns() public {
        submit(both());
        vm.expectPartialRevert(IAttestationRegistry.NotDispute.selector);
        registry.contest(a);
        vm.expectPartialRevert(IAttestationRegistry.NotDispute.selector);
        registry.conclude(a, 0, 0, 1, 2);
        vm.expectPartialRevert(IAttestationRegistry.NotFaultManager.selector);
        registry.shown(a, 0, 0);
    }

    function test_RevertWhen_TheQuorumIsTooLow() public {
        vm.expectRevert(IAttestationRegistry.QuorumRefused.selector);
        new AttestationRegistry(sys, Quorum(3, FAULT_LINE, 500_000));
        vm.expectRevert(IAttestationRegistry.QuorumRefused.selector);
        new AttestationRegistry(sys, Quorum(3, FAULT_LINE, 1_000_001));
        vm.expectRevert(IAttestationRegistry.QuorumRefused.selector);
        new AttestationRegistry(sys, Quorum(3, 0, 670_000));
    }
}
