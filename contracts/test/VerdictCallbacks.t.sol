// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {VerdictCallbacks} from "../src/VerdictCallbacks.sol";
import {IVerdictCallbacks, IVerdictConsumer} from "../src/interfaces/IVerdictCallbacks.sol";
import {Finality, Shown, Verdict} from "../src/interfaces/IVerdictReader.sol";
import {CallbackLib} from "../src/libraries/CallbackLib.sol";
import {Lines} from "./VerdictReader.t.sol";

/// @notice A consumer that takes what it is told, and one for each way of not doing so.
contract Consumer is IVerdictConsumer {
    enum Way {
        Take,
        Revert,
        BurnGas,
        ReturnBomb,
        RevertBomb,
        Invalid,
        Reenter
    }

    VerdictCallbacks private immutable CALLBACKS;
    Way private immutable WAY;
    uint256 public told;
    uint256 public gasGiven;
    bytes32 public hash;
    Verdict private _verdict;
    Shown private _shown;
    bool public entered;

    constructor(VerdictCallbacks callbacks, Way way) {
        CALLBACKS = callbacks;
        WAY = way;
    }

    function subscribe(bytes32 receiptHash, uint32 gasCap) external {
        CALLBACKS.subscribe(receiptHash, gasCap);
    }

    function remember(Shown calldata s) external {
        _shown = s;
    }

    function verdict() external view returns (Verdict memory) {
        return _verdict;
    }

    function onVerdict(bytes32 receiptHash, Verdict calldata v) external {
        require(msg.sender == address(CALLBACKS));
        gasGiven = gasleft();
        if (WAY == Way.Revert) revert("no");
        if (WAY == Way.BurnGas) while (true) {}
        if (WAY == Way.Invalid) {
            assembly {
                invalid()
            }
        }
        if (WAY == Way.ReturnBomb || WAY == Way.RevertBomb) {
            bool fail = WAY == Way.RevertBomb;
            assembly {
                // As much memory as the gas buys, all of it handed back.
                let size := 600000
                mstore(size, 1)
                if fail { revert(0, size) }
                return(0, size)
            }
        }
        if (WAY == Way.Reenter) {
            (entered,) = address(CALLBACKS).call(abi.encodeCall(CALLBACKS.deliver, (address(this), _shown)));
        }
        ++told;
        (hash, _verdict) = (receiptHash, v);
    }
}

