// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

// The values of package posp that a contract takes or gives. docs/protocol.md
// says what they mean, DigestLib how they are hashed.

/// @notice A provider's promise about one answer. It must stand at index `sequence - firstSequence` of the
/// provider's batch of its epoch.
struct Receipt {
    address provider;
    uint64 epoch;
    uint64 sequence;
    bytes32 specId;
    bytes32 requestHash;
    bytes32 outputHash;
    bytes32 evidenceHash;
    uint32 promptTokens;
    uint32 outputTokens;
    bytes32 clientNonce;
    uint64 time;
}

/// @notice Everything that decides an output's distribution.
struct ModelSpec {
    bytes32 weightsRoot;
    string precision;
    bytes32 tokenizerHash;
    bytes32 chatTemplateHash;
    string engineClass;
    string samplingRule;
    uint32 vocabSize;
    uint32 eos;
    uint32 contextLimit;
    string referenceVersion;
    bytes32 policyId;
}

/// @notice Opens a receipt's requestHash. Tokens are 4 bytes each.
struct RequestPart {
    bytes tokens;
    uint8 rule;
    uint32 temperatureMicro;
    uint32 topPMicro;
    bytes32 seed;
    uint32 maxTokens;
    bytes32 salt;
}

/// @notice Opens a receipt's outputHash. Tokens are 4 bytes each.
struct OutputPart {
    bytes tokens;
    uint8 finish;
    bytes32 salt;
}

/// @notice Opens a receipt's requestHash under a private spec: the text stays hidden.
struct HiddenRequest {
    bytes32 tokens; // root of the trace's row of them
    bytes32 seedCommitment; // to the salts of the trace's rows
    uint8 rule;
    uint32 temperatureMicro;
    uint32 topPMicro;
    bytes32 seed;
    uint32 maxTokens;
    bytes32 salt;
}

/// @notice Opens a receipt's outputHash under a private spec.
struct HiddenOutput {
    bytes32 tokens; // root of the trace's row of them
    uint8 finish;
    bytes32 salt;
}

/// @notice Opens a receipt's evidenceHash.
struct EvidencePart {
    bytes evidence;
    bytes32 salt;
}

/// @notice One committee member's contribution to a sample.
struct HeldEvidence {
    address operator;
    bytes32 commitment;
    bytes32 evidence;
}

/// @notice One line of an epoch's result, under its sampleRoot.
struct SampleResult {
    bytes32 sampleId;
    uint8 verdict;
    uint8 class;
    int32 logE;
    bytes32 evidence;
}

/// @notice What an epoch found in one batch.
struct BatchResult {
    bytes32 batchId;
    address provider;
    uint32 samples;
    uint32 passed;
    uint32 failed;
    uint32 inconclusive;
    uint32 unavailable;
}

/// @notice A subject's sequential test after an epoch, in Q16 nats. An operator's stands under spec 0.
struct Standing {
    address subject;
    bytes32 specId;
    uint64 value;
}

/// @notice A charge that a certificate makes: 1 statistical (ref = specId), 2 withholding (ref = sampleId),
/// 3 operator evidence (batchId = ref = 0).
struct Fault {
    uint8 kind;
    address subject;
    bytes32 batchId;
    bytes32 ref;
}

/// @notice What an epoch's evidence comes to. Batches ascend by id, standings by (subject, spec), faults by
/// (kind, subject, batchId, ref).
struct Result {
    uint64 epoch;
    bytes32 tableRoot;
    bytes32 sampleRoot;
    uint64 sampleCount;
    BatchResult[] batches;
    Standing[] standings;
    Fault[] faults;
}

/// @notice A row of the operator table.
struct Member {
    address operator;
    uint256 weight;
    uint256 keyX;
    uint256 keyY;
}
