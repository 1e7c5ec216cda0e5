// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS} from "../src/System.sol";
import {FaultRecord, FaultStatus, IFaultManager} from "../src/interfaces/IFaultManager.sol";
import {Purpose} from "../src/interfaces/IKeyRegistry.sol";
import {IReceiptFaults, Place} from "../src/interfaces/IReceiptFaults.sol";
import {IRefundPool} from "../src/interfaces/IRefundPool.sol";
import {DigestLib} from "../src/libraries/DigestLib.sol";
import {MerkleLib} from "../src/libraries/MerkleLib.sol";
import {Fault, Receipt} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";

/// @notice A provider that signs its receipts, and what it commits of them.
abstract contract Signing is Base {
    uint256 internal constant KEY = 0x5ec7e7;
    address internal signing = address(0xa9);
    bytes32[] internal committed; // hashes of what stands at each sequence

    function setUp() public virtual override {
        super.setUp();
        table.snapshot();
        eigen.setStake(sys.serviceManager, PROVIDERS, signing, 1_000e18);
        eigen.join(sys.serviceManager, PROVIDERS, signing);
        vm.startPrank(signing);
        keys.setKey(signing, Purpose.Receipts, vm.addr(KEY));
        batches.registerProvider(signing, "http://provider");
        vm.stopPrank();
    }

    function receiptAt(uint64 epoch, uint64 sequence) internal view returns (Receipt memory) {
        return receiptOf(signing, epoch, sequence);
    }

    function hashOf(Receipt memory r) internal view returns (bytes32) {
        return libs.receipt(r, block.chainid, address(batches));
    }

    function signatureOf(Receipt memory r) internal view returns (bytes memory) {
        return signatureOf(r, KEY);
    }

    function signatureOf(Receipt memory r, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 x, bytes32 y) = vm.sign(key, hashOf(r));
        return bytes.concat(x, y, bytes1(v));
    }

    /// @dev Commits these as the batch of an epoch that is open now.
    function commitAs(uint64 epoch, bytes32[] memory hashes) internal {
        for (uint256 i; i < hashes.length; ++i) {
            committed.push(hashes[i]);
        }
        bytes32[] memory copy = new bytes32[](hashes.length); // the root takes it over
        for (uint256 i; i < hashes.length; ++i) {
            copy[i] = hashes[i];
        }
        uint64 first = batches.nextSequence(signing);
        bytes32 root = libs.merkleRoot(copy);
        vm.prank(signing);
        batches.commitBatch(signing, epoch, first, root, uint64(hashes.length));
    }

    /// @dev What stands at a sequence in the batch of an epoch, if it covers it.
    function placeOf(uint64 epoch, uint64 sequence) internal view returns (Place memory p) {
        p.epoch = epoch;
        uint64 first = batches.batch(batches.batchOf(signing, epoch)).firstSequence;
        bytes32[] memory hashes = new bytes32[](batches.batch(batches.batchOf(signing, epoch)).leafCount);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = committed[first + i];
        }
        p.leaf = MerkleLib.leaf(committed[sequence]);
        p.proof = proofOf(hashes, sequence - first);
    }
}

