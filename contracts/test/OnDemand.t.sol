// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OnDemand} from "../src/OnDemand.sol";
import {IAttestationRegistry} from "../src/interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "../src/interfaces/IBatchRegistry.sol";
import {Answer, Held, IOnDemand, Price, Request, RequestStatus} from "../src/interfaces/IOnDemand.sol";
import {Finality, IVerdictReader} from "../src/interfaces/IVerdictReader.sol";
import {PospLib} from "../src/libraries/PospLib.sol";
import {BatchResult, HeldEvidence, Receipt, Result, SampleResult} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";
import {IHandler, MoneyInvariant} from "./Invariant.sol";

/// @notice A deployment in which receipts are asked about.
abstract contract OnDemandBase is Base {
    uint8 internal constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 internal constant INCONCLUSIVE = 3;
    uint8 internal constant UNAVAILABLE = 4;
    uint64 internal constant LEAVES = 8;
    bytes32 internal constant NONE = keccak256(hex"010000000000");

    function setUp() public virtual override {
        super.setUp();
        table.snapshot();
        vm.deal(buyer, 1_000 ether);
    }

    function proofIn(uint64 epoch, uint64 first, uint64 leaf) internal view returns (bytes32[] memory) {
        return proofOf(leavesOf(provider, epoch, first, LEAVES), leaf);
    }

    function hashOf(Receipt memory r) internal view returns (bytes32) {
        return libs.receipt(r, block.chainid, address(batches));
    }

    function feeOf(Receipt memory r) internal view returns (uint256) {
        return onDemand.quote(r);
    }

    /// @dev The buyer asks about a leaf of the provider's batch of an epoch.
    function ask(uint64 epoch, uint64 leaf) internal returns (bytes32) {
        bytes32 batchId = batches.batchOf(provider, epoch);
        uint64 first = batches.batch(batchId).firstSequence;
        Receipt memory r = receiptOf(provider, epoch, first + leaf);
        uint256 fee = feeOf(r);
        bytes32[] memory proof = proofIn(epoch, first, leaf);
        vm.prank(buyer);
        return onDemand.request{value: fee}(r, batchId, proof, bytes32(uint256(first + leaf)));
    }

    /// @dev What a committee of three sent. Bits of what: 2 for each member: 0 nothing, 1 "not opened", 2 and 3 evidence.
    function heldOf(bytes32 requestId, uint256 what) internal view returns (Held memory h) {
        h.receipt = onDemand.requestOf(requestId).receiptHash;
        h.provider = "the provider's";
        h.committee = new HeldEvidence[](3);
        for (uint256 i; i < 3; ++i) {
            uint256 did = what >> 2 * i & 3;
            bytes32 sent = did == 0 ? bytes32(0) : did == 1 ? NONE : keccak256(abi.encode("evidence", i));
            h.committee[i] = HeldEvidence(operator(i), "commitment", sent);
        }
    }

    function lineOf(bytes32 requestId, uint8 verdict, Held memory h) internal view returns (SampleResult memory) {
        bytes32 sampleId =
            keccak256(abi.encode(keccak256("posp.sample.v1"), requestId, 0, onDemand.requestOf(requestId).leaf));
        bytes32 rests = libs.held(h.receipt, h.provider, h.committee);
        return SampleResult(sampleId, verdict, 0, -7, rests);
    }

    /// @dev Certifies an epoch with the provider's batch and lines of requests, which come last.
    function certifyWith(uint64 epoch, SampleResult[] memory lines) internal returns (bytes32[] memory values) {
        bytes32 id = batches.batchOf(provider, epoch);
        uint32 k = id == 0 ? 0 : counts(id);
        values = new bytes32[](k + lines.length);
        for (uint256 i; i < k; ++i) {
            values[i] = keccak256(abi.encode("a sample", i));
        }
        for (uint256 i; i < lines.length; ++i) {
            values[k + i] = libs.sampleResult(lines[i]);
        }
        Result memory r = id == 0 ? resultOf(epoch, new BatchResult[](0)) : resultOf(epoch, passed(id));
        r.sampleRoot = libs.merkleRoot(values);
        r.sampleCount = uint64(values.length);
        submit(r);
    }

    function one(SampleResult memory line) internal pure returns (SampleResult[] memory lines) {
        lines = new SampleResult[](1);
        lines[0] = line;
    }
}

