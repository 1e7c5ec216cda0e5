// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {FaultManager} from "../src/FaultManager.sol";
import {PROVIDERS, VERIFIERS} from "../src/System.sol";
import {IBatchRegistry} from "../src/interfaces/IBatchRegistry.sol";
import {FaultRecord, FaultStatus, IFaultManager, Penalties, WithheldOpening} from "../src/interfaces/IFaultManager.sol";
import {
    BatchResult,
    EvidencePart,
    Fault,
    OutputPart,
    Receipt,
    RequestPart,
    Result,
    Standing
} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";

/// @notice See FaultManager.tree.
contract FaultManagerTest is Base {
    uint64 private epoch;
    uint64 private late; // by so many epochs receipts are committed

    function setUp() public override {
        super.setUp();
        table.snapshot();
    }

    // The parts that the withheld receipt commits to.
    function request() private pure returns (RequestPart memory) {
        return RequestPart(hex"0000000100000002", 1, 0, 0, 0, 8, "salt 1");
    }

    function output() private pure returns (OutputPart memory) {
        return OutputPart(hex"00000003", 2, "salt 2");
    }

    function evidence() private pure returns (EvidencePart memory) {
        return EvidencePart(hex"01010000000100000000", "salt 3");
    }

    function opening(uint64 sequence) private view returns (WithheldOpening memory o) {
        o.receipt = receiptOf(provider, epoch - late, sequence);
        o.receipt.requestHash = libs.request(request());
        o.receipt.outputHash = libs.output(output());
        o.receipt.evidenceHash = libs.evidence(evidence().salt, evidence().evidence);
        o.request = request();
        o.output = output();
        o.evidence = evidence();
    }

    /// @dev A batch of four openable receipts, one of which was withheld.
    function withholding() private returns (bytes32 faultId, WithheldOpening memory o, uint64 leaf) {
        uint64 first = batches.nextSequence(provider);
        vm.roll(clock.start(epoch));
        bytes32[] memory leaves = new bytes32[](4);
        for (uint64 i; i < 4; ++i) {
            leaves[i] = libs.receipt(opening(first + i).receipt, block.chainid, address(batches));
        }
        bytes32 root = libs.merkleRoot(leaves);
        vm.prank(provider);
        bytes32 id = batches.commitBatch(provider, epoch, first, root, 4);
        fixBeacon(epoch);
        bytes32 sampleId;
        bool sampled;
        uint64 j;
        while (!sampled || j != 1) {
            (sampled, j, sampleId) = batches.sampleOf(id, leaf);
            if (!sampled || j != 1) ++leaf;
        }
        o = opening(first + leaf);
        o.j = 1;
        for (uint64 i; i < 4; ++i) {
            leaves[i] = libs.receipt(opening(first + i).receipt, block.chainid, address(batches));
        }
        o.proof = proofOf(leaves, leaf);
        Result memory r = resultOf(epoch, withheld(id));
        r.faults = new Fault[](1);
        r.faults[0] = Fault(2, provider, id, sampleId);
        submit(r);
        faultId = faults.faultIdOf(epoch, r.faults[0]);
        ++epoch;
    }

    function statisticalFault() private returns (bytes32 faultId, bytes32 id) {
        id = commit(provider, epoch, 8);
        fixBeacon(epoch);
        submit(charged(epoch, id));
        faultId = faults.faultIdOf(epoch, statistical(id));
        ++epoch;
    }

    // what a charge rests on

    /// @dev A provider's walk as it was certified, from `w`, and as it is when some samples are judged as they should
    /// have been: standing = max(0, standing + logE). What clears the charge takes the certified walk's end below the
    /// line, and no true walk ends over it then unless one stood at zero on the way.
    /// forge-config: default.fuzz.runs = 512
    function test_AChargeFallsWithWhatItRestsOn(uint32[24] memory steps, uint32[24] memory cuts, uint64 w, uint8 how)
        public
    {
        w = uint64(bound(w, 0, FAULT_LINE - 1));
        (uint256 last, uint256 truth, uint256 taken) = (w, w, 0);
        uint256[24] memory less;
        (bool crossed, bool trueCrossed) = (false, false);
        for (uint256 i; i < 24; ++i) {
            // Up to 20 nats up, as policies cap it, or 1; and 1 down.
            uint256 step = bound(steps[i], 0, how % 2 == 0 ? 1_376_256 : 131_072);
            // Half are as they should be; the others should go up as well, or not at all.
            if (cuts[i] % 2 == 1) less[i] = bound(cuts[i], how % 4 < 2 && step > 65_536 ? step - 65_536 : 0, step);
            (last, truth) = (advanced(last, step), advanced(truth, step - less[i]));
            crossed = crossed || last >= FAULT_LINE;
            trueCrossed = trueCrossed || truth >= FAULT_LINE;
        }
        vm.assume(crossed);
        uint64 excess = last > FAULT_LINE ? uint64(last - FAULT_LINE) : 0;
        bytes32 id = recorded(excess);
        for (uint256 i; i < 24; ++i) {
            if (less[i] == 0) continue;
            vm.startPrank(address(publicGame));
            if (faults.hold(id)) faults.release(id, bytes32(i), uint64(less[i]));
            vm.stopPrank();
            taken += less[i];
        }
        bool cleared = faults.fault(id).status == FaultStatus.Cleared;
        yes(cleared == (taken > excess), "by what was taken off, and nothing else");
        if (!trueCrossed) yes(cleared, "an honest provider is free");
        if (!cleared && taken != 0) yes(truth >= FAULT_LINE, "who is not, deserves it");
        if (!cleared) eq(faults.fault(id).excess, excess - taken);
    }

    /// @dev Steps are counted from 1 nat down.
    function advanced(uint256 w, uint256 step) private pure returns (uint256) {
        return w + step > 65_536 ? w + step - 65_536 : 0;
    }

    function recorded(uint64 excess) private returns (bytes32) {
        Fault[] memory list = new Fault[](1);
        list[0] = Fault(1, provider, "b", "s");
        uint64[] memory over = new uint64[](1);
        over[0] = excess;
        vm.prank(address(registry));
        faults.record(epoch, list, over);
        return faults.faultIdOf(epoch, list[0]);
    }

    /// @dev Two disputes about one sample take its excess off once, and one that fell takes nothing.
    function test_ASampleCountsOnce() public {
        bytes32 id = recorded(10);
        vm.startPrank(address(publicGame));
        faults.hold(id);
        faults.hold(id);
        faults.hold(id);
        faults.hold(id);
        faults.release(id, "sample", 6);
        faults.release(id, "sample", 6);
        faults.release(id, 0, 0);
        eq(faults.fault(id).excess, 4);
        faults.release(id, "another", 4);
        eq(faults.fault(id).excess, 0); // at the line is over it
        faults.hold(id);
        faults.release(id, "a third", 1);
        vm.stopPrank();
        yes(faults.fault(id).status == FaultStatus.Cleared, "cleared");
        eq(faults.fault(id).holds, 0);
    }

    // record

    function test_RevertWhen_AStrangerCharges() public {
        Fault[] memory list = new Fault[](1);
        list[0] = Fault(1, provider, "b", "s");
        vm.expectPartialRevert(IFaultManager.NotAttestationRegistry.selector);
        faults.record(0, list, new uint64[](1));
    }

    function test_RevertWhen_AChargeIsRecordedTwiceOrOfNoKind() public {
        Fault[] memory list = new Fault[](1);
        list[0] = Fault(1, provider, "b", "s");
        vm.startPrank(address(registry));
        faults.record(0, list, new uint64[](1));
        vm.expectPartialRevert(IFaultManager.FaultExists.selector);
        faults.record(0, list, new uint64[](1));
        list[0].kind = 0;
        vm.expectPartialRevert(IFaultManager.KindUnknown.selector);
        faults.record(0, list, new uint64[](1));
        list[0].kind = 4;
        vm.expectPartialRevert(IFaultManager.KindUnknown.selector);
        faults.record(0, list, new uint64[](1));
        vm.stopPrank();
    }

    function test_AStatisticalFaultJailsAtOnceAndRaisesTheRate() public {
        (, bytes32 id) = statisticalFault();
        yes(faults.jailed(provider), "jailed");
        yes(!faults.jailed(other), "the other is not");
        eq(batches.batch(commit(provider, epoch + 1, 4)).ratePpm, 1_000_000);
        eq(batches.batch(commit(other, epoch + 1, 4)).ratePpm, 500_000);
        eq(faults.faultsOf(id), 1);
    }

    function test_AnOperatorsFaultKeepsItOutOfTheNextTable() public {
        vm.roll(clock.start(0));
        fixBeacon(0);
        Result memory r = resultOf(0, new BatchResult[](0));
        r.standings = new Standing[](1);
        r.standings[0] = Standing(operator(1), 0, FAULT_LINE);
        r.faults = new Fault[](1);
        r.faults[0] = Fault(3, operator(1), 0, 0);
        submit(r);
        yes(faults.jailed(operator(1)), "jailed");
        table.snapshot();
        vm.roll(block.number + 1);
        eq(table.tableAt(block.number - 1).total, 130);
        vm.roll(block.number + clock.contestBlocks);
        faults.execute(faults.faultIdOf(0, r.faults[0]));
        eq(eigen.stake(sys.serviceManager, VERIFIERS, operator(1)), 18);
    }

    // execute

    function test_AFaultIsExecutedAfterItsWindowOnly() public {
        (bytes32 id,) = statisticalFault();
        uint256 at = faults.fault(id).executableAt;
        eq(at, block.number + clock.contestBlocks);
        vm.roll(at - 1);
        vm.expectPartialRevert(IFaultManager.WindowOpen.selector);
        faults.execute(id);
        vm.roll(at);
        faults.execute(id);
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 500e18);
        yes(faults.fault(id).status == FaultStatus.Executed, "executed");
        eq(faults.fault(id).slashId, eigen.slashes());
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        faults.execute(id);
        yes(faults.jailed(provider), "still jailed");
    }

    function test_RevertWhen_ThereIsNoSuchFault() public {
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        faults.execute("nothing");
    }

    function test_AFaultStaysOpenWhenNothingIsLeftToSlash() public {
        (bytes32 id,) = statisticalFault();
        vm.roll(faults.fault(id).executableAt);
        eigen.setStake(sys.serviceManager, PROVIDERS, provider, 0);
        vm.expectPartialRevert(IFaultManager.NothingSlashed.selector);
        faults.execute(id);
        yes(faults.fault(id).status == FaultStatus.Open, "open");
        eigen.setStake(sys.serviceManager, PROVIDERS, provider, 8);
        faults.execute(id);
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 4);
    }

    function test_WithholdingCostsMoreEachTimeUpToTheCap() public {
        uint256 stake = 1_000e18;
        uint8[6] memory percent = [2, 4, 8, 10, 10, 10];
        for (uint256 i; i < percent.length; ++i) {
            (bytes32 id,,) = withholding();
            vm.roll(faults.fault(id).executableAt);
            faults.execute(id);
            stake -= stake * percent[i] / 100;
            eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), stake);
            epoch = uint64((block.number - clock.genesis) / clock.epochBlocks) + 1;
        }
        yes(!faults.jailed(provider), "withholding does not jail");
    }

    // answerWithholding

    function test_ShowingWhatWasWithheldClearsTheCharge() public {
        (bytes32 id, WithheldOpening memory o,) = withholding();
        bytes32 batchId = faults.fault(id).batchId;
        eq(faults.faultsOf(batchId), 1);
        vm.roll(faults.fault(id).executableAt - 1);
        vm.prank(address(0xbeef)); // anybody may
        faults.answerWithholding(id, o);
        yes(faults.fault(id).status == FaultStatus.Cleared, "cleared");
        eq(faults.faultsOf(batchId), 0);
        eq(registry.overturned(batchId, o.j, o.receipt.sequence), 3); // shown, and not measured
        vm.roll(block.number + 100);
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        faults.execute(id);
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 1_000e18);
    }

    /// @dev A provider that missed batches, and then is charged with withholding what it committed late, answers like any
    /// other.
    function test_ALateReceiptIsShown() public {
        for (uint64 by = 1; by < 4; ++by) {
            (epoch, late) = (epoch + by, by);
            (bytes32 id, WithheldOpening memory o,) = withholding();
            eq(o.receipt.epoch + late, epoch - 1);
            faults.answerWithholding(id, o);
            yes(faults.fault(id).status == FaultStatus.Cleared, "cleared");
            epoch = uint64((block.number - clock.genesis) / clock.epochBlocks) + 1;
        }
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 1_000e18);
    }

    function test_RevertWhen_TheAnswerIsLate() public {
        (bytes32 id, WithheldOpening memory o,) = withholding();
        vm.roll(faults.fault(id).executableAt);
        vm.expectPartialRevert(IFaultManager.WindowClosed.selector);
        faults.answerWithholding(id, o);
    }

    function test_RevertWhen_APartIsNotTheReceipts() public {
        (bytes32 id, WithheldOpening memory o,) = withholding();
        for (uint256 what; what < 6; ++what) {
            o.request = request();
            o.output = output();
            o.evidence = evidence();
            if (what == 0) o.request.tokens = hex"00000001";
            if (what == 1) o.request.salt = "other";
            if (what == 2) o.output.finish = 1;
            if (what == 3) o.output.tokens = "";
            if (what == 4) o.evidence.evidence = hex"01000000000000";
            if (what == 5) o.evidence.salt = "other";
            vm.expectPartialRevert(IFaultManager.WrongPart.selector);
            faults.answerWithholding(id, o);
        }
    }

    function test_RevertWhen_AnotherLeafIsShown() public {
        (bytes32 id, WithheldOpening memory o, uint64 leaf) = withholding();
        bytes32[] memory leaves = new bytes32[](4);
        for (uint64 i; i < 4; ++i) {
            leaves[i] = libs.receipt(reopen(i).receipt, block.chainid, address(batches));
        }
        WithheldOpening memory wrong = reopen((leaf + 1) % 4);
        wrong.j = 1;
        wrong.proof = proofOf(leaves, (leaf + 1) % 4);
        vm.expectPartialRevert(IFaultManager.WrongSample.selector);
        faults.answerWithholding(id, wrong);
        o.j = 0;
        vm.expectPartialRevert(IFaultManager.WrongSample.selector);
        faults.answerWithholding(id, o);
        o.j = 1;
        o.receipt.time = 0;
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        faults.answerWithholding(id, o);
    }

    function reopen(uint64 sequence) private returns (WithheldOpening memory o) {
        --epoch;
        o = opening(sequence);
        ++epoch;
    }

    function test_RevertWhen_AnotherKindOfFaultIsAnswered() public {
        (bytes32 id,) = statisticalFault();
        WithheldOpening memory o;
        vm.expectPartialRevert(IFaultManager.NotWithholding.selector);
        faults.answerWithholding(id, o);
    }

    // constructor

    function test_RevertWhen_APenaltyIsTooSmallOrTooLarge() public {
        for (uint256 what; what < 6; ++what) {
            Penalties memory p = Penalties(0.5e18, 0.02e18, 0.1e18, 0.1e18);
            if (what == 0) p.statisticalWad = 1e15 - 1;
            if (what == 1) p.withholdingWad = 0;
            if (what == 2) p.withholdingCapWad = 0.01e18; // below the first
            if (what == 3) p.operatorWad = 1e15 - 1;
            if (what == 4) p.statisticalWad = 1e18 + 1;
            if (what == 5) p.operatorWad = type(uint64).max;
            vm.expectPartialRevert(IFaultManager.PenaltyRefused.selector);
            new FaultManager(sys, p);
        }
    }
}