/// @notice See ReceiptFaults.tree.
contract ReceiptFaultsTest is Signing {
    uint64 private constant LEAVES = 4;

    /// @dev Epoch 0 with LEAVES receipts, of which one is another than was promised.
    function replace(uint64 at) private {
        bytes32[] memory hashes = new bytes32[](LEAVES);
        for (uint64 i; i < LEAVES; ++i) {
            hashes[i] = i == at ? keccak256("something else") : hashOf(receiptAt(0, i));
        }
        commitAs(0, hashes);
    }

    function chargeReplaced(Receipt memory r, Place memory p) private returns (bytes32) {
        return receipts.chargeReplaced(r, signatureOf(r), p);
    }

    function stake() private view returns (uint256) {
        return eigen.stake(sys.serviceManager, PROVIDERS, signing);
    }

    // An honest provider

    struct Epochs {
        uint64 epoch;
        uint64 next; // sequence that is given out next
        uint64 waiting; // first sequence in no batch
        uint64 missed; // batches in a row
    }

    /// @dev Bit e of `misses`: the batch of epoch e is not mined in time. What it would have held rides in the next one,
    /// as in provider/epochs.go. In each block that matters, a buyer who holds all receipts tries all charges.
    /// forge-config: default.fuzz.runs = 32
    function testFuzz_AnHonestProviderIsNeverSlashed(uint8 misses, uint8 served) public {
        // Who has missed three batches in a row has broken its promise.
        misses &= ~((misses << 1) & (misses << 2));
        Epochs memory t;
        uint64[] memory epochOf = new uint64[](18);
        for (t.epoch = 0; t.epoch < 6; ++t.epoch) {
            for (uint256 n = 1 + (served >> t.epoch) % 3; n > 0; --n) {
                epochOf[t.next++] = t.epoch;
            }
            // In the last block in which the epoch's batch is accepted.
            vm.roll(clock.close(t.epoch) - 1);
            if (misses >> t.epoch & 1 == 1) {
                ++t.missed;
            } else {
                bytes32[] memory hashes = new bytes32[](t.next - t.waiting);
                for (uint64 i; i < hashes.length; ++i) {
                    hashes[i] = hashOf(receiptAt(epochOf[t.waiting + i], t.waiting + i));
                }
                commitAs(t.epoch, hashes);
                t.waiting = t.next;
                t.missed = 0;
            }
            accuse(epochOf, t); // before the close
            vm.roll(clock.close(t.epoch));
            accuse(epochOf, t); // and after it
            answer(epochOf, t);
        }
        eq(stake(), 1_000e18);
        yes(!faults.jailed(signing), "free");
    }

    /// @dev Whoever holds the receipts charges whatever the contract takes, and executes what it can.
    function accuse(uint64[] memory epochOf, Epochs memory t) private {
        for (uint64 s; s < t.next; ++s) {
            Receipt memory r = receiptAt(epochOf[s], s);
            bytes memory signature = signatureOf(r);
            for (uint64 e; e <= t.epoch; ++e) {
                bytes32 id = batches.batchOf(signing, e);
                if (id == 0) continue;
                uint64 first = batches.batch(id).firstSequence;
                uint64 at = s < first || s >= first + batches.batch(id).leafCount ? first : s;
                try receipts.chargeReplaced(r, signature, placeOf(e, at)) {
                    revert("charged with a receipt that it committed");
                } catch {}
            }
            try receipts.chargeUncovered(r, signature) {
                yes(t.missed > 1, "charged before it missed two batches in a row");
            } catch {}
            try faults.execute(omission(r)) {
                revert("slashed");
            } catch {}
        }
    }

    function answer(uint64[] memory epochOf, Epochs memory t) private {
        for (uint64 s; s < t.waiting; ++s) {
            Receipt memory r = receiptAt(epochOf[s], s);
            if (faults.fault(omission(r)).status != FaultStatus.Open) continue;
            uint64 e = t.epoch;
            while (batches.batchOf(signing, e) == 0 || batches.batch(batches.batchOf(signing, e)).firstSequence > s) --e;
            receipts.answerOmission(r, e, placeOf(e, s).proof);
        }
    }

    function omission(Receipt memory r) private view returns (bytes32) {
        return DigestLib.faultId(r.epoch, 7, r.provider, 0, hashOf(r));
    }

    // chargeEquivocation

    function two(uint64 sequence) private view returns (Receipt memory a, Receipt memory b) {
        a = receiptAt(0, sequence);
        b = receiptAt(0, sequence);
        b.outputHash = "another answer";
        b.clientNonce = DigestLib.buyerNonce(address(0xb2), "secret");
    }

    function equivocate(uint64 sequence) private returns (bytes32 id) {
        (Receipt memory a, Receipt memory b) = two(sequence);
        return receipts.chargeEquivocation(a, signatureOf(a), b, signatureOf(b));
    }

    function test_TwoReceiptsOfOneSequenceAreSlashedAtOnce() public {
        bytes32 id = equivocate(7);
        yes(faults.jailed(signing), "jailed");
        FaultRecord memory f = faults.fault(id);
        eq(f.kind, 6);
        eq(f.ref, bytes32(uint256(7)));
        faults.execute(id);
        eq(stake(), 500e18);
        eq(receipts.equivocation(signing, 7), id);
    }

    function test_ASequenceIsChargedOnce() public {
        bytes32 id = equivocate(7);
        (Receipt memory a, Receipt memory b) = two(7);
        bytes memory one = signatureOf(a);
        bytes memory other_ = signatureOf(b);
        vm.expectRevert(abi.encodeWithSelector(IReceiptFaults.AlreadyCharged.selector, id));
        receipts.chargeEquivocation(b, other_, a, one); // the other way around
        Receipt memory c = receiptAt(5, 7); // a third one, of another epoch
        bytes memory third_ = signatureOf(c);
        vm.expectRevert(abi.encodeWithSelector(IReceiptFaults.AlreadyCharged.selector, id));
        receipts.chargeEquivocation(a, one, c, third_);
        yes(equivocate(8) != id, "another sequence is another fault");
    }

    function test_TwoEpochsOfOneSequenceAreEquivocation() public {
        Receipt memory a = receiptAt(0, 3);
        Receipt memory b = receiptAt(1, 3);
        faults.execute(receipts.chargeEquivocation(a, signatureOf(a), b, signatureOf(b)));
        eq(stake(), 500e18);
    }

    function test_RevertWhen_ThereIsNoEquivocation() public {
        Receipt memory a = receiptAt(0, 3);
        bytes memory signature = signatureOf(a);
        vm.expectRevert(IReceiptFaults.NoEquivocation.selector);
        receipts.chargeEquivocation(a, signature, a, signature);
        Receipt memory b = receiptAt(0, 4);
        bytes memory second = signatureOf(b);
        vm.expectRevert(IReceiptFaults.NoEquivocation.selector);
        receipts.chargeEquivocation(a, signature, b, second);
        address twin = address(0xaa);
        eigen.setStake(sys.serviceManager, PROVIDERS, twin, 1);
        eigen.join(sys.serviceManager, PROVIDERS, twin);
        vm.prank(twin);
        keys.setKey(twin, Purpose.Receipts, vm.addr(KEY)); // one key, two providers
        b = receiptOf(twin, 0, 3);
        second = signatureOf(b);
        vm.expectRevert(IReceiptFaults.NoEquivocation.selector);
        receipts.chargeEquivocation(a, signature, b, second);
    }

    function test_RevertWhen_TheSignatureIsNotTheProviders() public {
        (Receipt memory a, Receipt memory b) = two(3);
        bytes memory good = signatureOf(a);
        bytes memory forged = signatureOf(b, KEY + 1);
        vm.expectPartialRevert(IReceiptFaults.NotTheProviders.selector);
        receipts.chargeEquivocation(a, good, b, forged);
        bytes memory swapped = signatureOf(a);
        vm.expectPartialRevert(IReceiptFaults.NotTheProviders.selector);
        receipts.chargeEquivocation(a, good, b, swapped);
        // Whoever never registered has no key: nothing recovers to it.
        Receipt memory c = receiptOf(address(0xdead), 0, 3);
        vm.expectPartialRevert(IReceiptFaults.SignatureMalformed.selector);
        receipts.chargeEquivocation(c, new bytes(65), c, new bytes(65));
        vm.expectPartialRevert(IReceiptFaults.SignatureMalformed.selector);
        receipts.chargeEquivocation(a, "short", b, good);
        vm.chainId(999);
        bytes memory elsewhere = signatureOf(b);
        vm.chainId(31_337);
        vm.expectPartialRevert(IReceiptFaults.NotTheProviders.selector);
        receipts.chargeEquivocation(a, good, b, elsewhere);
    }

    /// @dev A key that was rotated out long ago and leaks charges nobody: stake answers for as long as it cannot leave.
    function test_RevertWhen_TheReceiptIsOlderThanStakeAnswersFor() public {
        (Receipt memory a, Receipt memory b) = two(3);
        bytes memory one = signatureOf(a);
        bytes memory other_ = signatureOf(b);
        Receipt memory r = receiptAt(0, 0);
        bytes memory signature = signatureOf(r);
        replace(2);
        Receipt memory left = receiptAt(0, 2);
        bytes memory promise_ = signatureOf(left);
        Place memory p = placeOf(0, 2);
        uint256 last = clock.close(0) + eigen.DEALLOCATION_DELAY();
        vm.roll(last + 1);
        bytes memory refusal = abi.encodeWithSelector(IReceiptFaults.TooLate.selector, last);
        vm.expectRevert(refusal);
        receipts.chargeEquivocation(a, one, b, other_);
        Receipt memory later = receiptAt(40, 3); // one of the two is too old
        bytes memory fresh = signatureOf(later);
        vm.expectRevert(refusal);
        receipts.chargeEquivocation(later, fresh, b, other_);
        vm.expectRevert(refusal);
        receipts.chargeUncovered(r, signature);
        vm.expectRevert(refusal);
        receipts.chargeReplaced(left, promise_, p);
        vm.roll(last);
        receipts.chargeEquivocation(a, one, b, other_);
        receipts.chargeReplaced(left, promise_, p);
    }

    /// @dev A receipt is judged by the key of its epoch, whatever came after.
    function test_AReceiptIsJudgedByTheKeyOfItsEpoch() public {
        vm.prank(signing);
        uint64 from = keys.setKey(signing, Purpose.Receipts, vm.addr(KEY + 1));
        Receipt memory a = receiptAt(from - 1, 3);
        Receipt memory b = receiptAt(from, 3);
        bytes memory old = signatureOf(a);
        bytes memory stale = signatureOf(b); // by the key that was
        bytes memory fresh = signatureOf(b, KEY + 1);
        vm.expectPartialRevert(IReceiptFaults.NotTheProviders.selector);
        receipts.chargeEquivocation(a, old, b, stale);
        receipts.chargeEquivocation(a, old, b, fresh);
    }

    /// @dev (r, n - s, v') signs the same: it must not pass for another promise, and does not pass at all.
    function test_RevertWhen_TheSignatureIsTurnedOver() public {
        (Receipt memory a, Receipt memory b) = two(3);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, hashOf(b));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory turned = bytes.concat(r, bytes32(n - uint256(s)), bytes1(v == 27 ? 28 : 27));
        bytes memory good = signatureOf(a);
        vm.expectRevert(IReceiptFaults.SignatureMalformed.selector);
        receipts.chargeEquivocation(a, good, b, turned);
        bytes memory low = bytes.concat(r, s, bytes1(v - 27)); // v of 0 or 1 is the same signature
        receipts.chargeEquivocation(a, good, b, low);
    }

    // chargeReplaced

    function test_AReplacedReceiptIsSlashedAfterTheWindow() public {
        replace(2);
        Receipt memory r = receiptAt(0, 2);
        bytes32 id = chargeReplaced(r, placeOf(0, 2));
        FaultRecord memory f = faults.fault(id);
        eq(f.executableAt, block.number + clock.contestBlocks + clock.epochBlocks + clock.graceBlocks);
        yes(!faults.jailed(signing), "not jailed before it could answer");
        vm.expectPartialRevert(IFaultManager.WindowOpen.selector);
        faults.execute(id);
        vm.roll(f.executableAt);
        faults.execute(id);
        eq(stake(), 980e18);
    }

    function test_WhatStandsThereNeedBeNoReceipt() public {
        replace(2);
        Place memory p = placeOf(0, 2);
        // A tree made of what is no leaf: there is nothing that it is the hash of.
        bytes32[4] memory raw = [bytes32("a"), "b", "c", "d"];
        bytes32 right = MerkleLib.node(raw[2], raw[3]);
        bytes32 root = MerkleLib.node(MerkleLib.node(raw[0], raw[1]), right);
        vm.roll(clock.start(1));
        vm.prank(signing);
        batches.commitBatch(signing, 1, LEAVES, root, 4);
        (p.epoch, p.leaf) = (1, raw[1]);
        (p.proof[0], p.proof[1]) = (raw[0], right);
        yes(faults.fault(chargeReplaced(receiptAt(1, 5), p)).status == FaultStatus.Open, "charged");
    }

    function test_RevertWhen_TheReceiptStandsThere() public {
        replace(2);
        Receipt memory r = receiptAt(0, 1);
        Place memory p = placeOf(0, 1);
        bytes memory signature = signatureOf(r);
        vm.expectPartialRevert(IReceiptFaults.NotOmitted.selector);
        receipts.chargeReplaced(r, signature, p);
        p.leaf = placeOf(0, 2).leaf; // the neighbour's
        vm.expectPartialRevert(IReceiptFaults.NotThere.selector);
        receipts.chargeReplaced(r, signature, p);
        p = placeOf(0, 2);
        vm.expectPartialRevert(IReceiptFaults.NotThere.selector);
        receipts.chargeReplaced(r, signature, p);
        r = receiptAt(0, LEAVES); // beyond the batch
        signature = signatureOf(r);
        vm.expectPartialRevert(IReceiptFaults.NotCovered.selector);
        receipts.chargeReplaced(r, signature, p);
        p.epoch = 1; // no batch
        vm.expectPartialRevert(IReceiptFaults.NotCovered.selector);
        receipts.chargeReplaced(r, signature, p);
    }

    // chargeUncovered

    function test_AReceiptThatNothingCoversIsSlashedAfterTheWindow() public {
        Receipt memory r = receiptAt(0, 0);
        bytes memory signature = signatureOf(r);
        vm.roll(clock.close(1) - 1);
        vm.expectRevert(abi.encodeWithSelector(IReceiptFaults.TooEarly.selector, clock.close(1)));
        receipts.chargeUncovered(r, signature);
        vm.roll(clock.close(1));
        bytes32 id = receipts.chargeUncovered(r, signature);
        vm.expectPartialRevert(IReceiptFaults.AlreadyCharged.selector);
        receipts.chargeUncovered(r, signature);
        Receipt memory r1 = receiptAt(0, 1);
        bytes32 second = receipts.chargeUncovered(r1, signatureOf(r1));
        vm.roll(faults.fault(id).executableAt);
        faults.execute(id);
        eq(stake(), 980e18);
        faults.execute(second); // twice as much
        eq(stake(), 980e18 - 980e18 / 25);
    }

    function test_RevertWhen_TheReceiptIsCovered() public {
        replace(2);
        vm.roll(clock.close(1));
        Receipt memory r = receiptAt(0, 2);
        bytes memory signature = signatureOf(r);
        vm.expectRevert(abi.encodeWithSelector(IReceiptFaults.Covered.selector, 2, LEAVES));
        receipts.chargeUncovered(r, signature);
    }

    // answerOmission

    function test_WhoCommitsLateAnswersByTheLaterBatch() public {
        vm.roll(clock.close(1));
        Receipt memory r = receiptAt(0, 0);
        bytes32 id = receipts.chargeUncovered(r, signatureOf(r));
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (hashOf(r), hashOf(receiptAt(2, 1)));
        commitAs(2, hashes);
        receipts.answerOmission(r, 2, placeOf(2, 0).proof);
        yes(faults.fault(id).status == FaultStatus.Cleared, "cleared");
        vm.roll(block.number + 1_000);
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        faults.execute(id);
    }

    function test_RevertWhen_AnotherReceiptStandsThere() public {
        vm.roll(clock.close(1));
        Receipt memory r = receiptAt(0, 0);
        receipts.chargeUncovered(r, signatureOf(r));
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = ("not the receipt", hashOf(r)); // committed, at another place
        commitAs(2, hashes);
        bytes32[] memory first = placeOf(2, 0).proof;
        bytes32[] memory second = placeOf(2, 1).proof;
        vm.expectPartialRevert(IReceiptFaults.NotThere.selector);
        receipts.answerOmission(r, 2, first);
        vm.expectPartialRevert(IReceiptFaults.NotThere.selector);
        receipts.answerOmission(r, 2, second);
        Receipt memory never = receiptAt(0, 1);
        vm.expectPartialRevert(IReceiptFaults.NotThere.selector);
        receipts.answerOmission(never, 2, second);
    }

    function test_AnsweringWhatWasNotChargedReverts() public {
        replace(2);
        bytes32[] memory siblings = placeOf(0, 1).proof;
        Receipt memory r = receiptAt(0, 1);
        vm.expectPartialRevert(IFaultManager.FaultNotOpen.selector);
        receipts.answerOmission(r, 0, siblings);
    }

    // compensation

    function released(bytes32 id) private {
        faults.execute(id);
        vm.roll(block.number + eigen.RESOLUTION_DELAY() + 1);
        pool.collect(id);
    }

    function test_TheWrongedAreCompensatedUpToTheCap() public {
        bytes32 id = equivocate(7);
        released(id);
        (Receipt memory a, Receipt memory b) = two(7);
        eq(pool.pot(id).amount, 2 * COMPENSATION); // of 500
        vm.prank(address(0xbad)); // whoever sends
        eq(pool.compensate(id, b, address(0xb2), "secret"), COMPENSATION);
        eq(eigen.underlyingToken().balanceOf(address(0xb2)), COMPENSATION);
        eq(pool.compensate(id, a, buyer, bytes32(uint256(7))), COMPENSATION);
        eq(eigen.underlyingToken().balanceOf(buyer), COMPENSATION);
        eq(pool.owed(), 0);
        eq(eigen.underlyingToken().balanceOf(address(pool)), 500e18 - 2 * COMPENSATION); // nobody's
        vm.expectPartialRevert(IRefundPool.AlreadyClaimed.selector);
        pool.compensate(id, a, buyer, bytes32(uint256(7)));
    }

    function test_AnOmittedReceiptIsCompensated() public {
        replace(2);
        bytes32 id = chargeReplaced(receiptAt(0, 2), placeOf(0, 2));
        vm.roll(faults.fault(id).executableAt);
        released(id);
        Receipt memory r = receiptAt(0, 2);
        eq(pool.compensate(id, r, buyer, bytes32(uint256(2))), COMPENSATION);
    }

    function test_RevertWhen_SomebodyElseIsCompensated() public {
        bytes32 id = equivocate(7);
        (Receipt memory a,) = two(7);
        vm.expectPartialRevert(IRefundPool.PotUnknown.selector);
        pool.compensate(id, a, buyer, bytes32(uint256(7)));
        faults.execute(id);
        vm.expectPartialRevert(IRefundPool.NotCollected.selector);
        pool.compensate(id, a, buyer, bytes32(uint256(7)));
        vm.roll(block.number + eigen.RESOLUTION_DELAY() + 1);
        pool.collect(id);
        vm.expectPartialRevert(IRefundPool.NotBuyer.selector);
        pool.compensate(id, a, address(0xbad), bytes32(uint256(7)));
        Receipt memory mine = receiptAt(0, 7);
        mine.clientNonce = DigestLib.buyerNonce(address(0xbad), 0);
        vm.expectPartialRevert(IRefundPool.NotWronged.selector);
        pool.compensate(id, mine, address(0xbad), 0);
        // The pot of a fault of receipts is none of a batch's buyers.
        vm.expectRevert();
        pool.claim(id, a, new bytes32[](0), buyer, bytes32(uint256(7)));
    }

    function test_RevertWhen_AStrangerCharges() public {
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.charge(0, Fault(6, signing, 0, 0));
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.charge(0, Fault(7, signing, 0, 0));
        vm.expectPartialRevert(IFaultManager.KindUnknown.selector);
        faults.charge(0, Fault(8, signing, 0, 0));
        bytes32 id = equivocate(1);
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.clear(id);
    }
}