/// @notice See VerdictCallbacks.tree.
contract VerdictCallbacksTest is Lines {
    VerdictCallbacks private callbacks;

    function setUp() public override {
        super.setUp();
        callbacks = new VerdictCallbacks(reader);
        judge([PASS, FAIL, PASS, PASS, PASS, PASS]);
    }

    function consumer(Consumer.Way way, Shown memory s, uint32 gasCap) private returns (Consumer c) {
        c = new Consumer(callbacks, way);
        c.subscribe(reader.receiptHash(s.receipt), gasCap);
    }

    function test_AConsumerIsToldOnceWhenItIsFinal() public {
        Shown memory s = drawn(1);
        Consumer c = consumer(Consumer.Way.Take, s, 1_000_000);
        vm.expectPartialRevert(IVerdictCallbacks.NotFinal.selector);
        callbacks.deliver(address(c), s);
        contest();
        finish();
        vm.expectPartialRevert(IVerdictCallbacks.NotFinal.selector);
        callbacks.deliver(address(c), s);
        conclude(1, PASS);
        yes(callbacks.deliver(address(c), s), "taken");
        eq(c.told(), 1);
        eq(c.hash(), reader.receiptHash(s.receipt));
        eq(c.verdict().verdict, PASS);
        yes(c.verdict().overturned && c.verdict().batch.finality == Finality.Final, "as the reader says");
        vm.expectPartialRevert(IVerdictCallbacks.NotSubscribed.selector);
        callbacks.deliver(address(c), s);
    }

    function test_WhoDidNotSubscribeIsNotCalled() public {
        Consumer c = new Consumer(callbacks, Consumer.Way.Take);
        finish();
        Shown memory s = drawn(0);
        vm.expectPartialRevert(IVerdictCallbacks.NotSubscribed.selector);
        callbacks.deliver(address(c), s);
        vm.expectPartialRevert(IVerdictCallbacks.GasCapRefused.selector);
        callbacks.subscribe("r", 0);
        uint32 most = callbacks.MAX_GAS();
        vm.expectPartialRevert(IVerdictCallbacks.GasCapRefused.selector);
        callbacks.subscribe("r", most + 1);
    }

    /// @dev All at once, in one transaction, the good one last.
    function test_NoConsumerStopsAnother() public {
        finish();
        uint32 cap = 2_000_000;
        Shown memory s = drawn(0);
        address[] memory list = new address[](7);
        Shown[] memory shown = new Shown[](7);
        for (uint256 i; i < 7; ++i) {
            // forge-lint: disable-next-line(unsafe-typecast)
            Consumer c = consumer(Consumer.Way(6 - i), s, cap);
            c.remember(s);
            (list[i], shown[i]) = (address(c), s);
        }
        uint256 before = gasleft();
        callbacks.deliverAll(list, shown);
        yes(before - gasleft() < 7 * (uint256(cap) + 200_000), "no more than the caps");
        eq(Consumer(list[6]).told(), 1);
        eq(Consumer(list[0]).told(), 1);
        yes(!Consumer(list[0]).entered(), "not told again from within");
        for (uint256 i = 1; i < 6; ++i) {
            eq(Consumer(list[i]).told(), 0);
            eq(callbacks.subscription(list[i], reader.receiptHash(s.receipt)), 0); // and is not asked again
        }
    }

    function test_ABombCostsItsSenderAloneAndNothingIsCopied() public {
        finish();
        Shown memory s = drawn(0);
        Consumer bomb = consumer(Consumer.Way.ReturnBomb, s, 2_000_000);
        uint256 before = gasleft();
        yes(callbacks.deliver(address(bomb), s), "it answered");
        // Copying 600 kB would cost a million and more on top of what making it did.
        yes(before - gasleft() < 2_000_000 + 200_000, "not copied");
    }

    /// @dev Who sends cannot choose the gas so that the consumer fails and is never told again.
    function testFuzz_TooLittleGasIsNoDelivery(uint256 gas_) public {
        finish();
        Shown memory s = drawn(0);
        uint32 cap = 700_000;
        Consumer c = consumer(Consumer.Way.Take, s, cap);
        bytes32 hash = reader.receiptHash(s.receipt);
        gas_ = bound(gas_, 50_000, 1_600_000);
        try callbacks.deliver{gas: gas_}(address(c), s) returns (bool ok) {
            yes(ok, "taken");
            eq(c.told(), 1);
            yes(c.gasGiven() > cap - 10_000, "the whole cap");
        } catch {
            eq(c.told(), 0);
            eq(callbacks.subscription(address(c), hash), cap);
        }
    }

    function test_AnAccountWithoutCodeIsNoConsumer() public {
        finish();
        Shown memory s = drawn(0);
        bytes32 hash = reader.receiptHash(s.receipt);
        vm.prank(buyer);
        callbacks.subscribe(hash, 1);
        yes(!callbacks.deliver(buyer, s), "not taken");
    }

    function test_RevertWhen_ListsDiffer() public {
        vm.expectPartialRevert(IVerdictCallbacks.LengthsDiffer.selector);
        callbacks.deliverAll(new address[](1), new Shown[](2));
    }

    /// @dev The library by itself, where gas is short: it says so, and calls nobody.
    function test_GasTooLow() public {
        vm.expectPartialRevert(CallbackLib.GasTooLow.selector);
        this.notifyWith{gas: 200_000}(500_000);
    }

    function notifyWith(uint256 cap) external {
        CallbackLib.notify(address(callbacks), cap, "");
    }
}
