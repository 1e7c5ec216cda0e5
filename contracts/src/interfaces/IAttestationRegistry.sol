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

/// @notice What is kept of a batch of a certified epoch, with what it takes to check a line of its own.
struct Judged {
    Status status;
    uint64 standing; // of the subject under the spec: Q16 nats
    uint64 certifiedAt; // block; zero if the epoch is not certified, and then so is all below
    uint64 sampleCount; // of the epoch
    bytes32 sampleRoot; // of the epoch
    uint32 samples; // of the batch
    uint32 passed; // less what was overturned, as those below
    uint32 failed;
    uint32 inconclusive;
    uint32 unavailable;
    uint32 contests; // under way
    uint32 overturns; // samples whose verdict is not the certified one
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
    /// @notice How many disputes about a batch's verdicts are under way.
    event BatchContested(bytes32 indexed batchId, uint32 contests);
    /// @notice A sample's verdict is another than was certified: by a dispute, or because what was withheld was shown.
    event VerdictOverturned(bytes32 indexed sampleId, bytes32 indexed batchId, uint8 from, uint8 to);
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
    /// @notice The sample tree has another number of leaves than the batches have samples, and the epoch requests.
    error SampleCountRefused(uint64 sampleCount, uint64 expected);
    /// @notice A list is not in its order, or has something twice.
    error NotAscending(uint256 index);
    /// @notice The charge is not against the provider of a batch that this result judges, nor against an operator.
    error FaultRefused(uint256 index);
    /// @notice Only a game of disputes may call.
    error NotDispute(address caller);
    /// @notice Only the FaultManager may call.
    error NotFaultManager(address caller);

    /// @notice Takes an epoch's result and its certificate. Anybody may.
    function submit(Result calldata result, Certificate calldata certificate) external;

    /// @notice Notes that a verdict of a batch is contested. Games only; conclude must follow.
    function contest(bytes32 batchId) external;

    /// @notice Notes that such a contest is over. If it changed the sample's verdict, for the first time, the batch's
    /// counts change with it.
    /// @param j With the leaf: the sample (DigestLib.sampleId).
    /// @param from The certified verdict.
    /// @param to What it is now; the same if the contest came to nothing.
    function conclude(bytes32 batchId, uint64 j, uint64 leaf, uint8 from, uint8 to) external;

    /// @notice Notes that what a sample was charged to withhold was shown in time: it is INCONCLUSIVE then, since
    /// nobody measured it. The FaultManager only.
    function shown(bytes32 batchId, uint64 j, uint64 leaf) external;

    /// @notice The digest that operators co-sign for a result.
    function digestOf(Result calldata result) external view returns (bytes32);

    function quorum() external view returns (Quorum memory);

    /// @notice How far an epoch is, and what is kept of it.
    function epochStatus(uint64 epoch) external view returns (Status status, Epoch memory kept);

    /// @notice What became of a batch: whether it is settled, what was found, less what was overturned, and whether it
    /// bears a charge that was not answered. What is not final, or is contested, is not passed.
    function batchVerdict(bytes32 batchId)
        external
        view
        returns (Status status, BatchResult memory result, bool faulted);

    /// @notice All that is kept about the verdicts of a batch, and a standing. That the batch is one of the epoch is for
    /// the caller to know.
    function judged(uint64 epoch, bytes32 batchId, address subject, bytes32 specId)
        external
        view
        returns (Judged memory);

    /// @notice How many disputes about a batch's verdicts are under way. They begin in the contest window, and may end
    /// after it.
    function contests(bytes32 batchId) external view returns (uint32);

    /// @notice The verdict that a sample has instead of the certified one; zero if that stands.
    function overturned(bytes32 batchId, uint64 j, uint64 leaf) external view returns (uint8);

    /// @notice A subject's sequential test under a spec, in Q16 nats; an operator's under spec 0.
    function standing(address subject, bytes32 specId) external view returns (uint64);

    /// @notice Whether a line stands at an index of a certified epoch's sample tree.
    function verifySample(uint64 epoch, SampleResult calldata sample, uint64 index, bytes32[] calldata proof)
        external
        view
        returns (bool);
}
