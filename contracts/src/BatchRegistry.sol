// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {Permissioned} from "./Permissioned.sol";
import {PROVIDERS, System} from "./System.sol";
import {Batch, IBatchRegistry, Provider, SamplingRate} from "./interfaces/IBatchRegistry.sol";
import {IAllocationManager, OperatorSet} from "./interfaces/IEigenLayer.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {IKeyRegistry, Purpose} from "./interfaces/IKeyRegistry.sol";
import {BatchLib} from "./libraries/BatchLib.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {Economics, EconomicsLib} from "./libraries/EconomicsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {Receipt} from "./libraries/Values.sol";

/// @title BatchRegistry
contract BatchRegistry is IBatchRegistry, Clock, Permissioned {
    /// @notice Where EIP-2935 keeps the hashes of the last 8191 blocks.
    address public constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    uint32 private constant WHOLE = 1_000_000; // ppm
    uint64 private constant MAX_LEAVES = 1 << 32;

    IAllocationManager private immutable ALLOCATION_MANAGER;
    IFaultManager private immutable FAULT_MANAGER;
    IKeyRegistry private immutable KEY_REGISTRY;
    address private immutable SERVICE_MANAGER;
    uint32 private immutable RATE_PPM;
    uint32 private immutable K_MIN;
    uint32 private immutable NEW_PROVIDER_BATCHES;

    mapping(address provider => Provider) private _providers;
    mapping(bytes32 batchId => Batch) private _batches;
    mapping(uint64 epoch => mapping(address provider => bytes32 batchId)) private _batchOf;
    /// @inheritdoc IBatchRegistry
    mapping(uint64 epoch => uint32) public batchCount;
    /// @inheritdoc IBatchRegistry
    mapping(uint64 epoch => bytes32) public beacon;

    /// @param economics What the rate rests on: refused if honesty would not be the best strategy.
    constructor(System memory system, Schedule memory schedule_, SamplingRate memory rate, Economics memory economics)
        Clock(schedule_)
        Permissioned(system.allocationManager)
    {
        require(rate.ratePpm <= WHOLE, RateRefused(rate.ratePpm));
        EconomicsLib.check(economics, rate.ratePpm);
        ALLOCATION_MANAGER = IAllocationManager(system.allocationManager);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        KEY_REGISTRY = IKeyRegistry(system.keyRegistry);
        SERVICE_MANAGER = system.serviceManager;
        RATE_PPM = rate.ratePpm;
        K_MIN = rate.kMin;
        NEW_PROVIDER_BATCHES = rate.newProviderBatches;
    }

    /// @inheritdoc IBatchRegistry
    function registerProvider(address provider_, string calldata url) external onlyFor(provider_) {
        _requireMember(provider_);
        _providers[provider_].url = url;
        emit ProviderRegistered(provider_, url);
    }

    /// @inheritdoc IBatchRegistry
    function commitBatch(address provider_, uint64 epoch, uint64 firstSequence, bytes32 root, uint64 leafCount)
        external
        onlyFor(provider_)
        returns (bytes32 batchId)
    {
        _requireMember(provider_);
        Schedule memory s = _schedule();
        require(
            block.number >= s.start(epoch) && block.number < s.close(epoch),
            OutsideEpoch(epoch, s.start(epoch), s.close(epoch))
        );
        require(
            KEY_REGISTRY.keyAt(provider_, Purpose.Receipts, epoch) != address(0), NoReceiptKey(provider_, epoch)
        );
        batchId = _batchOf[epoch][provider_];
        require(batchId == bytes32(0), AlreadyCommitted(batchId));
        Provider storage p = _providers[provider_];
        require(firstSequence == p.nextSequence, NotContiguous(firstSequence, p.nextSequence));
        require(leafCount != 0 && leafCount <= MAX_LEAVES, LeafCountRefused(leafCount));

        bool whole = p.batches < NEW_PROVIDER_BATCHES || FAULT_MANAGER.jailed(provider_);
        Batch memory b = Batch({
            provider: provider_,
            epoch: epoch,
            ratePpm: whole ? WHOLE : RATE_PPM,
            kMin: K_MIN,
            firstSequence: firstSequence,
            leafCount: leafCount,
            root: root
        });
        batchId = DigestLib.batchId(block.chainid, address(this), provider_, epoch, firstSequence, root, leafCount);
        p.nextSequence = firstSequence + leafCount;
        ++p.batches;
        _batches[batchId] = b;
        _batchOf[epoch][provider_] = batchId;
        ++batchCount[epoch];
        emit BatchCommitted(batchId, provider_, epoch, firstSequence, root, leafCount, b.ratePpm, b.kMin);
    }

    /// @inheritdoc IBatchRegistry
    function fixBeacon(uint64 epoch, bytes calldata headerRlp) external {
        require(beacon[epoch] == bytes32(0), BeaconAlreadyFixed(epoch));
        uint256 number = _schedule().beaconBlock(epoch);
        bytes32 blockHash = _blockHash(number);
        require(keccak256(headerRlp) == blockHash, WrongHeader(keccak256(headerRlp), blockHash));
        (uint64 headerNumber, bytes32 value) = HeaderLib.parse(headerRlp);
        assert(headerNumber == number); // the hash is that block's
        require(value != bytes32(0), NoRandomness());
        beacon[epoch] = value;
        emit BeaconFixed(epoch, number, value);
    }

    /// @inheritdoc IBatchRegistry
    function schedule() external view returns (Schedule memory) {
        return _schedule();
    }

    /// @inheritdoc IBatchRegistry
    function samplingRate() external view returns (SamplingRate memory) {
        return SamplingRate({ratePpm: RATE_PPM, kMin: K_MIN, newProviderBatches: NEW_PROVIDER_BATCHES});
    }

    /// @inheritdoc IBatchRegistry
    function batch(bytes32 batchId) external view returns (Batch memory) {
        return _batches[batchId];
    }

    /// @inheritdoc IBatchRegistry
    function batchAt(address provider_, uint64 epoch)
        external
        view
        returns (bytes32 batchId, Batch memory committed, bytes32 value)
    {
        (batchId, value) = (_batchOf[epoch][provider_], beacon[epoch]);
        if (batchId == bytes32(0)) return (batchId, committed, value);
        Batch storage b = _batches[batchId];
        (committed.provider, committed.epoch) = (provider_, epoch); // a slot that need not be read
        (committed.firstSequence, committed.leafCount) = (b.firstSequence, b.leafCount);
        (committed.ratePpm, committed.kMin, committed.root) = (b.ratePpm, b.kMin, b.root);
    }

    /// @inheritdoc IBatchRegistry
    function batchOf(address provider_, uint64 epoch) external view returns (bytes32) {
        return _batchOf[epoch][provider_];
    }

    /// @inheritdoc IBatchRegistry
    function nextSequence(address provider_) external view returns (uint64) {
        return _providers[provider_].nextSequence;
    }

    /// @inheritdoc IBatchRegistry
    function provider(address provider_) external view returns (Provider memory) {
        return _providers[provider_];
    }

    /// @inheritdoc IBatchRegistry
    function locate(bytes32 batchId, Receipt calldata receipt, bytes32[] calldata proof)
        external
        view
        returns (uint64 leaf)
    {
        return BatchLib.locate(_batches[batchId], batchId, address(this), receipt, proof);
    }

    /// @inheritdoc IBatchRegistry
    function sampleOf(bytes32 batchId, uint64 leaf) external view returns (bool sampled, uint64 j, bytes32 sampleId) {
        Batch memory b = _batches[batchId];
        return BatchLib.sampleOf(b, batchId, address(this), beacon[b.epoch], leaf);
    }

    function _requireMember(address provider_) private view {
        require(
            ALLOCATION_MANAGER.isMemberOfOperatorSet(provider_, OperatorSet(SERVICE_MANAGER, PROVIDERS)),
            NotInOperatorSet(provider_)
        );
    }

    /// @dev The opcode reaches 256 blocks back, the history contract 8191 where the chain has it.
    function _blockHash(uint256 number) private view returns (bytes32 hash) {
        require(number < block.number, BlockHashUnknown(number));
        hash = blockhash(number);
        if (hash == bytes32(0)) {
            (bool ok, bytes memory answer) = HISTORY.staticcall(abi.encode(number));
            if (ok && answer.length == 32) hash = abi.decode(answer, (bytes32));
        }
        require(hash != bytes32(0), BlockHashUnknown(number));
    }
}
