// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What an account's hot key signs.
enum Purpose {
    Receipts, // of a provider; without a key there are none
    Messages // of an operator: commitments, reveals, requests for openings and to read; without a key the account's own
}

/// @title IKeyRegistry
/// @notice Whose ECDSA signature counts for an account, by epoch. What is signed of an epoch is judged by the key of
/// that epoch for ever: a rotation disowns nothing that was signed, and a later key signs nothing of the past.
interface IKeyRegistry {
    /// @notice From an epoch on another key signs.
    event KeySet(address indexed account, Purpose indexed purpose, uint64 fromEpoch, address key);

    /// @notice A key must be given.
    error NoKey();

    /// @notice Sets an account's key. It counts from the first epoch that starts more than `notice` blocks from now; a
    /// first receipt key, which replaces nothing, from the present epoch. To set it again before then replaces it.
    /// @param account Caller's, or one that lets the caller call this in EigenLayer's PermissionController.
    /// @return fromEpoch From which it counts.
    function setKey(address account, Purpose purpose, address key) external returns (uint64 fromEpoch);

    /// @notice Whose signature counts in an epoch; zero if there is none yet. Final once fewer than `notice` blocks
    /// are missing to the epoch's start, but for a provider's first receipt key.
    function keyAt(address account, Purpose purpose, uint64 epoch) external view returns (address);

    /// @notice keyAt of many accounts, in their order.
    function keysAt(address[] calldata accounts, Purpose purpose, uint64 epoch)
        external
        view
        returns (address[] memory keys);

    /// @notice Blocks before an epoch's start in which its keys do not change any more, so that all see the same ones
    /// when it starts, reorganisations or not.
    function notice() external view returns (uint64);
}
