// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Permissioned} from "../src/Permissioned.sol";
import {IKeyRegistry, Purpose} from "../src/interfaces/IKeyRegistry.sol";
import {Base} from "./Base.sol";

/// @notice See KeyRegistry.tree.
contract KeyRegistryTest is Base {
    address internal account = address(0xc1);
    address internal first = address(0xc2);
    address internal second = address(0xc3);

    function set(Purpose purpose, address key) internal returns (uint64) {
        vm.prank(account);
        return keys.setKey(account, purpose, key);
    }

    // setKey

    function testFuzz_AChangeCountsFromTheNextEpochThatIsNoticeAway(uint256 at) public {
        set(Purpose.Receipts, first);
        at = bound(at, START - 50, START + 5_000);
        vm.roll(at);
        uint64 from = set(Purpose.Receipts, second);
        yes(clock.start(from) > at + NOTICE, "it counts too early");
        yes(from == 0 || clock.start(from - 1) <= at + NOTICE, "it counts too late");
        eq(keys.keyAt(account, Purpose.Receipts, from), second);
        if (from > 0) eq(keys.keyAt(account, Purpose.Receipts, from - 1), first);
    }

    function test_TheEdgesOfTheNotice() public {
        vm.roll(clock.start(4) - NOTICE - 1);
        eq(set(Purpose.Messages, first), 4);
        vm.roll(clock.start(4) - NOTICE);
        eq(set(Purpose.Messages, second), 5);
        eq(keys.keyAt(account, Purpose.Messages, 4), first);
    }

    function test_AnotherChangeTakesThePlaceOfOneThatDoesNotCountYet() public {
        vm.roll(clock.start(2));
        set(Purpose.Messages, first);
        set(Purpose.Messages, second);
        eq(keys.keyAt(account, Purpose.Messages, 2), account);
        eq(keys.keyAt(account, Purpose.Messages, 3), second);
    }

    function test_AProvidersFirstKeyCountsAtOnce() public {
        vm.roll(clock.start(7) + 3);
        eq(set(Purpose.Receipts, first), 7);
        eq(keys.keyAt(account, Purpose.Receipts, 6), address(0));
        eq(keys.keyAt(account, Purpose.Receipts, 7), first);
        eq(set(Purpose.Receipts, second), 8); // the same block: no longer the first
        eq(keys.keyAt(account, Purpose.Receipts, 7), first);
    }

    function test_AnOperatorsFirstKeyReplacesItsAccount() public {
        vm.roll(clock.start(7) + 3);
        eq(set(Purpose.Messages, first), 8);
        eq(keys.keyAt(account, Purpose.Messages, 7), account);
        vm.roll(clock.start(8));
        eq(set(Purpose.Messages, account), 9); // and back again
        eq(keys.keyAt(account, Purpose.Messages, 9), account);
    }

    function test_RevertWhen_ThereIsNoKey() public {
        vm.prank(account);
        vm.expectRevert(IKeyRegistry.NoKey.selector);
        keys.setKey(account, Purpose.Messages, address(0));
    }

    function test_RevertWhen_AStrangerSets() public {
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Permissioned.NotPermitted.selector, account, buyer));
        keys.setKey(account, Purpose.Messages, buyer);
    }

    function test_AnAppointeeSets() public {
        eigen.appoint(account, buyer, address(keys), IKeyRegistry.setKey.selector);
        vm.prank(buyer);
        keys.setKey(account, Purpose.Messages, first);
        vm.prank(buyer);
        vm.expectPartialRevert(Permissioned.NotPermitted.selector);
        keys.setKey(other, Purpose.Messages, first);
    }

    function test_RevertWhen_TheAccountIsNoLongerItsAdmin() public {
        eigen.setAdmin(account, buyer);
        vm.prank(account);
        vm.expectPartialRevert(Permissioned.NotPermitted.selector);
        keys.setKey(account, Purpose.Messages, first);
        vm.prank(buyer);
        keys.setKey(account, Purpose.Messages, first);
    }

    function test_TwoAccountsMayHaveOneKey() public {
        set(Purpose.Messages, first);
        vm.prank(other);
        keys.setKey(other, Purpose.Messages, first);
        set(Purpose.Messages, second);
        eq(keys.keyAt(other, Purpose.Messages, 9), first);
        eq(keys.keyAt(account, Purpose.Messages, 9), second);
    }

    // keyAt

    function test_WithoutAKey() public view {
        eq(keys.keyAt(account, Purpose.Messages, 3), account);
        eq(keys.keyAt(account, Purpose.Receipts, 3), address(0));
    }

    function test_ManyAtOnce() public {
        vm.roll(clock.start(2));
        set(Purpose.Messages, first);
        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (other, account);
        address[] memory found = keys.keysAt(accounts, Purpose.Messages, 3);
        eq(found.length, 2);
        eq(found[0], other);
        eq(found[1], first);
        eq(keys.keysAt(accounts, Purpose.Messages, 2)[1], account);
    }

    /// @dev Whatever is set, and when: what was final stays.
    function testFuzz_ThePastNeverChanges(uint256 seed) public {
        address[20] memory final_;
        set(Purpose.Receipts, address(1));
        uint64 sealed_;
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.roll(block.number + seed % 90);
            while (sealed_ < 20 && block.number + NOTICE >= clock.start(sealed_)) {
                final_[sealed_] = keys.keyAt(account, Purpose.Receipts, sealed_);
                ++sealed_;
            }
            set(Purpose.Receipts, address(uint160(seed | 1)));
            for (uint64 e; e < sealed_; ++e) {
                eq(keys.keyAt(account, Purpose.Receipts, e), final_[e]);
            }
        }
        yes(sealed_ > 5, "the clock did not move");
    }
}
