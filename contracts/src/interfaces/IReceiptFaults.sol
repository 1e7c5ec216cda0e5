// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Receipt} from "../libraries/Values.sol";

/// @notice What stands in a provider's batch where a receipt should.
struct Place {
    uint64 epoch; // of the batch
    bytes32 leaf; // what stands there, hashed as a leaf
    bytes32[] proof; // its siblings, from the leaf up
}

/// @title IReceiptFaults
/// @notice What a buyer charges a provider with by receipts that it holds: two of one sequence, or one that is in no
/// batch. Receipt keys sign by ECDSA: a contract that says of a signature what it likes (ERC-1271) could take its promise back.
interface IReceiptFaults {
    /// @notice A provider signed two receipts of one sequence.
    event Equivocated(
        bytes32 indexed faultId, address indexed provider, uint64 indexed sequence, bytes32 first, bytes32 second
    );
    /// @notice A receipt of a provider does not stand where its sequence says.
    event Omitted(
        bytes32 indexed faultId, address indexed provider, uint64 indexed sequence, bytes32 receiptHash
    );
    /// @notice It does.
    event OmissionAnswered(bytes32 indexed faultId, bytes32 indexed batchId, uint64 leaf);

    /// @notice A signature is 65 bytes, r, s (in the lower half) and v.
    error SignatureMalformed();
    /// @notice The receipt is not signed by its provider's receipt key.
    error NotTheProviders(bytes32 receiptHash, address signer, address receiptKey);
    /// @notice The receipt's epoch closed longer ago than stake answers for: EigenLayer's DEALLOCATION_DELAY.
    error TooLate(uint256 lastBlock);
    /// @notice These are not two receipts of one provider and one sequence.
    error NoEquivocation();
    /// @notice The charge was made.
    error AlreadyCharged(bytes32 faultId);
    /// @notice No batch of the provider covers the receipt's sequence; it may still be in time.
    error TooEarly(uint256 chargeableAt);
    /// @notice A batch covers the sequence: show what stands there.
    error Covered(uint64 sequence, uint64 nextSequence);
    /// @notice The provider's batch of that epoch does not cover the sequence, or there is none.
    error NotCovered(uint64 sequence, bytes32 batchId);
    /// @notice The leaf is not at the receipt's place in that batch.
    error NotThere(bytes32 batchId, bytes32 leaf);
    /// @notice It is the receipt that stands there.
    error NotOmitted(bytes32 receiptHash);

    /// @notice Charges a provider that signed two receipts of one sequence. It is executable at once, and nothing answers
    /// it. One charge for each sequence. Anybody may.
    function chargeEquivocation(
        Receipt calldata first,
        bytes calldata firstSignature,
        Receipt calldata second,
        bytes calldata secondSignature
    ) external returns (bytes32 faultId);

    /// @notice Charges a provider in whose batch something else stands at a receipt's sequence. A provider that gives
    /// each sequence to one receipt cannot be charged so. Anybody may.
    function chargeReplaced(Receipt calldata receipt, bytes calldata signature, Place calldata place)
        external
        returns (bytes32 faultId);

    /// @notice Charges a provider none of whose batches covers a receipt's sequence, once the epoch after the receipt's
    /// has closed: receipts of a batch that came too late ride in the next one. Anybody may.
    function chargeUncovered(Receipt calldata receipt, bytes calldata signature) external returns (bytes32 faultId);

    /// @notice Clears a charge of omission: the receipt stands where it should, in the provider's batch of that epoch,
    /// which may be later than its own. Anybody may.
    function answerOmission(Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external;

    /// @notice Whom a fault of receipts wronged: the hashes of one receipt (omission) or two (equivocation). Zeros of
    /// another fault.
    function wronged(bytes32 faultId) external view returns (bytes32 first, bytes32 second);

    /// @notice The charge that a provider signed two receipts of a sequence, or zero.
    function equivocation(address provider, uint64 sequence) external view returns (bytes32 faultId);
}
