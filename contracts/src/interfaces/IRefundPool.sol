// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Receipt} from "../libraries/Values.sol";

/// @notice What a fault left for the buyers of a batch or, of a fault of receipts, for those whom it wronged.
struct Pot {
    bytes32 batchId; // zero of a fault of receipts
    uint64 leafCount; // receipts that share it
    bool collected;
    uint256 slashId; // EigenLayer's, in the PROVIDERS set
    uint256 shares; // slashed
    uint256 amount; // of the token, once collected, that is shared
}

/// @title IRefundPool
/// @notice Where providers' slashed stake goes, for the buyers of the batch that it was slashed for.
interface IRefundPool {
    event PotOpened(bytes32 indexed faultId, bytes32 indexed batchId, uint256 indexed slashId, uint256 shares);
    event PotCollected(bytes32 indexed faultId, uint256 amount);
    event Refunded(bytes32 indexed faultId, address indexed buyer, uint64 indexed leaf, uint256 amount);

    /// @notice Only the FaultManager may call.
    error NotFaultManager(address caller);
    /// @notice There is no pot for this fault.
    error PotUnknown(bytes32 faultId);
    /// @notice The pot was collected already.
    error AlreadyCollected(bytes32 faultId);
    /// @notice The pot is not collected yet: EigenLayer has not released it, or nobody called collect.
    error NotCollected(bytes32 faultId);
    /// @notice This receipt's share was paid.
    error AlreadyClaimed(bytes32 faultId, uint64 leaf);
    /// @notice The receipt's nonce is not this buyer's.
    error NotBuyer(address buyer);
    /// @notice The pot is not of a fault that wronged this receipt.
    error NotWronged(bytes32 faultId, bytes32 receiptHash);

    /// @notice Notes that a slash is on its way here.
    function open(bytes32 faultId, bytes32 batchId, uint256 slashId, uint256 shares) external;

    /// @notice Fetches what EigenLayer holds for a fault. Anybody may, once its delay is over.
    function collect(bytes32 faultId) external returns (uint256 amount);

    /// @notice Pays a buyer an equal share of a fault's pot for one receipt. Anybody may; the buyer gets it.
    /// @param receipt With `clientNonce` = buyerNonce(buyer, secret).
    function claim(bytes32 faultId, Receipt calldata receipt, bytes32[] calldata proof, address buyer, bytes32 secret)
        external
        returns (uint256 amount);

    /// @notice Pays the buyer of a receipt that a fault of receipts wronged: two of one sequence, or one that was left
    /// out. Anybody may; the buyer gets it.
    function compensate(bytes32 faultId, Receipt calldata receipt, address buyer, bytes32 secret)
        external
        returns (uint256 amount);

    /// @notice What a wronged receipt gets at most. A provider can commit such a fault at any time, to itself too: were the
    /// slash paid out, it would be a way to take stake out of reach of other charges. What is beyond stays here.
    function compensation() external view returns (uint256);

    function pot(bytes32 faultId) external view returns (Pot memory);

    /// @notice Whether a leaf's share of a pot was paid; of a fault of receipts, that of the first (0) or the second (1).
    function claimed(bytes32 faultId, uint64 leaf) external view returns (bool);

    /// @notice What is collected and not yet claimed, of all pots.
    function owed() external view returns (uint256);

    /// @notice The token that is paid.
    function token() external view returns (address);
}
