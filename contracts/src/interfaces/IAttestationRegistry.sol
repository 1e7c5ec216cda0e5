// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchResult, Result, SampleResult} from "../libraries/Values.sol";
import {Certificate} from "./IOperatorTable.sol";

/// @notice How far an epoch, or a batch of it, is.
enum Status {
    None, // not certified yet
    Pending, // certified, and contestable
    Final, // certified, and settled
    Void // never certified, and now it cannot be
}

/// @notice What is kept of a certified epoch.
struct Epoch {
    uint64 certifiedAt; // block
    uint64 sampleCount;
    bytes32 resultRoot;
    bytes32 sampleRoot;
    bytes32 tableRoot;
}

/// @notice How many must agree, and on what.
struct Quorum {
    uint32 committee; // operators for each sample
    uint64 faultLine; // a standing at or over it is a fault; Q16 nats
    uint32 quorumPpm; // of the table's weight, to certify
}

/// @title IAttestationRegistry
/// @notice What the operators found, epoch by epoch, and where every subject stands.
interface IAttestationRegistry {
    /// @notice An epoch's result has a quorum.
    event EpochCertified(
        uint64 indexed epoch,
        bytes32 indexed digest,
        bytes32 resultRoot,
        bytes32 sampleRoot,
        bytes32 tableRoot,
        uint64 sampleCount,
        uint256 signed,
        uint256 total
    );
    /// @notice What was found in a batch.
    event BatchJudged(
        bytes32 indexed batchId,
        address indexed provider,
        uint64 indexed epoch,
        uint32 samples,
        uint32 passed,
        uint32 failed,
        uint32 inconclusive,
        uint32 unavailable
    );
    /// @notice Where a subject stands now.
    event StandingChanged(address indexed subject, bytes32 indexed specId, uint64 indexed epoch, uint64 value);

    /// @notice The quorum is not in (1/2, 1], the committee or the fault line is zero.
    error QuorumRefused();
    /// @notice The epoch has a certificate.
    error AlreadyCertified(uint64 epoch);
    /// @notice A certificate is accepted in blocks (opens, closes] only.
    error OutsideWindow(uint64 epoch, uint256 opens, uint256 closes);
    /// @notice The epoch's beacon is not fixed.
    error BeaconNotFixed(uint64 epoch);
    /// @notice Too little of the table's weight signed.
    error BelowQuorum(uint256 signed, uint256 total);
    /// @notice The result must list every batch of the epoch.
    error BatchesMissing(uint256 listed, uint256 expected);
    /// @notice The batch is not this provider's of this epoch, or its counts are not those of its sample.
    error BatchRefused(bytes32 batchId);
    /// @notice The sample tree has another number of leaves than the batches have samples.
    error SampleCountRefused(uint64 sampleCount, uint64 expected);
    /// @notice A list is not in its order, or has something twice.
    error NotAscending(uint256 index);
    /// @notice The charge is not against the provider of a batch that this result judges, nor against an operator.
    error FaultRefused(uint256 index);

    /// @notice Takes an epoch's result and its certificate. Anybody may.
    function submit(Result calldata result, Certificate calldata certificate) external;

    /// @notice The digest that operators co-sign for a result.
    function digestOf(Result calldata result) external view returns (bytes32);

    function quorum() external view returns (Quorum memory);

    /// @notice How far an epoch is, and what is kept of it.
    function epochStatus(uint64 epoch) external view returns (Status status, Epoch memory kept);

    /// @notice What became of a batch: whether it is settled, what was found, and whether it bears a charge that was
    /// not answered. What is not final is not passed.
    function batchVerdict(bytes32 batchId)
        external
        view
        returns (Status status, BatchResult memory result, bool faulted);

    /// @notice A subject's sequential test under a spec, in Q16 nats; an operator's under spec 0.
    function standing(address subject, bytes32 specId) external view returns (uint64);

    /// @notice Whether a line stands at an index of a certified epoch's sample tree.
    function verifySample(uint64 epoch, SampleResult calldata sample, uint64 index, bytes32[] calldata proof)
        external
        view
        returns (bool);
}
