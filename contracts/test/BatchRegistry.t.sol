// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../src/BatchRegistry.sol";
import {Permissioned} from "../src/Permissioned.sol";
import {PROVIDERS} from "../src/System.sol";
import {Batch, IBatchRegistry, SamplingRate} from "../src/interfaces/IBatchRegistry.sol";
import {Purpose} from "../src/interfaces/IKeyRegistry.sol";
import {Economics, EconomicsLib} from "../src/libraries/EconomicsLib.sol";
import {HeaderLib} from "../src/libraries/HeaderLib.sol";
import {Schedule, ScheduleLib} from "../src/libraries/ScheduleLib.sol";
import {Receipt} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";

/// @notice Answers as the history contract of EIP-2935 does.
contract History {
    mapping(uint256 number => bytes32) public hashes;

    function set(uint256 number, bytes32 hash) external {
        hashes[number] = hash;
    }

    fallback(bytes calldata input) external returns (bytes memory) {
        return abi.encode(hashes[abi.decode(input, (uint256))]);
    }
}

/// @notice See BatchRegistry.tree.
contract BatchRegistryTest is Base {
    function rate() internal pure override returns (SamplingRate memory) {
        return SamplingRate({ratePpm: 500_000, kMin: 2, newProviderBatches: 1});
    }

    // registerProvider

    function test_RevertWhen_AStrangerRegisters() public {
        vm.prank(buyer);
        vm.expectPartialRevert(IBatchRegistry.NotInOperatorSet.selector);
        batches.registerProvider(buyer, "");
    }

    function test_AProviderMovesItsUrl() public {
        vm.prank(provider);
        batches.registerProvider(provider, "http://elsewhere");
        eq(keccak256(bytes(batches.provider(provider).url)), keccak256("http://elsewhere"));
    }

    function test_RevertWhen_SomebodyElseActs() public {
        vm.startPrank(other);
        vm.expectRevert(abi.encodeWithSelector(Permissioned.NotPermitted.selector, provider, other));
        batches.registerProvider(provider, "http://mine");
        vm.expectRevert(abi.encodeWithSelector(Permissioned.NotPermitted.selector, provider, other));
        batches.commitBatch(provider, 0, 0, "root", 5);
        vm.stopPrank();
    }

    function test_AnAppointeeCommitsAndNoMore() public {
        eigen.appoint(provider, buyer, address(batches), IBatchRegistry.commitBatch.selector);
        vm.startPrank(buyer);
        bytes32 id = batches.commitBatch(provider, 0, 0, "root", 5);
        yes(batches.batch(id).provider == provider, "the batch is the appointee's");
        vm.expectPartialRevert(Permissioned.NotPermitted.selector);
        batches.registerProvider(provider, "http://mine");
        vm.stopPrank();
    }

    // commitBatch

    function testFuzz_ABatchIsAcceptedInItsWindowOnly(uint64 epoch, uint256 at) public {
        epoch = uint64(bound(epoch, 0, 50));
        at = bound(at, START - 100, START + 7_000);
        vm.roll(at);
        vm.prank(provider);
        if (at < clock.start(epoch) || at >= clock.close(epoch)) {
            vm.expectPartialRevert(IBatchRegistry.OutsideEpoch.selector);
        }
        batches.commitBatch(provider, epoch, 0, "root", 5);
    }

    function test_TheEdgesOfTheWindow() public {
        vm.roll(clock.start(1) - 1);
        vm.prank(provider);
        vm.expectPartialRevert(IBatchRegistry.OutsideEpoch.selector);
        batches.commitBatch(provider, 1, 0, "root", 5);
        vm.roll(clock.start(1));
        vm.prank(provider);
        batches.commitBatch(provider, 1, 0, "root", 5);
        vm.roll(clock.close(1) - 1);
        vm.prank(other);
        batches.commitBatch(other, 1, 0, "root", 5);
        vm.roll(clock.close(1));
        vm.prank(third);
        vm.expectPartialRevert(IBatchRegistry.OutsideEpoch.selector);
        batches.commitBatch(third, 1, 0, "root", 5);
    }

    function test_RevertWhen_AnEpochIsBeyondAllBlocks() public {
        vm.prank(provider);
        vm.expectPartialRevert(IBatchRegistry.OutsideEpoch.selector);
        batches.commitBatch(provider, type(uint64).max, 0, "root", 5);
    }

    function test_BatchesAreContiguousAcrossEpochs() public {
        commit(provider, 0, 5);
        eq(batches.nextSequence(provider), 5);
        vm.roll(clock.start(2)); // an epoch without a batch leaves no gap
        vm.startPrank(provider);
        vm.expectPartialRevert(IBatchRegistry.NotContiguous.selector);
        batches.commitBatch(provider, 2, 4, "root", 3);
        vm.expectPartialRevert(IBatchRegistry.NotContiguous.selector);
        batches.commitBatch(provider, 2, 6, "root", 3);
        batches.commitBatch(provider, 2, 5, "root", 3);
        vm.stopPrank();
        eq(batches.nextSequence(provider), 8);
        eq(batches.batchCount(0), 1);
        eq(batches.batchCount(1), 0);
    }

    function test_RevertWhen_AProviderCommitsTwice() public {
        commit(provider, 0, 5);
        vm.prank(provider);
        vm.expectPartialRevert(IBatchRegistry.AlreadyCommitted.selector);
        batches.commitBatch(provider, 0, 5, "root", 5);
    }

    function test_RevertWhen_TheSizeIsNone() public {
        vm.roll(clock.start(0));
        vm.startPrank(provider);
        vm.expectPartialRevert(IBatchRegistry.LeafCountRefused.selector);
        batches.commitBatch(provider, 0, 0, "root", 0);
        vm.expectPartialRevert(IBatchRegistry.LeafCountRefused.selector);
        batches.commitBatch(provider, 0, 0, "root", (1 << 32) + 1);
        batches.commitBatch(provider, 0, 0, "root", 1 << 32);
        vm.stopPrank();
    }

    function test_RevertWhen_AProviderHasLeft() public {
        eigen.leave(sys.serviceManager, PROVIDERS, provider);
        vm.prank(provider);
        vm.expectPartialRevert(IBatchRegistry.NotInOperatorSet.selector);
        batches.commitBatch(provider, 0, 0, "root", 5);
    }

    function test_RevertWhen_AMemberHasNoReceiptKey() public {
        eigen.setStake(sys.serviceManager, PROVIDERS, buyer, 1);
        eigen.join(sys.serviceManager, PROVIDERS, buyer);
        vm.roll(clock.start(3));
        vm.startPrank(buyer);
        vm.expectPartialRevert(IBatchRegistry.NoReceiptKey.selector);
        batches.commitBatch(buyer, 3, 0, "root", 5);
        keys.setKey(buyer, Purpose.Receipts, other);
        vm.expectPartialRevert(IBatchRegistry.NoReceiptKey.selector);
        batches.commitBatch(buyer, 2, 0, "root", 5); // of the epoch before, which still takes batches
        batches.commitBatch(buyer, 3, 0, "root", 5);
        vm.stopPrank();
    }

    function test_ANewProviderIsSampledWhole() public {
        bytes32 first = commit(provider, 0, 8);
        bytes32 second = commit(provider, 1, 8);
        eq(batches.batch(first).ratePpm, 1_000_000);
        eq(batches.batch(second).ratePpm, 500_000);
        eq(batches.batch(second).kMin, 2);
    }

    // fixBeacon

    function test_TheBeaconIsThatBlocksPrevrandao() public {
        fixBeacon(3);
        eq(batches.beacon(3), BEACON);
        bytes memory header = headerOf(clock.beaconBlock(3), BEACON);
        vm.expectPartialRevert(IBatchRegistry.BeaconAlreadyFixed.selector);
        batches.fixBeacon(3, header);
    }

    function test_RevertWhen_TheHeaderIsAnothers() public {
        uint256 number = clock.beaconBlock(0);
        bytes memory header = headerOf(number, BEACON);
        vm.roll(number + 2);
        vm.setBlockhash(number, keccak256(header));
        vm.setBlockhash(number + 1, keccak256(headerOf(number + 1, "wanted")));
        bytes memory forged = headerOf(number, "wanted");
        vm.expectPartialRevert(IBatchRegistry.WrongHeader.selector);
        batches.fixBeacon(0, forged);
        forged = headerOf(number + 1, "wanted"); // a true header, of a block more to one's liking
        vm.expectPartialRevert(IBatchRegistry.WrongHeader.selector);
        batches.fixBeacon(0, forged);
    }

    function test_RevertWhen_TheBeaconBlockIsAhead() public {
        bytes memory header = headerOf(clock.beaconBlock(0), BEACON);
        vm.roll(clock.beaconBlock(0));
        vm.expectPartialRevert(IBatchRegistry.BlockHashUnknown.selector);
        batches.fixBeacon(0, header);
    }

    function test_AnOldBlockIsReadFromHistory() public {
        uint256 number = clock.beaconBlock(0);
        bytes memory header = headerOf(number, BEACON);
        vm.roll(number + 1_000);
        address history = batches.HISTORY();
        vm.etch(history, "");
        vm.expectPartialRevert(IBatchRegistry.BlockHashUnknown.selector);
        batches.fixBeacon(0, header);
        vm.etch(history, address(new History()).code);
        vm.expectPartialRevert(IBatchRegistry.BlockHashUnknown.selector);
        batches.fixBeacon(0, header);
        History(history).set(number, keccak256(header));
        batches.fixBeacon(0, header);
        eq(batches.beacon(0), BEACON);
    }

    function test_RevertWhen_TheBlockHasNoRandomness() public {
        uint256 number = clock.beaconBlock(0);
        bytes memory header = headerOf(number, bytes32(0));
        vm.roll(number + 1);
        vm.setBlockhash(number, keccak256(header));
        vm.expectRevert(IBatchRegistry.NoRandomness.selector);
        batches.fixBeacon(0, header);
    }

    // locate and sampleOf

    function testFuzz_AReceiptStandsWhereItsSequenceSays(uint64 count, uint64 leaf) public {
        commit(provider, 0, 3);
        count = uint64(bound(count, 1, 20));
        leaf = uint64(bound(leaf, 0, count - 1));
        bytes32 id = commit(provider, 1, count);
        bytes32[] memory proof = proofOf(leavesOf(provider, 1, 3, count), leaf);
        eq(batches.locate(id, receiptOf(provider, 1, 3 + leaf), proof), leaf);
    }

    /// @dev Receipts of a batch that was missed stand in a later one, under their own epoch.
    function testFuzz_AReceiptMayBeLateAndNotEarly(uint64 signedIn) public {
        signedIn = signedIn % 2 == 0 ? signedIn : signedIn % 6;
        vm.roll(clock.start(3));
        bytes32 root = libs.merkleRoot(leavesOf(provider, signedIn, 0, 5));
        vm.prank(provider);
        bytes32 id = batches.commitBatch(provider, 3, 0, root, 5);
        Receipt memory r = receiptOf(provider, signedIn, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, signedIn, 0, 5), 2);
        if (signedIn > 3) {
            vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
            batches.locate(id, r, proof);
        } else {
            eq(batches.locate(id, r, proof), 2);
        }
    }

    function test_RevertWhen_AReceiptIsNotInTheBatch() public {
        bytes32 id = commit(provider, 0, 5);
        commit(other, 0, 5);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, 5), 2);
        Receipt memory r = receiptOf(provider, 0, 2);
        eq(batches.locate(id, r, proof), 2);
        for (uint256 what; what < 5; ++what) {
            r = receiptOf(provider, 0, 2);
            if (what == 0) r.sequence = 3;
            if (what == 1) r.outputHash = 0;
            if (what == 2) r.epoch = 1;
            if (what == 3) r.provider = other;
            if (what == 4) r.clientNonce = "mine";
            vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
            batches.locate(id, r, proof);
        }
        r = receiptOf(provider, 0, 2);
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        batches.locate("no batch", r, proof);
    }

    function test_AReceiptOfAnotherChainStandsNowhere() public {
        bytes32 id = commit(provider, 0, 5);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, 5), 2);
        Receipt memory r = receiptOf(provider, 0, 2);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        batches.locate(id, r, proof);
    }

    function test_ASampleIsKnownOnceTheBeaconIs() public {
        commit(provider, 0, 10);
        bytes32 id = commit(provider, 1, 40);
        for (uint64 leaf; leaf < 40; ++leaf) {
            (bool early,,) = batches.sampleOf(id, leaf);
            yes(!early, "sampled before the beacon");
        }
        fixBeacon(1);
        uint256 sampled;
        uint256 seen;
        for (uint64 leaf; leaf < 42; ++leaf) {
            (bool yes_, uint64 j, bytes32 sampleId) = batches.sampleOf(id, leaf);
            if (!yes_) continue;
            ++sampled;
            seen |= 1 << j;
            eq(sampleId, libs.sampleId(id, j, leaf));
        }
        eq(sampled, 20);
        eq(seen, (1 << 20) - 1);
    }

    // constructor

    function test_RevertWhen_TheScheduleCannotRun() public {
        for (uint256 what; what < 5; ++what) {
            Schedule memory s = clock;
            if (what == 0) s.epochBlocks = 0;
            if (what == 1) s.beaconDelay = 0;
            if (what == 2) s.commitBlocks = 0;
            if (what == 3) s.revealBlocks = 0;
            if (what == 4) s.certifyBlocks = 0;
            vm.expectRevert(ScheduleLib.ScheduleRefused.selector);
            new BatchRegistry(sys, s, rate(), economics());
        }
    }

    function test_RevertWhen_HonestyIsNotTheBestStrategy() public {
        SamplingRate memory r = rate();
        for (uint256 what; what < 7; ++what) {
            Economics memory e = economics();
            r.ratePpm = 500_000;
            if (what == 0) r.ratePpm = 10_000; // too few are checked for what is at stake
            if (what == 1) e.detectionPpm = 10_000;
            if (what == 2) e.collusionPpm = 1_000_000;
            if (what == 3) e.slash = 0;
            if (what == 4) e.validators = 0;
            if (what < 5) vm.expectPartialRevert(EconomicsLib.CheatingPays.selector);
            if (what == 5) e.reward = e.cost;
            if (what == 6) e.falsePositivePpm = 20_000;
            if (what >= 5) vm.expectPartialRevert(EconomicsLib.HonestyDoesNotPay.selector);
            new BatchRegistry(sys, clock, r, e);
        }
        r.ratePpm = 1_000_001;
        vm.expectPartialRevert(IBatchRegistry.RateRefused.selector);
        new BatchRegistry(sys, clock, r, economics());
    }

    /// @dev Where two published systems went wrong: the figures of FACTS section 5.
    function test_TheRateThatTheFormulaAsksFor() public view {
        // R = 1.2 C, one validator, r = 0.1, S = 10 C: 9.92 %, and a tenth more for the margin.
        Economics memory e = Economics(1_000_000, 0, 100_000, 1, 120, 1_000, 100, 1_000_000);
        libs.checkEconomics(e, 109_200);
        try libs.checkEconomics(e, 109_000) {
            yes(false, "accepted below the formula and its margin");
        } catch {}
        e.slash = 0; // 1 % with no collateral
        try libs.checkEconomics(e, 10_000) {
            yes(false, "accepted 1 % without collateral");
        } catch {}
    }
}
