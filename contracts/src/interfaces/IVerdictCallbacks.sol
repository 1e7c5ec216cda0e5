// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {Shown, Verdict} from "./IVerdictReader.sol";

/// @title IVerdictConsumer
/// @notice A contract that wants to be told.
interface IVerdictConsumer {
    /// @notice A receipt's verdict is final, or its epoch void. Called once for a subscription, by VerdictCallbacks, with
    /// the gas that was subscribed with; a failure is not repeated.
    function onVerdict(bytes32 receiptHash, Verdict calldata verdict) external;
}

/// @title IVerdictCallbacks
/// @notice Tells contracts of verdicts that they subscribed to. What one of them does stops nobody else's.
interface IVerdictCallbacks {
    event Subscribed(address indexed consumer, bytes32 indexed receiptHash, uint32 gasCap);
    /// @param ok Whether the consumer took it.
    event Delivered(
        address indexed consumer, bytes32 indexed receiptHash, uint8 verdict, bool ok
    );

    /// @notice A callback has between 1 and MAX_GAS gas.
    error GasCapRefused(uint32 gasCap);
    /// @notice The consumer did not subscribe to this receipt, or was told.
    error NotSubscribed(address consumer, bytes32 receiptHash);
    /// @notice The verdict can still change.
    error NotFinal(bytes32 batchId);
    /// @notice One receipt for each consumer.
    error LengthsDiffer(uint256 consumers, uint256 receipts);

    /// @notice The caller wants to be told when a receipt's verdict is final. A second call changes the gas.
    function subscribe(bytes32 receiptHash, uint32 gasCap) external;

    /// @notice Tells a consumer. Anybody may; the sender's gas must cover the cap.
    /// @return ok Whether it took it.
    function deliver(address consumer, Shown calldata shown) external returns (bool ok);

    /// @notice Tells many, each of its receipt.
    function deliverAll(address[] calldata consumers, Shown[] calldata shown) external;

    /// @notice With how much gas a consumer is to be told of a receipt; zero if it is not.
    function subscription(address consumer, bytes32 receiptHash) external view returns (uint32 gasCap);
}
