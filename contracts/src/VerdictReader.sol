// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {System} from "./System.sol";
import {IAttestationRegistry, Judged, Status} from "./interfaces/IAttestationRegistry.sol";
import {Batch, IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {Answer, IOnDemand} from "./interfaces/IOnDemand.sol";
import {BatchVerdict, Finality, IVerdictReader, Shown, Verdict} from "./interfaces/IVerdictReader.sol";
import {BatchLib} from "./libraries/BatchLib.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {Receipt} from "./libraries/Values.sol";

/// @title VerdictReader
/// @notice It keeps nothing, and can be deployed again by anybody for any deployment.
contract VerdictReader is IVerdictReader {
    IBatchRegistry private immutable BATCH_REGISTRY;
    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    IFaultManager private immutable FAULT_MANAGER;
    address private immutable ON_DEMAND;

    constructor(System memory system) {
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        ON_DEMAND = system.onDemand;
    }

    /// @inheritdoc IVerdictReader
    function ofReceipt(Shown calldata s) external view returns (Verdict memory) {
        return _ofReceipt(s);
    }

    /// @inheritdoc IVerdictReader
    function ofReceiptNoOlderThan(Shown calldata s, uint64 maxAge) external view returns (Verdict memory v) {
        v = _ofReceipt(s);
        _requireAge(v.batch, maxAge);
    }

    /// @inheritdoc IVerdictReader
    function ofBatch(Receipt calldata receipt, uint64 epoch, bytes32[] calldata receiptProof)
        external
        view
        returns (BatchVerdict memory)
    {
        return _ofBatch(receipt, epoch, receiptProof);
    }

    /// @inheritdoc IVerdictReader
    function ofBatchNoOlderThan(Receipt calldata receipt, uint64 epoch, bytes32[] calldata receiptProof, uint64 maxAge)
        external
        view
        returns (BatchVerdict memory b)
    {
        b = _ofBatch(receipt, epoch, receiptProof);
        _requireAge(b, maxAge);
    }

    /// @inheritdoc IVerdictReader
    function onDemand(Receipt calldata receipt) external view returns (Answer memory a) {
        if (ON_DEMAND != address(0)) a = IOnDemand(ON_DEMAND).answerOf(receiptHash(receipt));
    }

    /// @inheritdoc IVerdictReader
    function receiptHash(Receipt calldata receipt) public view returns (bytes32) {
        return DigestLib.receipt(receipt, block.chainid, address(BATCH_REGISTRY));
    }

    function _ofReceipt(Shown calldata s) private view returns (Verdict memory v) {
        Batch memory b;
        Judged memory j;
        bytes32 beacon;
        uint64 number;
        (v.batch, b, beacon, j) = _batch(s.receipt, s.epoch, s.receiptProof);
        (v.sampled, number, v.sampleId) = BatchLib.sampleOf(b, v.batch.batchId, address(BATCH_REGISTRY), beacon, v.batch.leaf);
        if (!v.sampled || j.certifiedAt == 0) return v;
        require(s.line.sampleId == v.sampleId, LineMissing(v.sampleId));
        require(
            MerkleLib.verify(j.sampleRoot, DigestLib.sampleResult(s.line), s.lineIndex, j.sampleCount, s.lineProof),
            LineRefused(v.sampleId)
        );
        (v.verdict, v.class) = (s.line.verdict, s.line.class);
        if (j.overturns == 0) return v;
        uint8 instead = ATTESTATION_REGISTRY.overturned(v.batch.batchId, number, v.batch.leaf);
        if (instead != 0) (v.verdict, v.class, v.overturned) = (instead, 0, true);
    }

    function _ofBatch(Receipt calldata r, uint64 epoch, bytes32[] calldata proof)
        private
        view
        returns (BatchVerdict memory v)
    {
        (v,,,) = _batch(r, epoch, proof);
    }

    function _batch(Receipt calldata r, uint64 epoch, bytes32[] calldata proof)
        private
        view
        returns (BatchVerdict memory v, Batch memory b, bytes32 beacon, Judged memory j)
    {
        (v.batchId, b, beacon) = BATCH_REGISTRY.batchAt(r.provider, epoch);
        v.leaf = BatchLib.locate(b, v.batchId, address(BATCH_REGISTRY), r, proof);
        j = ATTESTATION_REGISTRY.judged(epoch, v.batchId, r.provider, r.specId);
        if (j.certifiedAt != 0) {
            v.certifiedAt = j.certifiedAt;
            // forge-lint: disable-next-line(unsafe-typecast)
            v.age = uint64(block.number - j.certifiedAt); // block numbers are far from 2^64
            if (j.contests != 0) v.finality = Finality.Contested;
            else v.finality = j.status == Status.Final ? Finality.Final : Finality.Certified;
            (v.samples, v.passed, v.failed) = (j.samples, j.passed, j.failed);
            (v.inconclusive, v.unavailable) = (j.inconclusive, j.unavailable);
        } else if (j.status == Status.Void) {
            v.finality = Finality.Void;
        }
        v.standing = j.standing;
        (v.faulted, v.jailed) = FAULT_MANAGER.bears(v.batchId, r.provider);
    }

    function _requireAge(BatchVerdict memory b, uint64 maxAge) private pure {
        require(b.certifiedAt != 0, NotCertified(b.batchId));
        require(b.age <= maxAge, TooOld(b.age, maxAge));
    }
}
