// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Fault, HeldEvidence, ModelSpec} from "../libraries/Values.sol";
import {Assertion, AssertionStatus, Subject} from "./IDispute.sol";
import {Certificate, NonSigner} from "./IOperatorTable.sol";

/// @notice Who of a committee signed a result that an assertion overturned.
struct Accusation {
    bytes32 receiptHash; // with provider and committee: what the certified line rested on
    bytes32 providerEvidence;
    HeldEvidence[] committee;
    Fault[] faults; // of the certificate
    Certificate certificate;
    NonSigner[] signers; // rows of the table: members of the committee that signed
}

/// @notice What an accused operator shows: its evidence, as it was revealed, agrees with the program's.
struct Exculpation {
    bytes32 receiptHash;
    bytes32 providerEvidence;
    HeldEvidence[] committee;
    uint256 member; // which of them
    bytes evidence; // its own
    bytes recomputed; // the program's
    ModelSpec spec;
}

/// @title ISignerFaults
/// @notice Who signed a result that a dispute overturned, on evidence that it could check: the sample's committee.
interface ISignerFaults {
    /// @notice The assertion has not stood.
    error NotStood(bytes32 id, AssertionStatus status);
    /// @notice What was overturned neither convicted nor acquitted anybody.
    error NothingFalse(uint8 certified, uint8 verdict);
    /// @notice The subject is not the assertion's.
    error WrongSubject(bytes32 hash, bytes32 expected);
    /// @notice The spec is not the subject's.
    error WrongSpec(bytes32 specId, bytes32 expected);
    /// @notice There is no such member of the committee.
    error NoSuchMember(uint256 member);
    /// @notice This is not what the certified line rested on.
    error WrongHeld(bytes32 hash, bytes32 expected);
    /// @notice The operator is not of the sample's committee, revealed no evidence, is not in the table, or did not
    /// sign.
    error NotASigner(address operator);
    /// @notice This is not the member's evidence, or not the program's.
    error WrongEvidence(bytes32 hash, bytes32 expected);
    /// @notice The evidence contradicts the program's.
    error EvidenceContradicted(int32 logE);

    /// @notice Charges members of the sample's committee who revealed evidence and signed the certificate that an
    /// assertion overturned. Each has a contest window to answer. Anybody may.
    function accuse(Assertion calldata a, Subject calldata s, Accusation calldata what) external;

    /// @notice Clears such a charge: the member's own log-probabilities were right, and it was outvoted. Anybody may.
    function exculpate(Assertion calldata a, Subject calldata s, Exculpation calldata what) external;
}
