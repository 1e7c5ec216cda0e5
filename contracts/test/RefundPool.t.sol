// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS} from "../src/System.sol";
import {IBatchRegistry} from "../src/interfaces/IBatchRegistry.sol";
import {OperatorSet} from "../src/interfaces/IEigenLayer.sol";
import {IRefundPool} from "../src/interfaces/IRefundPool.sol";
import {DigestLib} from "../src/libraries/DigestLib.sol";
import {BatchResult, Fault, Receipt, Result, Standing} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";
import {EigenLayerStub} from "./EigenLayerStub.sol";
import {IHandler, MoneyInvariant} from "./Invariant.sol";

/// @notice See RefundPool.tree.
contract RefundPoolTest is Base {
    uint64 private constant LEAVES = 8;
    bytes32 private faultA;
    bytes32 private faultB;

    /// @dev Two providers are charged in one epoch and slashed 500 each.
    function setUp() public override {
        super.setUp();
        table.snapshot();
        bytes32 a = commit(provider, 0, LEAVES);
        bytes32 b = commit(other, 0, LEAVES);
        fixBeacon(0);
        BatchResult[] memory list = new BatchResult[](2);
        (list[0], list[1]) = (failed(a), failed(b));
        Result memory r = resultOf(0, list);
        r.standings = new Standing[](2);
        r.standings[0] = Standing(provider, SPEC, FAULT_LINE);
        r.standings[1] = Standing(other, SPEC, FAULT_LINE);
        r.faults = new Fault[](2);
        (r.faults[0], r.faults[1]) = (statistical(a), statistical(b));
        submit(r);
        faultA = faults.faultIdOf(0, r.faults[0]);
        faultB = faults.faultIdOf(0, r.faults[1]);
        vm.roll(faults.fault(faultA).executableAt);
        faults.execute(faultA);
        faults.execute(faultB);
    }

    function proof(address p, uint64 leaf) private view returns (bytes32[] memory) {
        return proofOf(leavesOf(p, 0, 0, LEAVES), leaf);
    }

    function claim(bytes32 faultId, address p, uint64 leaf) private returns (uint256) {
        return pool.claim(faultId, receiptOf(p, 0, leaf), proof(p, leaf), buyer, bytes32(uint256(leaf)));
    }

    function released() private {
        vm.roll(block.number + eigen.RESOLUTION_DELAY() + 1);
    }

    function test_APotWaitsForEigenLayer() public {
        vm.expectRevert(EigenLayerStub.SlashResolutionDelayNotElapsed.selector);
        pool.collect(faultA);
        released();
        eq(pool.collect(faultA), 500e18);
        eq(pool.owed(), 500e18);
        vm.expectPartialRevert(IRefundPool.AlreadyCollected.selector);
        pool.collect(faultA);
    }

    function test_RevertWhen_NothingIsCollected() public {
        Receipt memory r = receiptOf(provider, 0, 1);
        bytes32[] memory siblings = proof(provider, 1);
        vm.expectPartialRevert(IRefundPool.NotCollected.selector);
        pool.claim(faultA, r, siblings, buyer, bytes32(uint256(1)));
    }

    function test_EachReceiptGetsAnEqualShareOnce() public {
        released();
        pool.collect(faultA);
        for (uint64 leaf; leaf < LEAVES; ++leaf) {
            eq(claim(faultA, provider, leaf), 500e18 / LEAVES);
            yes(pool.claimed(faultA, leaf), "claimed");
        }
        eq(eigen.underlyingToken().balanceOf(buyer), 500e18);
        eq(pool.owed(), 0);
        Receipt memory r = receiptOf(provider, 0, 1);
        bytes32[] memory siblings = proof(provider, 1);
        vm.expectPartialRevert(IRefundPool.AlreadyClaimed.selector);
        pool.claim(faultA, r, siblings, buyer, bytes32(uint256(1)));
    }

    function test_RevertWhen_TheClaimIsNotTheBuyers() public {
        released();
        pool.collect(faultA);
        Receipt memory r = receiptOf(provider, 0, 1);
        bytes32[] memory siblings = proof(provider, 1);
        vm.expectPartialRevert(IRefundPool.NotBuyer.selector);
        pool.claim(faultA, r, siblings, address(this), bytes32(uint256(1)));
        vm.expectPartialRevert(IRefundPool.NotBuyer.selector);
        pool.claim(faultA, r, siblings, buyer, bytes32(uint256(2)));
        r.clientNonce = DigestLib.buyerNonce(address(this), 0); // a receipt that was never in the batch
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        pool.claim(faultA, r, siblings, address(this), 0);
    }

    function test_RevertWhen_TheReceiptIsOfAnotherPot() public {
        released();
        pool.collect(faultA);
        Receipt memory r = receiptOf(other, 0, 1);
        bytes32[] memory siblings = proof(other, 1);
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        pool.claim(faultA, r, siblings, buyer, bytes32(uint256(1)));
        vm.expectPartialRevert(IRefundPool.PotUnknown.selector);
        pool.claim("no fault", r, siblings, buyer, bytes32(uint256(1)));
        vm.expectPartialRevert(IRefundPool.PotUnknown.selector);
        pool.collect("no fault");
    }

    function test_RevertWhen_AStrangerOpensAPot() public {
        vm.expectPartialRevert(IRefundPool.NotFaultManager.selector);
        pool.open("f", "b", 1, 1);
    }

    function testFuzz_WhoeverHasItPaidOutBehindOurBackTakesNothingFromAnybody(uint256 order, uint256 donation) public {
        released();
        donation = bound(donation, 0, 1e24);
        OperatorSet memory set = OperatorSet(sys.serviceManager, PROVIDERS);
        if (order & 1 == 1) eigen.clearBurnOrRedistributableShares(set, pool.pot(faultA).slashId);
        if (order & 2 == 2) eigen.clearBurnOrRedistributableShares(set, pool.pot(faultB).slashId);
        eigen.underlyingToken().mint(address(pool), donation);
        (bytes32 first, bytes32 second) = order & 4 == 4 ? (faultA, faultB) : (faultB, faultA);
        eq(pool.collect(first), 500e18);
        eq(pool.collect(second), 500e18);
        eq(pool.owed(), 1_000e18);
        eq(eigen.underlyingToken().balanceOf(address(pool)), 1_000e18 + donation);
    }

    /// @dev The strategy's rate moved between two payments behind our back: what is owed is never more than is there.
    function testFuzz_ARateThatMovesCannotOverdrawThePool(uint256 rateA, uint256 rateB, uint256 rateC) public {
        released();
        OperatorSet memory set = OperatorSet(sys.serviceManager, PROVIDERS);
        eigen.setRate(bound(rateA, 0, 3e18));
        eigen.clearBurnOrRedistributableShares(set, pool.pot(faultA).slashId);
        eigen.setRate(bound(rateB, 0, 3e18));
        eigen.clearBurnOrRedistributableShares(set, pool.pot(faultB).slashId);
        eigen.setRate(bound(rateC, 0, 3e18));
        pool.collect(faultB);
        pool.collect(faultA);
        yes(pool.owed() <= eigen.underlyingToken().balanceOf(address(pool)), "overdrawn");
    }
}

