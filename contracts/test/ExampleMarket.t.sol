// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ExampleMarket} from "../src/ExampleMarket.sol";
import {IBatchRegistry} from "../src/interfaces/IBatchRegistry.sol";
import {IExampleMarket, JobStatus} from "../src/interfaces/IExampleMarket.sol";
import {PospLib} from "../src/libraries/PospLib.sol";
import {BatchResult, Receipt, Result} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";
import {IHandler, MoneyInvariant} from "./Invariant.sol";

/// @notice A buyer that asks for its money again when it gets it.
contract Greedy {
    ExampleMarket private immutable market;
    bool public refusing;
    bytes public answer;

    constructor(ExampleMarket market_) payable {
        market = market_;
    }

    function open(address provider, uint64 deadline) external returns (bytes32) {
        return market.open{value: 1 ether}(provider, "spec", "greedy", deadline);
    }

    function refuse() external {
        refusing = true;
    }

    function withdraw() external {
        market.withdraw();
    }

    receive() external payable {
        require(!refusing);
        (bool ok, bytes memory why) = address(market).call(abi.encodeCall(market.withdraw, ()));
        require(!ok);
        answer = why;
    }
}

/// @notice See ExampleMarket.tree.
contract ExampleMarketTest is Base {
    uint64 private constant LEAVES = 6;

    function setUp() public override {
        super.setUp();
        table.snapshot();
        vm.deal(buyer, 100 ether);
    }

    function open(address p, uint64 leaf, uint64 deadline) private returns (bytes32 id) {
        Receipt memory r = receiptOf(p, 0, leaf);
        vm.prank(buyer);
        return market.open{value: 1 ether}(p, r.specId, r.clientNonce, deadline);
    }

    function settle(bytes32 id, address p, uint64 leaf) private {
        market.settle(id, receiptOf(p, 0, leaf), 0, proofOf(leavesOf(p, 0, 0, LEAVES), leaf));
    }

    /// @dev Epoch 0 with the provider's batch as found.
    function judge(function(bytes32) internal view returns (BatchResult memory) found) private returns (bytes32 id) {
        id = commit(provider, 0, LEAVES);
        fixBeacon(0);
        submit(resultOf(0, found(id)));
        vm.roll(block.number + clock.contestBlocks);
    }

    function inconclusive(bytes32 id) internal view returns (BatchResult memory r) {
        r = passed(id);
        (r.passed, r.inconclusive) = (0, r.passed);
    }

    function mostlyPassed(bytes32 id) internal view returns (BatchResult memory r) {
        r = passed(id);
        r.inconclusive = (r.samples - 1) / 2;
        r.passed -= r.inconclusive;
    }

    function halfPassed(bytes32 id) internal view returns (BatchResult memory r) {
        r = passed(id);
        r.inconclusive = (r.samples + 1) / 2;
        r.passed -= r.inconclusive;
    }

    function test_WhoPassedIsPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(passed);
        settle(id, provider, 2);
        eq(market.balanceOf(provider), 1 ether);
        vm.prank(provider);
        market.withdraw();
        eq(provider.balance, 1 ether);
        eq(address(market).balance, 0);
        vm.expectPartialRevert(IExampleMarket.NothingOwed.selector);
        market.withdraw();
    }

    function test_WhatWasNotMeasuredIsNotPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(inconclusive);
        settle(id, provider, 2);
        yes(market.job(id).status == JobStatus.Refunded, "refunded");
    }

    function test_MostPassedAndNoneFailedIsPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(mostlyPassed);
        settle(id, provider, 2);
        yes(market.job(id).status == JobStatus.Paid, "paid");
    }

    function test_HalfPassedIsNotPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(halfPassed);
        settle(id, provider, 2);
        yes(market.job(id).status == JobStatus.Refunded, "refunded");
    }

    function test_RevertWhen_TheReceiptIsOfAnotherSpec() public {
        Receipt memory r = receiptOf(provider, 0, 2);
        vm.prank(buyer);
        bytes32 id = market.open{value: 1 ether}(provider, "another spec", r.clientNonce, 0);
        judge(passed);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        market.settle(id, r, 0, proof);
    }

    function test_WhoFailedIsNotPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(failed);
        settle(id, provider, 2);
        eq(market.balanceOf(provider), 0);
        eq(market.balanceOf(buyer), 1 ether);
    }

    function test_WhoWithheldIsNotPaid() public {
        bytes32 id = open(provider, 2, 0);
        judge(withheld);
        settle(id, provider, 2);
        eq(market.balanceOf(buyer), 1 ether);
    }

    function test_ABatchUnderAChargeIsNotPaidFor() public {
        bytes32 id = open(provider, 2, 0);
        bytes32 batchId = commit(provider, 0, LEAVES);
        fixBeacon(0);
        Result memory r = charged(0, batchId);
        r.batches[0] = passed(batchId); // the standing came from earlier epochs
        submit(r);
        vm.roll(block.number + clock.contestBlocks);
        settle(id, provider, 2);
        yes(market.job(id).status == JobStatus.Refunded, "refunded");
    }

    function test_RevertWhen_TheVerdictIsNotFinal() public {
        bytes32 id = open(provider, 2, 0);
        bytes32 batchId = commit(provider, 0, LEAVES);
        Receipt memory r = receiptOf(provider, 0, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        vm.expectPartialRevert(IExampleMarket.NotFinal.selector);
        market.settle(id, r, 0, proof);
        fixBeacon(0);
        submit(resultOf(0, passed(batchId)));
        vm.roll(block.number + clock.contestBlocks - 1);
        vm.expectPartialRevert(IExampleMarket.NotFinal.selector);
        market.settle(id, r, 0, proof);
    }

    /// @dev A receipt of a batch that was missed is paid for by the batch that it stands in, up to the deadline.
    function test_ALateReceiptIsPaidFor() public {
        bytes32 inTime = open(provider, 2, 1);
        bytes32 tooLate = open(provider, 3, 0);
        bytes32[] memory leaves = leavesOf(provider, 0, 0, LEAVES);
        vm.roll(clock.start(1));
        bytes32 root = libs.merkleRoot(leavesOf(provider, 0, 0, LEAVES));
        vm.prank(provider);
        bytes32 batchId = batches.commitBatch(provider, 1, 0, root, LEAVES);
        fixBeacon(1);
        submit(resultOf(1, passed(batchId)));
        vm.roll(block.number + clock.contestBlocks);
        market.settle(inTime, receiptOf(provider, 0, 2), 1, proofOf(leaves, 2));
        eq(market.balanceOf(provider), 1 ether);
        Receipt memory r = receiptOf(provider, 0, 3);
        bytes32[] memory proof = proofOf(leaves, 3);
        vm.expectPartialRevert(IExampleMarket.WrongReceipt.selector);
        market.settle(tooLate, r, 1, proof);
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        market.settle(tooLate, r, 0, proof);
    }

    /// @dev As a game says it.
    function overturn(bytes32 batchId, uint64 sample, uint8 from, uint8 to) private {
        vm.prank(sys.disputeGame);
        registry.conclude(batchId, sample, sample, from, to);
    }

    function test_WhomDisputesClearedIsPaid() public {
        bytes32 id = open(provider, 2, 0);
        bytes32 batchId = judge(failed);
        for (uint256 j; j < 3; ++j) {
            vm.prank(sys.disputeGame);
            registry.contest(batchId);
        }
        Receipt memory r = receiptOf(provider, 0, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        for (uint256 j; j < 3; ++j) {
            vm.expectPartialRevert(IExampleMarket.NotFinal.selector); // though the window is over
            market.settle(id, r, 0, proof);
            overturn(batchId, uint64(j), 2, 1);
        }
        market.settle(id, r, 0, proof);
        eq(market.balanceOf(provider), 1 ether);
    }

    function test_WhomADisputeConvictedIsNotPaid() public {
        bytes32 id = open(provider, 2, 0);
        bytes32 batchId = judge(passed);
        vm.prank(sys.disputeGame);
        registry.contest(batchId);
        overturn(batchId, 1, 1, 2);
        settle(id, provider, 2);
        eq(market.balanceOf(buyer), 1 ether);
    }

    function test_AJobWhoseReceiptWasShownWaitsForTheVerdict() public {
        bytes32 id = open(provider, 2, 0);
        bytes32 batchId = judge(passed);
        vm.prank(sys.disputeGame);
        registry.contest(batchId);
        Receipt memory r = receiptOf(provider, 0, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        market.show(id, r, 0, proof);
        yes(market.job(id).status == JobStatus.Shown, "shown");
        vm.expectPartialRevert(IExampleMarket.NotEscrowed.selector);
        market.show(id, r, 0, proof);
        vm.roll(block.number + 1_000_000);
        vm.expectPartialRevert(IExampleMarket.NotEscrowed.selector); // however long the dispute takes
        market.reclaim(id);
        overturn(batchId, 1, 1, 1);
        market.settle(id, r, 0, proof);
        eq(market.balanceOf(provider), 1 ether);
    }

    function test_AShownJobOfAVoidEpochIsRefunded() public {
        bytes32 id = open(provider, 2, 0);
        commit(provider, 0, LEAVES);
        Receipt memory r = receiptOf(provider, 0, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        market.show(id, r, 0, proof);
        vm.roll(clock.certifyDeadline(0) + 1);
        market.settle(id, r, 0, proof);
        eq(market.balanceOf(buyer), 1 ether);
    }

    function test_RevertWhen_AnotherReceiptIsShown() public {
        bytes32 id = open(provider, 2, 0);
        judge(passed);
        Receipt memory r = receiptOf(provider, 0, 3);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 3);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        market.show(id, r, 0, proof);
    }

    function test_RevertWhen_TheReceiptIsNotTheJobs() public {
        bytes32 id = open(provider, 2, 0);
        judge(passed);
        Receipt memory r = receiptOf(provider, 0, 3);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 3);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        market.settle(id, r, 0, proof);
        r.clientNonce = receiptOf(provider, 0, 2).clientNonce;
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        market.settle(id, r, 0, proof);
        r = receiptOf(provider, 0, 2);
        vm.expectPartialRevert(IExampleMarket.WrongReceipt.selector);
        market.settle(id, r, 1, proof); // of a batch after the deadline
        r = receiptOf(other, 0, 2);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        market.settle(id, r, 0, proof);
    }

    function test_RevertWhen_AJobIsSettledTwice() public {
        bytes32 id = open(provider, 2, 0);
        judge(passed);
        settle(id, provider, 2);
        Receipt memory r = receiptOf(provider, 0, 2);
        bytes32[] memory proof = proofOf(leavesOf(provider, 0, 0, LEAVES), 2);
        vm.expectPartialRevert(IExampleMarket.NotEscrowed.selector);
        market.settle(id, r, 0, proof);
        vm.roll(block.number + 1_000);
        vm.expectPartialRevert(IExampleMarket.NotEscrowed.selector);
        market.reclaim(id);
    }

    function test_AnUncertifiedEpochIsReclaimedAfterTheDeadlineOnly() public {
        bytes32 id = open(provider, 2, 0);
        uint256 last = clock.certifyDeadline(0) + clock.contestBlocks + 40;
        vm.roll(last);
        vm.expectPartialRevert(IExampleMarket.TooEarly.selector);
        market.reclaim(id);
        vm.roll(last + 1);
        market.reclaim(id);
        eq(market.balanceOf(buyer), 1 ether);
    }

    function test_RevertWhen_AJobIsOpenedForNothingTooLateOrTwice() public {
        open(provider, 2, 0);
        bytes32 nonce = receiptOf(provider, 0, 2).clientNonce;
        vm.startPrank(buyer);
        vm.expectPartialRevert(IExampleMarket.JobExists.selector);
        market.open{value: 1}(provider, "spec", nonce, 0);
        vm.expectRevert(IExampleMarket.JobRefused.selector);
        market.open(provider, "spec", "nonce", 0);
        vm.roll(clock.close(0));
        vm.expectRevert(IExampleMarket.JobRefused.selector);
        market.open{value: 1}(provider, "spec", "nonce", 0);
        vm.stopPrank();
    }

    function test_NobodyTakesABuyersNonceAway() public {
        address thief = address(0xbad);
        vm.deal(thief, 1 ether);
        bytes32 nonce = receiptOf(provider, 0, 2).clientNonce;
        vm.prank(thief);
        market.open{value: 1}(provider, "spec", nonce, 0);
        open(provider, 2, 0);
    }

    function test_RevertWhen_TheProviderIsJailed() public {
        bytes32 batchId = commit(provider, 0, LEAVES);
        fixBeacon(0);
        submit(charged(0, batchId));
        vm.prank(buyer);
        vm.expectPartialRevert(IExampleMarket.ProviderJailed.selector);
        market.open{value: 1}(provider, "spec", "nonce", 9);
        vm.prank(buyer);
        market.open{value: 1}(other, "spec", "nonce", 9);
    }

    function test_AGreedyBuyerIsPaidOnce() public {
        open(provider, 2, 0); // somebody else's money is in there too
        Greedy greedy = new Greedy{value: 1 ether}(market);
        bytes32 id = greedy.open(provider, 0);
        vm.roll(clock.certifyDeadline(0) + clock.contestBlocks + 41);
        market.reclaim(id);
        greedy.withdraw();
        eq(address(greedy).balance, 1 ether);
        eq(address(market).balance, 1 ether);
        yes(greedy.answer().length != 0, "its second call was refused");
    }

    function test_WhoRefusesMoneyKeepsItsClaim() public {
        Greedy greedy = new Greedy{value: 1 ether}(market);
        bytes32 id = greedy.open(provider, 0);
        vm.roll(clock.certifyDeadline(0) + clock.contestBlocks + 41);
        market.reclaim(id);
        greedy.refuse();
        vm.expectPartialRevert(IExampleMarket.PaymentRefused.selector);
        greedy.withdraw();
        eq(market.balanceOf(address(greedy)), 1 ether);
    }

    receive() external payable {}
}

/// @notice Buyers and providers do what they like with a market, epoch after epoch.
contract ExampleMarketHandler is Base {
    uint64 private constant LEAVES = 3;
    bytes32[] public jobs;
    mapping(bytes32 jobId => uint64) private _sequence;
    uint64 private _epoch;
    uint64 private _first; // sequence of its batch
    bool private _judged;

    function setUp() public override {
        super.setUp();
        table.snapshot();
        vm.deal(buyer, 1e30);
    }

    function open(uint64 leaf, uint64 payment) external {
        if (block.number >= clock.close(_epoch) || _judged) return;
        uint64 sequence = _first + leaf % LEAVES;
        Receipt memory r = receiptOf(provider, _epoch, sequence);
        bytes32 id = keccak256(abi.encode(buyer, provider, r.clientNonce));
        if (market.job(id).status != JobStatus.None) return;
        vm.prank(buyer);
        market.open{value: uint256(payment) + 1}(provider, r.specId, r.clientNonce, _epoch);
        jobs.push(id);
        _sequence[id] = sequence;
    }

    function judge(bool good) external {
        if (_judged) return;
        bytes32 id = commit(provider, _epoch, LEAVES);
        fixBeacon(_epoch);
        submit(resultOf(_epoch, good ? passed(id) : failed(id)));
        vm.roll(block.number + clock.contestBlocks);
        _judged = true;
    }

    function settle(uint256 i) external {
        if (jobs.length == 0 || !_judged) return;
        bytes32 id = jobs[i % jobs.length];
        uint64 sequence = _sequence[id];
        JobStatus status = market.job(id).status;
        if ((status != JobStatus.Escrowed && status != JobStatus.Shown) || sequence < _first) return;
        bytes32[] memory leaves = leavesOf(provider, _epoch, _first, LEAVES);
        market.settle(id, receiptOf(provider, _epoch, sequence), _epoch, proofOf(leaves, sequence - _first));
    }

    function show(uint256 i) external {
        if (jobs.length == 0 || !_judged) return;
        bytes32 id = jobs[i % jobs.length];
        uint64 sequence = _sequence[id];
        if (market.job(id).status != JobStatus.Escrowed || sequence < _first) return;
        bytes32[] memory leaves = leavesOf(provider, _epoch, _first, LEAVES);
        market.show(id, receiptOf(provider, _epoch, sequence), _epoch, proofOf(leaves, sequence - _first));
    }

    function nextEpoch() external {
        if (!_judged) return;
        _epoch = uint64((block.number - START) / clock.epochBlocks) + 1;
        _first = batches.nextSequence(provider);
        vm.roll(clock.start(_epoch));
        _judged = false;
    }

    function reclaim(uint256 i) external {
        if (jobs.length == 0) return;
        bytes32 id = jobs[i % jobs.length];
        if (market.job(id).status != JobStatus.Escrowed) return;
        uint256 now_ = block.number;
        vm.roll(clock.certifyDeadline(market.job(id).deadlineEpoch) + clock.contestBlocks + 41);
        market.reclaim(id);
        vm.roll(now_);
    }

    function withdraw(bool who) external {
        address account = who ? buyer : provider;
        if (market.balanceOf(account) == 0) return;
        vm.prank(account);
        market.withdraw();
    }

    function moves() external pure returns (bytes4[] memory list) {
        list = new bytes4[](7);
        list[0] = this.open.selector;
        list[1] = this.judge.selector;
        list[2] = this.settle.selector;
        list[3] = this.nextEpoch.selector;
        list[4] = this.reclaim.selector;
        list[5] = this.withdraw.selector;
        list[6] = this.show.selector;
    }

    function check() external view {
        uint256 escrowed;
        for (uint256 i; i < jobs.length; ++i) {
            JobStatus status = market.job(jobs[i]).status;
            if (status == JobStatus.Escrowed || status == JobStatus.Shown) escrowed += market.job(jobs[i]).payment;
        }
        eq(address(market).balance, escrowed + market.balanceOf(buyer) + market.balanceOf(provider));
    }
}

contract ExampleMarketInvariant is MoneyInvariant {
    function made() internal override returns (IHandler) {
        return IHandler(address(new ExampleMarketHandler()));
    }
}
