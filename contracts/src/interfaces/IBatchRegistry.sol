// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Schedule} from "../libraries/ScheduleLib.sol";
import {Receipt} from "../libraries/Values.sol";

/// @notice What a provider registered.
struct Provider {
    uint64 nextSequence; // at which its next batch must begin
    uint32 batches; // committed so far
    string url; // where its openings are served
}

/// @notice A provider's commitment to an epoch's receipts, and how much of it is sampled.
struct Batch {
    address provider;
    uint64 epoch;
    uint64 firstSequence; // begins a slot: who looks a batch up by provider and epoch reads neither again
    uint64 leafCount;
    uint32 ratePpm; // millionths of the leaves
    uint32 kMin; // at least so many
    bytes32 root;
}

/// @notice How much of a batch is sampled.
struct SamplingRate {
    uint32 ratePpm; // millionths of the leaves
    uint32 kMin; // at least so many
    uint32 newProviderBatches; // a provider's first so many batches are sampled whole
}

/// @title IBatchRegistry
/// @notice Who provides, what they committed, and the randomness by which it is sampled.
interface IBatchRegistry {
    /// @notice A provider registered, or moved its URL.
    event ProviderRegistered(address indexed provider, string url);
    /// @notice A provider committed its receipts of an epoch.
    event BatchCommitted(
        bytes32 indexed batchId,
        address indexed provider,
        uint64 indexed epoch,
        uint64 firstSequence,
        bytes32 root,
        uint64 leafCount,
        uint32 ratePpm,
        uint32 kMin
    );
    /// @notice An epoch's randomness is known.
    event BeaconFixed(uint64 indexed epoch, uint256 indexed blockNumber, bytes32 beacon);

    /// @notice The provider is no member of the PROVIDERS operator set.
    error NotInOperatorSet(address provider);
    /// @notice The provider has no receipt key in the epoch, so that it can have no receipts of it.
    error NoReceiptKey(address provider, uint64 epoch);
    /// @notice Batches of the epoch are accepted in blocks [start, close) only.
    error OutsideEpoch(uint64 epoch, uint256 start, uint256 close);
    /// @notice One batch per provider and epoch.
    error AlreadyCommitted(bytes32 batchId);
    /// @notice A provider's batches are contiguous.
    error NotContiguous(uint64 firstSequence, uint64 expected);
    /// @notice A batch has 1 to 2^32 leaves.
    error LeafCountRefused(uint64 leafCount);
    /// @notice The rate is above one.
    error RateRefused(uint32 ratePpm);
    /// @notice The epoch's beacon is fixed already.
    error BeaconAlreadyFixed(uint64 epoch);
    /// @notice The hash of the beacon block is not to be had: it lies ahead, or too far back.
    error BlockHashUnknown(uint256 blockNumber);
    /// @notice The header is not the beacon block's.
    error WrongHeader(bytes32 headerHash, bytes32 blockHash);
    /// @notice The block has no prevrandao.
    error NoRandomness();
    /// @notice The receipt does not stand in the batch where its sequence says.
    error ReceiptNotInBatch(bytes32 batchId, bytes32 receiptHash);

    /// @notice Says where a provider, a member of PROVIDERS, serves its openings. A second call moves it.
    /// @param provider_ Caller's account, or one that lets the caller call this in EigenLayer's PermissionController.
    function registerProvider(address provider_, string calldata url) external;

    /// @notice Commits a provider's receipts of an epoch, in which it has a receipt key. The sampling rate is fixed now.
    /// @param provider_ As in registerProvider.
    /// @param firstSequence Must be the provider's nextSequence.
    /// @param root Of the receipts' Merkle tree.
    /// @return batchId Its name.
    function commitBatch(address provider_, uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount)
        external
        returns (bytes32 batchId);

    /// @notice Fixes an epoch's beacon. Anybody may.
    /// @param headerRlp The header of the epoch's beacon block.
    function fixBeacon(uint64 epoch, bytes calldata headerRlp) external;

    function schedule() external view returns (Schedule memory);

    /// @notice The rate at which batches are sampled, unless the provider is new or jailed.
    function samplingRate() external view returns (SamplingRate memory);

    /// @notice An epoch's beacon, or zero.
    function beacon(uint64 epoch) external view returns (bytes32);

    /// @notice A batch; its provider is zero if there is none.
    function batch(bytes32 batchId) external view returns (Batch memory);

    /// @notice A provider's batch of an epoch, or zero.
    function batchOf(address provider_, uint64 epoch) external view returns (bytes32 batchId);

    /// @notice A provider's batch of an epoch, if it has one, and the epoch's beacon, if it is fixed.
    function batchAt(address provider_, uint64 epoch)
        external
        view
        returns (bytes32 batchId, Batch memory committed, bytes32 value);

    /// @notice How many batches an epoch has.
    function batchCount(uint64 epoch) external view returns (uint32);

    /// @notice The sequence at which a provider's next batch must begin.
    function nextSequence(address provider_) external view returns (uint64);

    /// @notice A provider; its URL is empty if it has not registered. Its receipt keys are in the KeyRegistry.
    function provider(address provider_) external view returns (Provider memory);

    /// @notice Where a receipt stands in a batch. Reverts unless it stands where its sequence says.
    /// @param proof Its siblings, from the leaf up.
    function locate(bytes32 batchId, Receipt calldata receipt, bytes32[] calldata proof)
        external
        view
        returns (uint64 leaf);

    /// @notice Whether a leaf is sampled, once the beacon is fixed, and as which sample.
    function sampleOf(bytes32 batchId, uint64 leaf) external view returns (bool sampled, uint64 j, bytes32 sampleId);
}
