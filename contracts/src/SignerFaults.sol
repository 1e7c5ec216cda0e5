// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {Epoch, IAttestationRegistry} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {Assertion, AssertionStatus, IDispute, Subject} from "./interfaces/IDispute.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {IOperatorTable, NonSigner} from "./interfaces/IOperatorTable.sol";
import {Accusation, Exculpation, ISignerFaults} from "./interfaces/ISignerFaults.sol";
import {IVerdictRule} from "./interfaces/IVerdictRule.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {Fault, HeldEvidence} from "./libraries/Values.sol";

/// @title SignerFaults
contract SignerFaults is ISignerFaults, Clock {
    uint8 private constant FAIL = 2;
    uint8 private constant SIGNED_FALSEHOOD = 5;
    /// @dev A sampling rule under which log-probabilities alone are judged: who chose the tokens was the provider.
    uint8 private constant SEEDED = 2;
    /// @dev The hash of posp.EvidenceNone, "it was not opened to me".
    bytes32 private constant NOTHING = keccak256(hex"010000000000");

    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    IFaultManager private immutable FAULT_MANAGER;
    IOperatorTable private immutable OPERATOR_TABLE;
    IDispute private immutable DISPUTE_GAME;
    IDispute private immutable PRIVATE_DISPUTE_GAME;
    IVerdictRule private immutable RULE;
    address private immutable SERVICE_MANAGER;

    constructor(System memory system, IVerdictRule rule) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        OPERATOR_TABLE = IOperatorTable(system.operatorTable);
        DISPUTE_GAME = IDispute(system.disputeGame);
        PRIVATE_DISPUTE_GAME = IDispute(system.privateDisputeGame);
        RULE = rule;
        SERVICE_MANAGER = system.serviceManager;
    }

    /// @inheritdoc ISignerFaults
    function accuse(Assertion calldata a, Subject calldata s, Accusation calldata what) external {
        _requireStood(a, s);
        require(s.certified == FAIL || s.verdict == FAIL, NothingFalse(s.certified, s.verdict));
        _requireHeld(s.held, what.receiptHash, what.providerEvidence, what.committee);
        uint256 tableBlock = _schedule().close(s.epoch) - 1;
        (, Epoch memory kept) = ATTESTATION_REGISTRY.epochStatus(s.epoch);
        bytes32 digest = DigestLib.certificate(
            block.chainid,
            address(ATTESTATION_REGISTRY),
            SERVICE_MANAGER,
            s.epoch,
            kept.tableRoot,
            kept.resultRoot,
            what.faults
        );
        // Whoever is not among the non-signers of a valid certificate signed it.
        OPERATOR_TABLE.verify(tableBlock, kept.tableRoot, digest, what.certificate);
        uint256 members = OPERATOR_TABLE.tableAt(tableBlock).members;
        for (uint256 i; i < what.signers.length; ++i) {
            NonSigner calldata row = what.signers[i];
            address operator = row.member.operator;
            require(
                MerkleLib.verify(
                    kept.tableRoot, DigestLib.member(row.member, row.weightBefore), row.index, members, row.proof
                ) && _testified(what.committee, operator) && !_isAbsent(what.certificate.nonSigners, row.index),
                NotASigner(operator)
            );
            FAULT_MANAGER.charge(s.epoch, Fault(SIGNED_FALSEHOOD, operator, 0, s.sampleId));
        }
    }

    /// @inheritdoc ISignerFaults
    function exculpate(Assertion calldata a, Subject calldata s, Exculpation calldata what) external {
        _requireStood(a, s);
        _requireHeld(s.held, what.receiptHash, what.providerEvidence, what.committee);
        require(what.member < what.committee.length, NoSuchMember(what.member));
        HeldEvidence calldata member = what.committee[what.member];
        _requireEvidence(keccak256(what.evidence), member.evidence);
        _requireEvidence(keccak256(what.recomputed), s.recomputed);
        bytes32 specId = DigestLib.specId(what.spec);
        require(specId == s.specId, WrongSpec(specId, s.specId));
        (uint8 verdict,, int32 logE) =
            RULE.verdictOf(what.spec.policyId, what.spec.engineClass, what.evidence, what.recomputed, SEEDED);
        require(verdict != FAIL, EvidenceContradicted(logE));
        FAULT_MANAGER.clear(DigestLib.faultId(s.epoch, SIGNED_FALSEHOOD, member.operator, 0, s.sampleId));
    }

    function _requireStood(Assertion calldata a, Subject calldata s) private view {
        bytes32 hash = keccak256(abi.encode(s));
        require(hash == a.subject, WrongSubject(hash, a.subject));
        // What is about hidden rows has a seed.
        IDispute game = a.seed == 0 ? DISPUTE_GAME : PRIVATE_DISPUTE_GAME;
        bytes32 id = game.idOf(a);
        AssertionStatus status = game.assertion(id).status;
        require(status == AssertionStatus.Stood, NotStood(id, status));
    }

    function _requireHeld(bytes32 expected, bytes32 receiptHash, bytes32 evidence, HeldEvidence[] calldata committee)
        private
        pure
    {
        bytes32 hash = DigestLib.held(receiptHash, evidence, committee);
        require(hash == expected, WrongHeld(hash, expected));
    }

    function _requireEvidence(bytes32 hash, bytes32 expected) private pure {
        require(hash == expected, WrongEvidence(hash, expected));
    }

    /// @dev A member that had nothing to compute from, or showed nothing, could not tell what it signed.
    function _testified(HeldEvidence[] calldata committee, address operator) private pure returns (bool) {
        for (uint256 i; i < committee.length; ++i) {
            bytes32 evidence = committee[i].evidence;
            if (committee[i].operator == operator) return evidence != 0 && evidence != NOTHING;
        }
        return false;
    }

    function _isAbsent(NonSigner[] calldata absent, uint64 index) private pure returns (bool) {
        for (uint256 i; i < absent.length; ++i) {
            if (absent[i].index == index) return true;
        }
        return false;
    }
}