/// @notice Takes its money, and calls again.
contract Again {
    IOnDemand private immutable AT;
    uint256 public calls;

    constructor(IOnDemand at) {
        AT = at;
    }

    function ask(Receipt calldata r, bytes32 batchId, bytes32[] calldata proof, bytes32 secret)
        external
        payable
        returns (bytes32)
    {
        return AT.request{value: msg.value}(r, batchId, proof, secret);
    }

    receive() external payable {
        ++calls;
        (bool ok,) = address(AT).call(abi.encodeCall(IOnDemand.withdraw, (address(this))));
        require(!ok, "paid twice");
    }
}

/// @notice See OnDemand.tree.
contract OnDemandTest is OnDemandBase {
    bytes32 private batchId;

    function setUp() public override {
        super.setUp();
        batchId = commit(provider, 0, LEAVES);
    }

    /// @dev First of all: whatever a committee says of what a buyer chose, nobody is charged.
    function testFuzz_AnAnswerChargesNobody(uint8 verdict, uint256 what, int32 logE) public {
        bytes32 id = ask(0, 3);
        Held memory h = heldOf(id, what);
        SampleResult memory line = lineOf(id, uint8(bound(verdict, 1, 4)), h);
        line.logE = logE;
        fixBeacon(0);
        bytes32[] memory values = certifyWith(0, one(line));
        onDemand.settle(id, line, uint64(values.length - 1), proofOf(values, values.length - 1), h);
        (, BatchResult memory found, bool faulted) = registry.batchVerdict(batchId);
        eq(found.passed, counts(batchId));
        eq(found.samples, counts(batchId));
        yes(!faulted && !faults.jailed(provider), "charged");
        eq(registry.standing(provider, SPEC), 0);
        for (uint256 i; i < OPERATORS; ++i) {
            eq(registry.standing(operator(i), 0), 0);
        }
        eq(eigen.slashes(), 0);
    }

    function test_ABuyerAsks() public {
        eq(onDemand.answeringEpoch(), 0);
        bytes32 id = ask(0, 3);
        Request memory r = onDemand.requestOf(id);
        eq(r.buyer, buyer);
        eq(r.epoch, 0);
        eq(r.leaf, 3);
        eq(r.batchId, batchId);
        eq(r.fee, 1e15 + 8 * 1e12);
        eq(onDemand.requestCount(0), 1);
        eq(onDemand.requests(0)[0], id);
        eq(address(onDemand).balance, r.fee);
        Answer memory a = onDemand.answerOf(r.receiptHash);
        yes(a.status == RequestStatus.Asked && a.finality == Finality.None, "asked");
    }

    function test_WhoAnswersIsWhoHasNotClosed() public {
        vm.roll(clock.close(0) - 1);
        eq(onDemand.answeringEpoch(), 0);
        vm.roll(clock.close(0));
        eq(onDemand.answeringEpoch(), 1);
        vm.roll(clock.close(6) - 1);
        eq(onDemand.answeringEpoch(), 6);
        vm.roll(START - 1);
        eq(onDemand.answeringEpoch(), 0);
    }

    function test_RevertWhen_SomebodyElseAsks() public {
        Receipt memory r = receiptOf(provider, 0, 3);
        bytes32[] memory proof = proofIn(0, 0, 3);
        uint256 fee = feeOf(r);
        vm.expectPartialRevert(IOnDemand.NotBuyer.selector);
        onDemand.request{value: fee}(r, batchId, proof, bytes32(uint256(3)));
        vm.prank(buyer);
        vm.expectPartialRevert(IOnDemand.NotBuyer.selector);
        onDemand.request{value: fee}(r, batchId, proof, bytes32(uint256(4)));
    }

    function testFuzz_RevertWhen_TheFeeIsAnother(uint256 paid) public {
        Receipt memory r = receiptOf(provider, 0, 3);
        bytes32[] memory proof = proofIn(0, 0, 3);
        paid = bound(paid, 0, 10 ether);
        vm.assume(paid != feeOf(r));
        vm.prank(buyer);
        vm.expectPartialRevert(IOnDemand.WrongFee.selector);
        onDemand.request{value: paid}(r, batchId, proof, bytes32(uint256(3)));
    }

    function test_RevertWhen_TheReceiptIsNotInTheBatch() public {
        Receipt memory r = receiptOf(provider, 0, 3);
        r.outputTokens = 1; // cheaper
        bytes32[] memory proof = proofIn(0, 0, 3);
        uint256 fee = feeOf(r);
        vm.prank(buyer);
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        onDemand.request{value: fee}(r, batchId, proof, bytes32(uint256(3)));
    }

    function test_OnlyABatchWithinReach() public {
        vm.roll(clock.close(9));
        eq(onDemand.answeringEpoch(), 10);
        ask(0, 3);
        vm.roll(clock.close(10));
        vm.expectPartialRevert(IOnDemand.OutOfReach.selector);
        this.askAs(0, 4);
        // In the grace of epoch 10 there are batches of epoch 11 already.
        vm.roll(clock.start(12));
        commit(provider, 12, LEAVES);
        eq(onDemand.answeringEpoch(), 11);
        vm.expectPartialRevert(IOnDemand.OutOfReach.selector);
        this.askAs(12, 0);
    }

    function askAs(uint64 epoch, uint64 leaf) external returns (bytes32) {
        return ask(epoch, leaf);
    }

    function test_RevertWhen_TheReceiptWasDrawn() public {
        fixBeacon(0);
        uint64 drawn = LEAVES;
        uint64 not = LEAVES;
        for (uint64 i; i < LEAVES; ++i) {
            (bool sampled,,) = batches.sampleOf(batchId, i);
            if (sampled) drawn = i;
            else not = i;
        }
        vm.expectPartialRevert(IOnDemand.AlreadyDrawn.selector);
        this.askAs(0, drawn);
        ask(0, not);
        // Nobody certified it: its samples have no verdict.
        vm.roll(clock.certifyDeadline(0) + 1);
        ask(0, drawn);
    }

    /// @dev Between the close of a batch's epoch and its beacon: what is drawn then is revealed before the next epoch's
    /// committee commits.
    function test_RevertWhen_NobodyKnowsWhetherItIsDrawn() public {
        vm.roll(clock.close(0));
        for (uint64 i; i < LEAVES; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOnDemand.NotDrawnYet.selector, 0));
            this.askAs(0, i);
        }
        fixBeacon(0);
        uint256 asked;
        for (uint64 i; i < LEAVES && asked < 3; ++i) {
            (bool sampled,,) = batches.sampleOf(batchId, i);
            if (sampled) continue;
            eq(onDemand.requestOf(ask(0, i)).epoch, 1);
            ++asked;
        }
        yes(asked != 0, "all are drawn: the test tests nothing");
    }

    function test_OneRequestAtATime() public {
        bytes32 id = ask(0, 3);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.AlreadyAsked.selector, id));
        this.askAs(0, 3);
        vm.roll(clock.certifyDeadline(0) + 1);
        onDemand.refund(id);
        bytes32 next = ask(0, 3);
        yes(next != id, "the same id");
        eq(onDemand.answerOf(onDemand.requestOf(id).receiptHash).requestId, next);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.AlreadyAsked.selector, next));
        this.askAs(0, 3);
    }

    function test_RevertWhen_AnAnsweredReceiptIsAskedAbout() public {
        (bytes32 id,) = answered(PASS, 42);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.AlreadyAsked.selector, id));
        this.askAs(0, 3);
    }

    function test_RevertWhen_TheEpochIsFull() public {
        for (uint64 i; i < 3; ++i) {
            ask(0, i);
        }
        vm.expectPartialRevert(IOnDemand.EpochFull.selector);
        this.askAs(0, 3);
        vm.roll(clock.certifyDeadline(0) + 1); // the next epoch's, of a receipt without a verdict
        ask(0, 3);
    }

    function test_RevertWhen_AnEpochIsCertifiedWithoutItsRequests() public {
        ask(0, 3);
        fixBeacon(0);
        vm.roll(clock.commitDeadline(0) + 1);
        Result memory r = resultOf(0, passed(batchId));
        vm.expectPartialRevert(IAttestationRegistry.SampleCountRefused.selector);
        this.submitAs(r);
        r.sampleCount += 2;
        vm.expectPartialRevert(IAttestationRegistry.SampleCountRefused.selector);
        this.submitAs(r);
        r.sampleCount -= 1;
        submit(r);
    }

    function submitAs(Result calldata r) external {
        registry.submit(r, certify(digestOf(r), 31));
    }

    function answered(uint8 verdict, uint256 what) private returns (bytes32 id, uint256 fee) {
        id = ask(0, 3);
        fee = onDemand.requestOf(id).fee;
        Held memory h = heldOf(id, what);
        SampleResult memory line = lineOf(id, verdict, h);
        fixBeacon(0);
        bytes32[] memory values = certifyWith(0, one(line));
        onDemand.settle(id, line, uint64(values.length - 1), proofOf(values, values.length - 1), h);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.NotAsked.selector, id));
        this.settleAs(id, line, uint64(values.length - 1), proofOf(values, values.length - 1), h);
    }

    function settleAs(
        bytes32 id,
        SampleResult calldata line,
        uint64 index,
        bytes32[] calldata proof,
        Held calldata held
    ) external {
        onDemand.settle(id, line, index, proof, held);
    }

    function test_WhoRecomputedIsPaid() public {
        (bytes32 id, uint256 fee) = answered(FAIL, 2 | 0 << 2 | 3 << 4); // the second sent nothing
        eq(onDemand.balanceOf(operator(0)), fee / 3);
        eq(onDemand.balanceOf(operator(1)), 0);
        eq(onDemand.balanceOf(operator(2)), fee / 3);
        eq(onDemand.balanceOf(buyer), fee - 2 * (fee / 3));
        Answer memory a = onDemand.answerOf(onDemand.requestOf(id).receiptHash);
        yes(a.status == RequestStatus.Answered && a.finality == Finality.Certified, "certified");
        eq(a.verdict, FAIL);
        eq(a.certifiedAt, block.number);
        vm.roll(block.number + clock.contestBlocks);
        a = onDemand.answerOf(onDemand.requestOf(id).receiptHash);
        yes(a.finality == Finality.Final, "final");
        eq(a.age, clock.contestBlocks);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.NotAsked.selector, id));
        onDemand.refund(id);
    }

    function test_TheReaderAndAMarketSeeIt() public {
        Receipt memory r = receiptOf(provider, 0, 3);
        yes(reader.onDemand(r).status == RequestStatus.None, "not asked");
        (bytes32 id,) = answered(PASS, 42);
        eq(reader.onDemand(r).requestId, id);
        vm.expectPartialRevert(PospLib.NotFinal.selector);
        this.verified(r, 1_000);
        vm.roll(block.number + clock.contestBlocks);
        eq(this.verified(r, clock.contestBlocks), id);
        vm.expectPartialRevert(IVerdictReader.TooOld.selector);
        this.verified(r, clock.contestBlocks - 1);
    }

    function test_RevertWhen_AMarketWantsAPassAndItFailed() public {
        answered(FAIL, 42);
        vm.roll(block.number + clock.contestBlocks);
        vm.expectPartialRevert(PospLib.NotPassed.selector);
        this.verified(receiptOf(provider, 0, 3), 1_000);
    }

    function verified(Receipt calldata r, uint64 maxAge) external view returns (bytes32) {
        return PospLib.requireVerified(reader, r, maxAge).requestId;
    }

    function test_WhoSaysNotOpenedAgainstTheOthersIsNotPaid() public {
        (, uint256 fee) = answered(PASS, 1 | 2 << 2 | 2 << 4);
        eq(onDemand.balanceOf(operator(0)), 0);
        eq(onDemand.balanceOf(operator(1)), fee / 3);
        eq(onDemand.balanceOf(buyer), fee - 2 * (fee / 3));
    }

    function test_WhatWasNotOpenedCostsTheBase() public {
        (, uint256 fee) = answered(UNAVAILABLE, 1 | 1 << 2 | 0 << 4);
        eq(onDemand.balanceOf(operator(0)), uint256(1e15) / 3);
        eq(onDemand.balanceOf(operator(1)), uint256(1e15) / 3);
        eq(onDemand.balanceOf(operator(2)), 0);
        eq(onDemand.balanceOf(buyer), fee - 2 * (uint256(1e15) / 3));
    }

    function test_RevertWhen_TheLineIsAnother() public {
        bytes32 id = ask(0, 3);
        bytes32 beside = ask(0, 4);
        Held memory h = heldOf(id, 42);
        SampleResult[] memory lines = new SampleResult[](2);
        lines[0] = lineOf(id, FAIL, h);
        lines[1] = lineOf(beside, PASS, heldOf(beside, 42));
        fixBeacon(0);
        bytes32[] memory values = certifyWith(0, lines);
        uint64 at = uint64(values.length - 2);
        bytes32[] memory proof = proofOf(values, at);

        bytes memory refused = abi.encodeWithSelector(IOnDemand.LineRefused.selector, id);
        SampleResult memory line = lines[0];
        line.verdict = PASS;
        vm.expectRevert(refused);
        this.settleAs(id, line, at, proof, h);
        line.verdict = FAIL;
        vm.expectRevert(refused);
        this.settleAs(id, line, at + 1, proof, h);
        vm.expectRevert(refused);
        this.settleAs(id, lines[1], at + 1, proofOf(values, at + 1), h);
        bytes32[] memory other = proofOf(values, at + 1);
        vm.expectRevert(refused);
        this.settleAs(id, line, at, other, h);
        Held memory more = heldOf(id, 43);
        more.committee[1].operator = address(this);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.HeldRefused.selector, id));
        this.settleAs(id, line, at, proof, more);
        onDemand.settle(id, line, at, proof, h);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.NotAsked.selector, bytes32("nothing")));
        this.settleAs("nothing", line, at, proof, h);
    }

    function test_UntilTheDeadlineThenTheFeeGoesBack() public {
        bytes32 id = ask(0, 3);
        Held memory h = heldOf(id, 42);
        SampleResult memory line = lineOf(id, PASS, h);
        fixBeacon(0);
        bytes32[] memory values = certifyWith(0, one(line));
        bytes32[] memory proof = proofOf(values, values.length - 1);
        uint256 deadline = onDemand.deadlineOf(id);
        eq(deadline, clock.certifyDeadline(0) + clock.contestBlocks);
        vm.roll(deadline);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.TooEarly.selector, deadline + 1));
        onDemand.refund(id);
        vm.roll(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.TooLate.selector, id));
        this.settleAs(id, line, uint64(values.length - 1), proof, h);
        onDemand.refund(id);
        eq(onDemand.balanceOf(buyer), onDemand.requestOf(id).fee);
        vm.expectRevert(abi.encodeWithSelector(IOnDemand.NotAsked.selector, id));
        onDemand.refund(id);
    }

    function test_AVoidEpochGivesTheFeeBackAtOnce() public {
        bytes32 id = ask(0, 3);
        vm.roll(clock.certifyDeadline(0));
        vm.expectPartialRevert(IOnDemand.TooEarly.selector);
        onDemand.refund(id);
        vm.roll(clock.certifyDeadline(0) + 1);
        onDemand.refund(id);
        Answer memory a = onDemand.answerOf(onDemand.requestOf(id).receiptHash);
        yes(a.status == RequestStatus.Refunded && a.finality == Finality.Void, "void");
        uint256 had = buyer.balance;
        uint256 owed = onDemand.balanceOf(buyer);
        onDemand.withdraw(buyer); // whoever asks
        eq(buyer.balance, had + owed);
        vm.expectPartialRevert(IOnDemand.NothingOwed.selector);
        onDemand.withdraw(buyer);
    }

    function test_WhoCallsAgainTakesNothing() public {
        Again again = new Again(onDemand);
        ask(0, 3); // somebody else's money is here too
        vm.roll(clock.start(1));
        uint64 first = batches.nextSequence(provider);
        Receipt memory r = receiptOf(provider, 1, first);
        r.clientNonce = libs.buyerNonce(address(again), "s");
        bytes32[] memory values = new bytes32[](1);
        values[0] = hashOf(r);
        bytes32 root = libs.merkleRoot(values);
        vm.prank(provider);
        bytes32 mine = batches.commitBatch(provider, 1, first, root, 1);
        vm.roll(clock.close(0));
        bytes32 id = again.ask{value: feeOf(r)}(r, mine, new bytes32[](0), "s");
        vm.roll(clock.certifyDeadline(1) + 1);
        onDemand.refund(id);
        onDemand.withdraw(address(again));
        eq(again.calls(), 1);
        eq(address(again).balance, feeOf(r));
        eq(address(onDemand).balance, feeOf(receiptOf(provider, 0, 3)));
    }

    function test_RevertWhen_ThePriceIsNone() public {
        Price[3] memory wrong = [Price(0, 1, 1, 1), Price(1, 0, 1, 1), Price(1, 1, 0, 1)];
        for (uint256 i; i < wrong.length; ++i) {
            vm.expectRevert(IOnDemand.PriceRefused.selector);
            new OnDemand(sys, wrong[i]);
        }
    }
}