/// @notice Anybody does anything with a pool that gets pots all the time.
contract RefundPoolHandler is Base {
    bytes32[] public ids;
    uint64[] public epochs;
    uint256 public paid;
    uint64 private constant LEAVES = 5;
    uint64 private _next;

    function charge(uint256 stake) external {
        uint64 epoch = _next++;
        if (block.number > clock.start(epoch)) epoch = _next = uint64((block.number - START) / 100) + 1;
        _next = epoch + 1;
        // What was slashed is staked anew, another amount each time.
        eigen.setStake(sys.serviceManager, PROVIDERS, provider, bound(stake, 2, 1e30));
        bytes32 id = commit(provider, epoch, LEAVES);
        fixBeacon(epoch);
        submit(charged(epoch, id));
        bytes32 faultId = faults.faultIdOf(epoch, statistical(id));
        vm.roll(faults.fault(faultId).executableAt);
        faults.execute(faultId);
        vm.roll(block.number + 4);
        ids.push(faultId);
        epochs.push(epoch);
    }

    function setUp() public override {
        super.setUp();
        table.snapshot();
    }

    function collect(uint256 i) external {
        if (ids.length == 0) return;
        bytes32 id = ids[i % ids.length];
        if (!pool.pot(id).collected) pool.collect(id);
    }

    function payOutDirectly(uint256 i) external {
        if (ids.length == 0) return;
        eigen.clearBurnOrRedistributableShares(
            OperatorSet(sys.serviceManager, PROVIDERS), pool.pot(ids[i % ids.length]).slashId
        );
    }

    function donate(uint128 amount) external {
        eigen.underlyingToken().mint(address(pool), amount);
    }

    function moveRate(uint256 rate_) external {
        eigen.setRate(bound(rate_, 0.5e18, 2e18));
    }

    function claim(uint256 i, uint64 leaf) external {
        if (ids.length == 0) return;
        i %= ids.length;
        leaf %= LEAVES;
        if (!pool.pot(ids[i]).collected || pool.claimed(ids[i], leaf)) return;
        uint64 first = batches.batch(pool.pot(ids[i]).batchId).firstSequence;
        paid += pool.claim(
            ids[i],
            receiptOf(provider, epochs[i], first + leaf),
            proofOf(leavesOf(provider, epochs[i], first, LEAVES), leaf),
            buyer,
            bytes32(uint256(first + leaf))
        );
    }

    function moves() external pure returns (bytes4[] memory list) {
        list = new bytes4[](6);
        list[0] = this.charge.selector;
        list[1] = this.collect.selector;
        list[2] = this.payOutDirectly.selector;
        list[3] = this.donate.selector;
        list[4] = this.moveRate.selector;
        list[5] = this.claim.selector;
    }

    function check() external view {
        uint256 unclaimed;
        for (uint256 i; i < ids.length; ++i) {
            uint256 amount = pool.pot(ids[i]).amount;
            unclaimed += amount;
            for (uint64 leaf; leaf < LEAVES; ++leaf) {
                if (pool.claimed(ids[i], leaf)) unclaimed -= amount / LEAVES;
            }
        }
        eq(pool.owed(), unclaimed);
        yes(pool.owed() <= eigen.underlyingToken().balanceOf(address(pool)), "the pool owes more than it has");
        eq(eigen.underlyingToken().balanceOf(buyer), paid);
    }
}

contract RefundPoolInvariant is MoneyInvariant {
    function made() internal override returns (IHandler) {
        return IHandler(address(new RefundPoolHandler()));
    }
}
