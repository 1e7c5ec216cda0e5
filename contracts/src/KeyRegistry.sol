// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {Permissioned} from "./Permissioned.sol";
import {System} from "./System.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IKeyRegistry, Purpose} from "./interfaces/IKeyRegistry.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title KeyRegistry
contract KeyRegistry is IKeyRegistry, Clock, Permissioned {
    using Checkpoints for Checkpoints.Trace160;

    /// @inheritdoc IKeyRegistry
    uint64 public immutable notice;

    /// @dev Epoch to key.
    mapping(address account => mapping(Purpose purpose => Checkpoints.Trace160)) private _keys;

    /// @param notice_ At least the depth below which no reorganisation is expected.
    constructor(System memory system, uint64 notice_)
        Clock(IBatchRegistry(system.batchRegistry).schedule())
        Permissioned(system.allocationManager)
    {
        notice = notice_;
    }

    /// @inheritdoc IKeyRegistry
    function setKey(address account, Purpose purpose, address key)
        external
        onlyFor(account)
        returns (uint64 fromEpoch)
    {
        require(key != address(0), NoKey());
        Checkpoints.Trace160 storage history = _keys[account][purpose];
        bool first = purpose == Purpose.Receipts && history.length() == 0;
        fromEpoch = first ? _epochAt(block.number) : _startingAfter(block.number + notice);
        history.push(fromEpoch, uint160(key));
        emit KeySet(account, purpose, fromEpoch, key);
    }

    /// @inheritdoc IKeyRegistry
    function keyAt(address account, Purpose purpose, uint64 epoch) external view returns (address) {
        return _keyAt(account, purpose, epoch);
    }

    /// @inheritdoc IKeyRegistry
    function keysAt(address[] calldata accounts, Purpose purpose, uint64 epoch)
        external
        view
        returns (address[] memory keys)
    {
        keys = new address[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            keys[i] = _keyAt(accounts[i], purpose, epoch);
        }
    }

    function _keyAt(address account, Purpose purpose, uint64 epoch) private view returns (address key) {
        key = address(_keys[account][purpose].upperLookupRecent(epoch));
        if (key == address(0) && purpose == Purpose.Messages) key = account;
    }

    /// @dev The epoch that serves at a block; before the first one, that.
    function _epochAt(uint256 number) private view returns (uint64) {
        Schedule memory s = _schedule();
        return number < s.genesis ? 0 : SafeCast.toUint64((number - s.genesis) / s.epochBlocks);
    }

    /// @dev The first epoch that starts after a block.
    function _startingAfter(uint256 number) private view returns (uint64) {
        return number < _schedule().genesis ? 0 : _epochAt(number) + 1;
    }
}
