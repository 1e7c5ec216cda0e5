// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Where everything of a deployment is. Our contracts refer to each other in circles, so their addresses
/// are predicted from the deployer's nonce. Order: BatchRegistry, OperatorTable, FaultManager, AttestationRegistry,
/// RefundPool, ServiceManager (whose constructor registers with EigenLayer), DisputeGame,
/// SignerFaults, KeyRegistry, ReceiptFaults, OnDemand.
struct System {
    address allocationManager; // EigenLayer's
    address keyRegistrar;
    address strategyManager;
    address strategy; // what providers and operators stake
    address serviceManager; // ours: the AVS
    address batchRegistry;
    address operatorTable;
    address attestationRegistry;
    address faultManager;
    address refundPool;
    address disputeGame;
    address privateDisputeGame; // or zero: verdicts under private specs cannot be contested then
    address signerFaults;
    address keyRegistry;
    address receiptFaults;
    address onDemand; // or zero: no receipts are verified on demand then
}

/// @dev The operator set of those who serve. What it loses goes to the RefundPool.
uint32 constant PROVIDERS = 0;
/// @dev The operator set of those who recompute.
uint32 constant VERIFIERS = 1;
