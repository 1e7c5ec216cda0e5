// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {Epoch, IAttestationRegistry, Judged, Quorum, Status} from "./interfaces/IAttestationRegistry.sol";
import {Batch, IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {IOnDemand} from "./interfaces/IOnDemand.sol";
import {Certificate, IOperatorTable} from "./interfaces/IOperatorTable.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {SamplerLib} from "./libraries/SamplerLib.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {BatchResult, Fault, Result, SampleResult, Standing} from "./libraries/Values.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title AttestationRegistry
contract AttestationRegistry is IAttestationRegistry, Clock {
    uint256 private constant PPM = 1_000_000;
    uint8 private constant STATISTICAL = 1;
    uint8 private constant WITHHOLDING = 2;
    uint8 private constant OPERATOR_EVIDENCE = 3;

    uint8 private constant PASS = 1;
    uint8 private constant FAIL = 2;
    uint8 private constant INCONCLUSIVE = 3;
    uint8 private constant UNAVAILABLE = 4;

    /// @dev What is kept of a batch: one slot. Its samples are the sum of the first four, which no dispute changes. Few
    /// batches have more than one sample that is overturned: of the first its verdict stands here, where a dispute
    /// writes anyway.
    struct Counts {
        uint32 passed;
        uint32 failed;
        uint32 inconclusive;
        uint32 unavailable;
        uint32 contests; // under way
        uint24 overturns; // samples: of no batch that many are contested
        uint8 instead; // verdict of the first of them; zero if there is none
        uint32 firstJ; // which sample it is
        uint32 firstLeaf;
    }

    IBatchRegistry private immutable BATCH_REGISTRY;
    IOperatorTable private immutable OPERATOR_TABLE;
    IFaultManager private immutable FAULT_MANAGER;
    address private immutable SERVICE_MANAGER;
    address private immutable DISPUTE_GAME;
    address private immutable PRIVATE_DISPUTE_GAME;
    address private immutable ON_DEMAND;
    uint32 private immutable COMMITTEE;
    uint64 private immutable FAULT_LINE;
    uint32 private immutable QUORUM_PPM;

    mapping(uint64 epoch => Epoch) private _epochs;
    mapping(bytes32 batchId => Counts) private _counts;
    /// @inheritdoc IAttestationRegistry
    mapping(address subject => mapping(bytes32 specId => uint64)) public standing;
    mapping(bytes32 sampleId => uint8) private _overturned; // those that are not in Counts

    constructor(System memory system, Quorum memory quorum_) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        require(
            quorum_.quorumPpm > PPM / 2 && quorum_.quorumPpm <= PPM && quorum_.committee != 0 && quorum_.faultLine != 0,
            QuorumRefused()
        );
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        OPERATOR_TABLE = IOperatorTable(system.operatorTable);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        SERVICE_MANAGER = system.serviceManager;
        DISPUTE_GAME = system.disputeGame;
        PRIVATE_DISPUTE_GAME = system.privateDisputeGame;
        ON_DEMAND = system.onDemand;
        COMMITTEE = quorum_.committee;
        FAULT_LINE = quorum_.faultLine;
        QUORUM_PPM = quorum_.quorumPpm;
    }

    /// @inheritdoc IAttestationRegistry
    function submit(Result calldata result, Certificate calldata certificate) external {
        uint64 epoch = result.epoch;
        Schedule memory s = _schedule();
        require(_epochs[epoch].certifiedAt == 0, AlreadyCertified(epoch));
        require(
            block.number > s.commitDeadline(epoch) && block.number <= s.certifyDeadline(epoch),
            OutsideWindow(epoch, s.commitDeadline(epoch), s.certifyDeadline(epoch))
        );
        require(BATCH_REGISTRY.beacon(epoch) != bytes32(0), BeaconNotFixed(epoch));

        bytes32 root = DigestLib.resultRoot(result.sampleRoot, result.sampleCount, result.batches, result.standings);
        bytes32 digest = DigestLib.certificate(
            block.chainid, address(this), SERVICE_MANAGER, epoch, result.tableRoot, root, result.faults
        );
        // The table is one that was there before the epoch's beacon could be known.
        (uint256 signed, uint256 total) =
            OPERATOR_TABLE.verify(s.close(epoch) - 1, result.tableRoot, digest, certificate);
        require(signed * PPM >= total * QUORUM_PPM, BelowQuorum(signed, total));

        _epochs[epoch] = Epoch({
            certifiedAt: SafeCast.toUint64(block.number),
            sampleCount: result.sampleCount,
            resultRoot: root,
            sampleRoot: result.sampleRoot,
            tableRoot: result.tableRoot
        });
        emit EpochCertified(epoch, digest, root, result.sampleRoot, result.tableRoot, result.sampleCount, signed, total);
        _judgeBatches(epoch, result.batches, result.sampleCount);
        _moveStandings(epoch, result.standings);
        if (result.faults.length != 0) {
            FAULT_MANAGER.record(epoch, result.faults, _checkFaults(epoch, result.faults));
        }
    }

    modifier onlyGames() {
        require(msg.sender == DISPUTE_GAME || msg.sender == PRIVATE_DISPUTE_GAME, NotDispute(msg.sender));
        _;
    }

    /// @inheritdoc IAttestationRegistry
    function contest(bytes32 batchId) external onlyGames {
        emit BatchContested(batchId, ++_counts[batchId].contests);
    }

    /// @inheritdoc IAttestationRegistry
    function conclude(bytes32 batchId, uint64 j, uint64 leaf, uint8 from, uint8 to) external onlyGames {
        Counts memory c = _counts[batchId];
        emit BatchContested(batchId, --c.contests);
        if (from != to) _overturn(c, batchId, j, leaf, from, to);
        _counts[batchId] = c;
    }

    /// @inheritdoc IAttestationRegistry
    function shown(bytes32 batchId, uint64 j, uint64 leaf) external {
        require(msg.sender == address(FAULT_MANAGER), NotFaultManager(msg.sender));
        Counts memory c = _counts[batchId];
        _overturn(c, batchId, j, leaf, UNAVAILABLE, INCONCLUSIVE);
        _counts[batchId] = c;
    }

    /// @inheritdoc IAttestationRegistry
    function digestOf(Result calldata result) external view returns (bytes32) {
        return DigestLib.certificate(block.chainid, address(this), SERVICE_MANAGER, result);
    }

    /// @inheritdoc IAttestationRegistry
    function quorum() external view returns (Quorum memory) {
        return Quorum({committee: COMMITTEE, faultLine: FAULT_LINE, quorumPpm: QUORUM_PPM});
    }

    /// @inheritdoc IAttestationRegistry
    function epochStatus(uint64 epoch) external view returns (Status status, Epoch memory kept) {
        return (_status(epoch), _epochs[epoch]);
    }

    /// @inheritdoc IAttestationRegistry
    function batchVerdict(bytes32 batchId)
        external
        view
        returns (Status status, BatchResult memory result, bool faulted)
    {
        Batch memory b = BATCH_REGISTRY.batch(batchId);
        if (b.provider == address(0)) return (Status.None, result, false);
        Counts memory c = _counts[batchId];
        result = BatchResult({
            batchId: batchId,
            provider: b.provider,
            samples: _samples(c),
            passed: c.passed,
            failed: c.failed,
            inconclusive: c.inconclusive,
            unavailable: c.unavailable
        });
        return (_status(b.epoch), result, FAULT_MANAGER.faultsOf(batchId) != 0);
    }

    /// @inheritdoc IAttestationRegistry
    function judged(uint64 epoch, bytes32 batchId, address subject, bytes32 specId)
        external
        view
        returns (Judged memory j)
    {
        j.standing = standing[subject][specId];
        Epoch storage e = _epochs[epoch];
        (j.certifiedAt, j.sampleCount) = (e.certifiedAt, e.sampleCount);
        j.status = _statusOf(epoch, j.certifiedAt);
        if (j.certifiedAt == 0) return j;
        j.sampleRoot = e.sampleRoot;
        Counts memory c = _counts[batchId];
        (j.samples, j.passed, j.failed) = (_samples(c), c.passed, c.failed);
        (j.inconclusive, j.unavailable) = (c.inconclusive, c.unavailable);
        (j.contests, j.overturns) = (c.contests, c.overturns);
    }

    /// @inheritdoc IAttestationRegistry
    function contests(bytes32 batchId) external view returns (uint32) {
        return _counts[batchId].contests;
    }

    /// @inheritdoc IAttestationRegistry
    function overturned(bytes32 batchId, uint64 j, uint64 leaf) external view returns (uint8) {
        return _instead(_counts[batchId], batchId, j, leaf);
    }

    /// @inheritdoc IAttestationRegistry
    function verifySample(uint64 epoch, SampleResult calldata sample, uint64 index, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Epoch storage kept = _epochs[epoch];
        return MerkleLib.verify(kept.sampleRoot, DigestLib.sampleResult(sample), index, kept.sampleCount, proof);
    }

    /// @dev Every batch of the epoch is listed, with as many samples as were drawn: ascending, existing and
    /// complete in number is complete. What was asked on demand has a line each, and counts for no batch.
    function _judgeBatches(uint64 epoch, BatchResult[] calldata batches, uint64 sampleCount) private {
        uint256 expected = BATCH_REGISTRY.batchCount(epoch);
        require(batches.length == expected, BatchesMissing(batches.length, expected));
        uint64 samples;
        for (uint256 i; i < batches.length; ++i) {
            BatchResult calldata r = batches[i];
            require(i == 0 || r.batchId > batches[i - 1].batchId, NotAscending(i));
            Batch memory b = BATCH_REGISTRY.batch(r.batchId);
            require(
                b.provider != address(0) && b.provider == r.provider && b.epoch == epoch
                    && r.samples == SamplerLib.count(b.leafCount, b.ratePpm, b.kMin)
                    && r.samples == uint256(r.passed) + r.failed + r.inconclusive + r.unavailable,
                BatchRefused(r.batchId)
            );
            samples += r.samples;
            _counts[r.batchId] = Counts({
                passed: r.passed,
                failed: r.failed,
                inconclusive: r.inconclusive,
                unavailable: r.unavailable,
                contests: 0,
                overturns: 0,
                instead: 0,
                firstJ: 0,
                firstLeaf: 0
            });
            emit BatchJudged(r.batchId, r.provider, epoch, r.samples, r.passed, r.failed, r.inconclusive, r.unavailable);
        }
        if (ON_DEMAND != address(0)) samples += IOnDemand(ON_DEMAND).requestCount(epoch);
        require(samples == sampleCount, SampleCountRefused(sampleCount, samples));
    }

    /// @dev Two contests of one sample that both stood are one change. The counts are the quorum's word and its lines
    /// another: a line that was not counted as what it says is not taken off, so that no dispute ends in an underflow.
    function _overturn(Counts memory c, bytes32 batchId, uint64 j, uint64 leaf, uint8 from, uint8 to) private {
        if (_instead(c, batchId, j, leaf) != 0) return;
        bytes32 sampleId = DigestLib.sampleId(batchId, j, leaf);
        // A line that was certified without being drawn may have another number.
        if (c.instead == 0 && j <= type(uint32).max && leaf <= type(uint32).max) {
            // forge-lint: disable-next-line(unsafe-typecast)
            (c.instead, c.firstJ, c.firstLeaf) = (to, uint32(j), uint32(leaf)); // just compared
        } else {
            _overturned[sampleId] = to;
        }
        ++c.overturns;
        _move(c, from, to);
        emit VerdictOverturned(sampleId, batchId, from, to);
    }

    function _instead(Counts memory c, bytes32 batchId, uint64 j, uint64 leaf) private view returns (uint8) {
        if (c.instead != 0 && c.firstJ == j && c.firstLeaf == leaf) return c.instead;
        return c.overturns == 0 ? 0 : _overturned[DigestLib.sampleId(batchId, j, leaf)];
    }

    function _samples(Counts memory c) private pure returns (uint32) {
        return c.passed + c.failed + c.inconclusive + c.unavailable;
    }

    function _move(Counts memory c, uint8 from, uint8 to) private pure {
        if (from == PASS && c.passed != 0) --c.passed;
        else if (from == FAIL && c.failed != 0) --c.failed;
        else if (from == INCONCLUSIVE && c.inconclusive != 0) --c.inconclusive;
        else if (from == UNAVAILABLE && c.unavailable != 0) --c.unavailable;
        else return;
        if (to == PASS) ++c.passed;
        else if (to == FAIL) ++c.failed;
        else ++c.inconclusive;
    }

    function _moveStandings(uint64 epoch, Standing[] calldata standings) private {
        for (uint256 i; i < standings.length; ++i) {
            Standing calldata s = standings[i];
            if (i != 0) {
                Standing calldata last = standings[i - 1];
                require(
                    s.subject > last.subject || (s.subject == last.subject && s.specId > last.specId), NotAscending(i)
                );
            }
            standing[s.subject][s.specId] = s.value;
            emit StandingChanged(s.subject, s.specId, epoch, s.value);
        }
    }

    /// @dev A charge must name what it rests on: a batch of its subject that this result judges. Whether a standing
    /// crossed the line is the quorum's word: it may have done so within the epoch, and fallen again.
    /// @return excess By how much the standing that a statistical charge rests on is over the line at the epoch's end.
    function _checkFaults(uint64 epoch, Fault[] calldata faults) private view returns (uint64[] memory excess) {
        excess = new uint64[](faults.length);
        bytes memory last;
        for (uint256 i; i < faults.length; ++i) {
            Fault calldata f = faults[i];
            // Packed big-endian, so that fault keys compare as (kind, subject, batchId, ref).
            bytes memory key = abi.encodePacked(f.kind, f.subject, f.batchId, f.ref);
            require(i == 0 || _less(last, key), NotAscending(i));
            last = key;
            bool borneOut;
            if (f.kind == OPERATOR_EVIDENCE) {
                borneOut = f.batchId == bytes32(0) && f.ref == bytes32(0);
            } else if (f.kind == STATISTICAL || f.kind == WITHHOLDING) {
                Batch memory b = BATCH_REGISTRY.batch(f.batchId);
                Counts memory c = _counts[f.batchId];
                borneOut = b.provider == f.subject && b.epoch == epoch && _samples(c) != 0
                    && (f.kind == STATISTICAL || c.unavailable != 0);
            }
            require(borneOut, FaultRefused(i));
            if (f.kind == STATISTICAL && standing[f.subject][f.ref] > FAULT_LINE) {
                excess[i] = standing[f.subject][f.ref] - FAULT_LINE;
            }
        }
    }

    function _less(bytes memory a, bytes memory b) private pure returns (bool) {
        for (uint256 i; i < a.length; ++i) {
            if (a[i] != b[i]) return a[i] < b[i];
        }
        return false;
    }

    function _status(uint64 epoch) private view returns (Status) {
        return _statusOf(epoch, _epochs[epoch].certifiedAt);
    }

    function _statusOf(uint64 epoch, uint256 certifiedAt) private view returns (Status) {
        if (certifiedAt == 0) {
            return block.number > _schedule().certifyDeadline(epoch) ? Status.Void : Status.None;
        }
        return block.number < certifiedAt + _contestBlocks() ? Status.Pending : Status.Final;
    }
}
