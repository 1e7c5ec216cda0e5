// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {
    BatchResult,
    Fault,
    HeldEvidence,
    HiddenOutput,
    HiddenRequest,
    Member,
    ModelSpec,
    OutputPart,
    Receipt,
    RequestPart,
    Result,
    SampleResult,
    Standing
} from "./Values.sol";

/// @title DigestLib
/// @notice Every hash of docs/protocol.md. Its twin is package posp; tests/vectors pins both.
library DigestLib {
    bytes32 internal constant BATCH = keccak256("posp.batch.v1");
    bytes32 internal constant SEED = keccak256("posp.seed.v1");
    bytes32 internal constant SAMPLE = keccak256("posp.sample.v1");
    bytes32 internal constant SPEC = keccak256("posp.spec.v1");
    bytes32 internal constant REQUEST = keccak256("posp.request.v1");
    bytes32 internal constant OUTPUT = keccak256("posp.output.v1");
    bytes32 internal constant HIDDEN_REQUEST = keccak256("posp.request.hidden.v1");
    bytes32 internal constant HIDDEN_OUTPUT = keccak256("posp.output.hidden.v1");
    bytes32 internal constant EVIDENCE = keccak256("posp.evidence.v1");
    bytes32 internal constant OPEN = keccak256("posp.open.v1");
    bytes32 internal constant COMMIT = keccak256("posp.commit.v1");
    bytes32 internal constant REVEAL = keccak256("posp.reveal.v1");
    bytes32 internal constant VERDICT = keccak256("posp.verdict.v1");
    bytes32 internal constant RESULT = keccak256("posp.result.v1");
    bytes32 internal constant CERTIFICATE = keccak256("posp.certificate.v1");
    bytes32 internal constant MEMBER = keccak256("posp.member.v1");
    bytes32 internal constant HELD = keccak256("posp.held.v1");
    bytes32 internal constant GAME = keccak256("posp.game.v1");
    bytes32 internal constant BUYER = keccak256("posp.buyer.v1");
    bytes32 internal constant FAULT = keccak256("posp.fault.v1");
    bytes32 internal constant ON_DEMAND = keccak256("posp.ondemand.v1");

    bytes32 internal constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant RECEIPT_TYPE = keccak256(
        "Receipt(address provider,uint64 epoch,uint64 sequence,bytes32 specId,bytes32 requestHash,bytes32 outputHash,bytes32 evidenceHash,uint32 promptTokens,uint32 outputTokens,bytes32 clientNonce,uint64 time)"
    );

    /// @notice Tokens are 4 bytes each.
    error TokensNotWhole(uint256 length);

    /// @notice The EIP-712 digest of a receipt: what the receipt key signs, and the value under a batch's leaf.
    function receipt(Receipt calldata r, uint256 chainId, address registry) internal pure returns (bytes32) {
        bytes32 separator = keccak256(abi.encode(DOMAIN_TYPE, keccak256("posp"), keccak256("1"), chainId, registry));
        return keccak256(abi.encodePacked(hex"1901", separator, keccak256(abi.encode(RECEIPT_TYPE, r))));
    }

    function batchId(
        uint256 chainId,
        address registry,
        address provider,
        uint64 epoch,
        uint64 firstSequence,
        bytes32 root,
        uint64 leafCount
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH, chainId, registry, provider, epoch, firstSequence, root, leafCount));
    }

    /// @notice The randomness of one batch.
    function seed(uint256 chainId, address registry, uint64 epoch, bytes32 batch, bytes32 beacon)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(SEED, chainId, registry, epoch, batch, beacon));
    }

    /// @notice Names the j-th sampled leaf of a batch.
    function sampleId(bytes32 batch, uint64 j, uint64 leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode(SAMPLE, batch, j, leaf));
    }

    /// @notice The name of a request that a receipt be verified by an epoch. In the seed and the sample id of the request's
    /// sample it stands where the batch's id does.
    function onDemand(uint256 chainId, address onDemandContract, uint64 epoch, bytes32 receiptHash)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(ON_DEMAND, chainId, onDemandContract, epoch, receiptHash));
    }

    function specId(ModelSpec calldata s) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                SPEC,
                s.weightsRoot,
                keccak256(bytes(s.precision)),
                s.tokenizerHash,
                s.chatTemplateHash,
                keccak256(bytes(s.engineClass)),
                keccak256(bytes(s.samplingRule)),
                s.vocabSize,
                s.eos,
                s.contextLimit,
                keccak256(bytes(s.referenceVersion)),
                s.policyId
            )
        );
    }

    function request(RequestPart calldata p) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REQUEST,
                p.salt,
                p.rule,
                p.temperatureMicro,
                p.topPMicro,
                p.seed,
                p.maxTokens,
                tokenCount(p.tokens),
                keccak256(p.tokens)
            )
        );
    }

    function output(OutputPart calldata p) internal pure returns (bytes32) {
        return keccak256(abi.encode(OUTPUT, p.salt, p.finish, tokenCount(p.tokens), keccak256(p.tokens)));
    }

    /// @notice Of a private spec, for so many tokens.
    function request(HiddenRequest calldata p, uint256 tokens) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                HIDDEN_REQUEST,
                p.salt,
                p.rule,
                p.temperatureMicro,
                p.topPMicro,
                p.seed,
                p.maxTokens,
                tokens,
                p.tokens,
                p.seedCommitment
            )
        );
    }

    function output(HiddenOutput calldata p, uint256 tokens) internal pure returns (bytes32) {
        return keccak256(abi.encode(HIDDEN_OUTPUT, p.salt, p.finish, tokens, p.tokens));
    }

    /// @param evidenceBytes The encoded evidence.
    function evidence(bytes32 salt, bytes calldata evidenceBytes) internal pure returns (bytes32) {
        return keccak256(abi.encode(EVIDENCE, salt, keccak256(evidenceBytes)));
    }

    /// @notice What an operator signs to ask a provider for an opening.
    function openRequest(uint256 chainId, address registry, bytes32 batch, uint64 leaf, address operator)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(OPEN, chainId, registry, batch, leaf, operator));
    }

    /// @notice Binds an operator to evidence that it has not shown.
    function commitment(address operator, bytes32 sample, bytes calldata evidenceBytes, bytes32 salt)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(operator, sample, evidenceBytes, salt));
    }

    /// @param items (sampleId, commitment) pairs, flat.
    function commitments(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] calldata items)
        internal
        pure
        returns (bytes32)
    {
        bytes32 list = keccak256(abi.encodePacked(items));
        return keccak256(abi.encode(COMMIT, chainId, attestation, epoch, operator, items.length / 2, list));
    }

    /// @param items (sampleId, keccak(evidence), salt) triples, flat.
    function reveals(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] calldata items)
        internal
        pure
        returns (bytes32)
    {
        bytes32 list = keccak256(abi.encodePacked(items));
        return keccak256(abi.encode(REVEAL, chainId, attestation, epoch, operator, items.length / 3, list));
    }

    /// @notice Binds everything that a sample's verdict rests on.
    function held(bytes32 receiptHash, bytes32 providerEvidence, HeldEvidence[] calldata committee)
        internal
        pure
        returns (bytes32)
    {
        bytes memory words = abi.encode(HELD, receiptHash, providerEvidence);
        for (uint256 i; i < committee.length; ++i) {
            words = bytes.concat(words, abi.encode(committee[i]));
        }
        return keccak256(words);
    }

    /// @notice The value under a sample's leaf of the sample tree.
    function sampleResult(SampleResult calldata s) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERDICT, s));
    }

    function resultRoot(
        bytes32 sampleRoot,
        uint64 sampleCount,
        BatchResult[] calldata batches,
        Standing[] calldata standings
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                RESULT, sampleRoot, sampleCount, keccak256(abi.encode(batches)), keccak256(abi.encode(standings))
            )
        );
    }

    /// @notice What operators co-sign.
    function certificate(uint256 chainId, address attestation, address avs, Result calldata r)
        internal
        pure
        returns (bytes32)
    {
        bytes32 root = resultRoot(r.sampleRoot, r.sampleCount, r.batches, r.standings);
        return certificate(chainId, attestation, avs, r.epoch, r.tableRoot, root, r.faults);
    }

    /// @notice The same, from the result's root.
    function certificate(
        uint256 chainId,
        address attestation,
        address avs,
        uint64 epoch,
        bytes32 tableRoot,
        bytes32 root,
        Fault[] calldata faults
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(CERTIFICATE, chainId, attestation, avs, epoch, tableRoot, root, keccak256(abi.encode(faults)))
        );
    }

    /// @notice The value under a member's leaf of the operator table.
    /// @param before The sum of the weights of the rows above.
    function member(Member memory m, uint256 before) internal pure returns (bytes32) {
        return keccak256(abi.encode(MEMBER, m.operator, m.weight, before, m.keyX, m.keyY));
    }

    /// @notice The client nonce by which a buyer can later claim a refund.
    function buyerNonce(address buyer, bytes32 secret) internal pure returns (bytes32) {
        return keccak256(abi.encode(BUYER, buyer, secret));
    }

    /// @notice Names a game about hidden rows to the proof that ends it.
    function game(uint256 chainId, address dispute, bytes32 assertion, address challenger)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(GAME, chainId, dispute, assertion, challenger));
    }

    /// @notice Names a charge of an epoch's certificate.
    function faultId(uint64 epoch, Fault calldata f) internal pure returns (bytes32) {
        return faultId(epoch, f.kind, f.subject, f.batchId, f.ref);
    }

    function faultId(uint64 epoch, uint8 kind, address subject, bytes32 batch, bytes32 ref)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(FAULT, epoch, kind, subject, batch, ref));
    }

    function tokenCount(bytes calldata tokens) private pure returns (uint256) {
        require(tokens.length % 4 == 0, TokensNotWhole(tokens.length));
        return tokens.length / 4;
    }
}