/// @notice Anybody does anything with requests of epoch after epoch.
contract OnDemandHandler is OnDemandBase {
    bytes32[] public ids;
    uint256 public paid; // by buyers
    uint256 public out; // to accounts
    uint64 private _epoch;
    uint64 private _next; // leaf

    function setUp() public override {
        super.setUp();
        commit(provider, 0, LEAVES);
    }

    function asks(uint256) external {
        if (_next == LEAVES || onDemand.requestCount(_epoch) == 3) return;
        bytes32 id = ask(_epoch, _next++);
        ids.push(id);
        paid += onDemand.requestOf(id).fee;
    }

    /// @dev The epoch is certified, or not, and the next one begins.
    function turn(uint256 seed) external {
        bytes32[] memory asked = onDemand.requests(_epoch);
        if (seed & 1 == 1) {
            SampleResult[] memory lines = new SampleResult[](asked.length);
            Held[] memory held = new Held[](asked.length);
            for (uint256 i; i < asked.length; ++i) {
                held[i] = heldOf(asked[i], seed >> (8 + 8 * i));
                lines[i] = lineOf(asked[i], uint8(bound(seed >> 2 * i, 1, 4)), held[i]);
            }
            fixBeacon(_epoch);
            bytes32[] memory values = certifyWith(_epoch, lines);
            for (uint256 i; i < asked.length; ++i) {
                uint256 at = values.length - asked.length + i;
                if (seed >> (200 + i) & 1 == 1) {
                    onDemand.settle(asked[i], lines[i], uint64(at), proofOf(values, at), held[i]);
                }
            }
        }
        ++_epoch;
        _epoch = uint64((block.number - START) / 100) + 1 > _epoch ? uint64((block.number - START) / 100) + 1 : _epoch;
        _next = 0;
        commit(provider, _epoch, LEAVES);
        vm.roll(clock.close(_epoch) - 1);
    }

    function refunds(uint256 i) external {
        if (ids.length == 0) return;
        try onDemand.refund(ids[i % ids.length]) {} catch {}
    }

    function withdraws(uint256 i) external {
        i %= OPERATORS + 1;
        address account = i == OPERATORS ? buyer : operator(i);
        uint256 amount = onDemand.balanceOf(account);
        try onDemand.withdraw(account) {
            out += amount;
        } catch {}
    }

    function moves() external pure returns (bytes4[] memory list) {
        list = new bytes4[](4);
        list[0] = this.asks.selector;
        list[1] = this.turn.selector;
        list[2] = this.refunds.selector;
        list[3] = this.withdraws.selector;
    }

    function check() external view {
        uint256 owed = onDemand.balanceOf(buyer);
        for (uint256 i; i < OPERATORS; ++i) {
            owed += onDemand.balanceOf(operator(i));
        }
        uint256 asked;
        for (uint256 i; i < ids.length; ++i) {
            if (onDemand.requestOf(ids[i]).status == RequestStatus.Asked) asked += onDemand.requestOf(ids[i]).fee;
        }
        eq(address(onDemand).balance, asked + owed);
        eq(paid, asked + owed + out);
    }
}

contract OnDemandInvariant is MoneyInvariant {
    function made() internal override returns (IHandler) {
        return IHandler(address(new OnDemandHandler()));
    }
}
