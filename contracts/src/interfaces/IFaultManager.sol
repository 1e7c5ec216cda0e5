// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EvidencePart, Fault, OutputPart, Receipt, RequestPart, SampleResult} from "../libraries/Values.sol";

/// @notice How far a charge is.
enum FaultStatus {
    None,
    Open, // may be answered; executable after its window
    Cleared, // answered
    Executed // slashed
}

/// @notice A charge.
struct FaultRecord {
    FaultStatus status;
    uint8 kind;
    address subject;
    uint64 executableAt; // block
    uint16 holds; // disputes that may still clear it
    bytes32 batchId;
    bytes32 ref;
    uint64 excess; // of a statistical one: by how much the standing is over the line, less what disputes took off it
    uint192 slashId; // of EigenLayer, once executed
}

/// @notice What each kind of fault costs, in wad of the subject's slashable stake.
struct Penalties {
    uint64 statisticalWad;
    uint64 withholdingWad; // doubles with each one executed
    uint64 withholdingCapWad; // up to this
    uint64 operatorWad;
}

/// @notice What a withheld sample should have shown.
struct WithheldOpening {
    uint64 j;
    Receipt receipt;
    bytes32[] proof;
    RequestPart request;
    OutputPart output;
    EvidencePart evidence;
}

/// @notice A line of a certified result, at its place.
struct Line {
    SampleResult sample;
    uint64 leaf; // of the batch
    uint64 index; // in the epoch's sample tree
    bytes32[] proof;
}

/// @title IFaultManager
/// @notice Charges: recorded by a certificate, answered in a window, executed after it.
interface IFaultManager {
    event FaultRecorded(
        bytes32 indexed faultId,
        address indexed subject,
        uint64 indexed epoch,
        uint8 kind,
        bytes32 batchId,
        bytes32 ref,
        uint256 executableAt
    );
    event FaultCleared(bytes32 indexed faultId, address indexed subject);
    /// @notice How many disputes that may clear a charge are under way.
    event FaultHeld(bytes32 indexed faultId, uint16 holds);
    /// @notice A dispute took something off the standing that a charge rests on; what is left over the line.
    event FaultReduced(bytes32 indexed faultId, bytes32 indexed sampleId, uint64 excess);
    /// @notice The batch's lines bear out no more than this over the line.
    event FaultWeighed(bytes32 indexed faultId, uint64 excess);
    event FaultExecuted(
        bytes32 indexed faultId, address indexed subject, uint256 indexed slashId, uint256 wad, uint256 shares
    );

    /// @notice Only the AttestationRegistry may call.
    error NotAttestationRegistry(address caller);
    /// @notice Only a game of disputes may call, or, of what operators signed, SignerFaults, and, of what providers
    /// signed, ReceiptFaults.
    error NotDispute(address caller);
    /// @notice A dispute that may clear the charge is under way.
    error FaultIsHeld(bytes32 faultId, uint16 holds);
    /// @notice A penalty is at least 1e15 wad and at most 1e18.
    error PenaltyRefused(uint256 wad);
    /// @notice There is no such kind of fault.
    error KindUnknown(uint8 kind);
    /// @notice The charge is recorded already.
    error FaultExists(bytes32 faultId);
    /// @notice There is no such charge, or it was cleared or executed.
    error FaultNotOpen(bytes32 faultId, FaultStatus status);
    /// @notice The charge may be executed from this block on.
    error WindowOpen(uint256 executableAt);
    /// @notice The window in which to answer is over.
    error WindowClosed(uint256 executableAt);
    /// @notice Only a statistical charge rests on a standing.
    error NotStatistical(bytes32 faultId);
    /// @notice These are not all lines of the charge's batch, each once, in order.
    error LinesRefused(uint256 j);
    /// @notice The lines bear the charge out.
    error BorneOut(uint256 excess);
    /// @notice Only a charge of withholding is answered by showing.
    error NotWithholding(bytes32 faultId);
    /// @notice The receipt is not the withheld sample.
    error WrongSample(bytes32 sampleId, bytes32 expected);
    /// @notice The part does not open the receipt.
    error WrongPart(bytes32 hash, bytes32 expected);
    /// @notice The subject had nothing slashable left. The charge stays open.
    error NothingSlashed(bytes32 faultId);

    /// @notice Records an epoch's charges. Statistical and operator faults jail at once.
    /// @param excess Of each: by how much its subject's standing is over the line, in Q16 nats.
    function record(uint64 epoch, Fault[] calldata faults, uint64[] calldata excess) external;

    /// @notice Answers a charge of withholding by showing on chain what was withheld. Anybody may.
    function answerWithholding(bytes32 faultId, WithheldOpening calldata opening) external;

    /// @notice Stays the execution of a charge while a dispute may still clear it. Nothing happens unless it is open.
    /// @return held Whether it was; then release must follow.
    function hold(bytes32 faultId) external returns (bool held);

    /// @notice Ends a stay. The charge falls once disputes have taken more off the standing than it is over the line.
    /// @param sampleId Of which a dispute showed that it raised the standing too much: it counts once.
    /// @param less By how much, in Q16 nats; 0 if the dispute showed nothing.
    function release(bytes32 faultId, bytes32 sampleId, uint64 less) external;

    /// @notice Lowers what a charge's standing is over the line to what the lines of its batch, less what disputes took off
    /// them, add up to; if that is nothing, the charge falls. A standing is the quorum's word, and this holds it to
    /// its lines: whoever crossed the line in a batch cannot be further over it than the batch took it up. Anybody
    /// may.
    /// @param lines All of the charge's batch, by j.
    function weigh(bytes32 faultId, Line[] calldata lines) external;

    /// @notice Records what a dispute or a buyer's receipts showed: a verdict FAIL that is confirmed (kind 4, executable
    /// at once), an operator that signed what is false (kind 5, which it may answer in a contest window), a provider
    /// that signed two receipts of one sequence (kind 6, at once), or left one out (kind 7, which it may answer in a
    /// contest window and an epoch).
    /// @return recorded False if it was recorded before.
    function charge(uint64 epoch, Fault calldata f) external returns (bool recorded);

    /// @notice Clears a charge of kind 5 or 7. Only who may make it.
    function clear(bytes32 faultId) external;

    /// @notice Slashes for a charge that was not answered in its window. Anybody may.
    function execute(bytes32 faultId) external;

    function fault(bytes32 faultId) external view returns (FaultRecord memory);

    /// @notice The name of a charge.
    function faultIdOf(uint64 epoch, Fault calldata f) external pure returns (bytes32);

    /// @notice Whether somebody bears a statistical or operator fault that was not cleared.
    function jailed(address subject) external view returns (bool);

    /// @notice How many charges that were not cleared a batch bears.
    function faultsOf(bytes32 batchId) external view returns (uint256);

    /// @notice Whether a batch bears a charge that was not cleared, and whether somebody is jailed, in one call.
    function bears(bytes32 batchId, address subject) external view returns (bool faulted, bool jailed_);

    function penalties() external view returns (Penalties memory);
}
