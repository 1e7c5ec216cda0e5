// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BN254Lib, G1Point, G2Point} from "../libraries/BN254Lib.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {Economics, EconomicsLib} from "../libraries/EconomicsLib.sol";
import {HeaderLib} from "../libraries/HeaderLib.sol";
import {MerkleLib} from "../libraries/MerkleLib.sol";
import {SamplerLib} from "../libraries/SamplerLib.sol";
import {Schedule} from "../libraries/ScheduleLib.sol";
import {
    HeldEvidence,
    HiddenOutput,
    HiddenRequest,
    Member,
    ModelSpec,
    OutputPart,
    Receipt,
    RequestPart,
    Result,
    SampleResult
} from "../libraries/Values.sol";

/// @title Libraries
/// @notice The libraries, callable: tests hold them against their twins in Go. It is deployed nowhere.
contract Libraries {
    function receipt(Receipt calldata r, uint256 chainId, address registry) external pure returns (bytes32) {
        return DigestLib.receipt(r, chainId, registry);
    }

    function batchId(
        uint256 chainId,
        address registry,
        address provider,
        uint64 epoch,
        uint64 firstSequence,
        bytes32 root,
        uint64 leafCount
    ) external pure returns (bytes32) {
        return DigestLib.batchId(chainId, registry, provider, epoch, firstSequence, root, leafCount);
    }

    function seed(uint256 chainId, address registry, uint64 epoch, bytes32 batch, bytes32 beacon)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.seed(chainId, registry, epoch, batch, beacon);
    }

    function sampleId(bytes32 batch, uint64 j, uint64 leaf) external pure returns (bytes32) {
        return DigestLib.sampleId(batch, j, leaf);
    }

    function specId(ModelSpec calldata s) external pure returns (bytes32) {
        return DigestLib.specId(s);
    }

    function request(RequestPart calldata p) external pure returns (bytes32) {
        return DigestLib.request(p);
    }

    function output(OutputPart calldata p) external pure returns (bytes32) {
        return DigestLib.output(p);
    }

    function hiddenRequest(HiddenRequest calldata p, uint256 tokens) external pure returns (bytes32) {
        return DigestLib.request(p, tokens);
    }

    function hiddenOutput(HiddenOutput calldata p, uint256 tokens) external pure returns (bytes32) {
        return DigestLib.output(p, tokens);
    }

    function evidence(bytes32 salt, bytes calldata evidenceBytes) external pure returns (bytes32) {
        return DigestLib.evidence(salt, evidenceBytes);
    }

    function onDemand(uint256 chainId, address contract_, uint64 epoch, bytes32 receiptHash)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.onDemand(chainId, contract_, epoch, receiptHash);
    }

    function openRequest(uint256 chainId, address registry, bytes32 batch, uint64 leaf, address operator)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.openRequest(chainId, registry, batch, leaf, operator);
    }

    function commitment(address operator, bytes32 sample, bytes calldata evidenceBytes, bytes32 salt)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.commitment(operator, sample, evidenceBytes, salt);
    }

    function commitments(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] calldata items)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.commitments(chainId, attestation, epoch, operator, items);
    }

    function reveals(uint256 chainId, address attestation, uint64 epoch, address operator, bytes32[] calldata items)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.reveals(chainId, attestation, epoch, operator, items);
    }

    function held(bytes32 receiptHash, bytes32 providerEvidence, HeldEvidence[] calldata committee_)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.held(receiptHash, providerEvidence, committee_);
    }

    function sampleResult(SampleResult calldata s) external pure returns (bytes32) {
        return DigestLib.sampleResult(s);
    }

    function resultRoot(Result calldata r) external pure returns (bytes32) {
        return DigestLib.resultRoot(r.sampleRoot, r.sampleCount, r.batches, r.standings);
    }

    function certificate(uint256 chainId, address attestation, address avs, Result calldata r)
        external
        pure
        returns (bytes32)
    {
        return DigestLib.certificate(chainId, attestation, avs, r);
    }

    function member(Member memory m, uint256 before) external pure returns (bytes32) {
        return DigestLib.member(m, before);
    }

    function buyerNonce(address buyer, bytes32 secret) external pure returns (bytes32) {
        return DigestLib.buyerNonce(buyer, secret);
    }

    function merkleRoot(bytes32[] memory values) external pure returns (bytes32) {
        return MerkleLib.root(values);
    }

    function merkleVerify(bytes32 root, bytes32 value, uint256 index, uint256 count, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return MerkleLib.verify(root, value, index, count, proof);
    }

    function sampleCount(uint64 n, uint32 ratePpm, uint32 kMin) external pure returns (uint64) {
        return SamplerLib.count(n, ratePpm, kMin);
    }

    function leafAt(bytes32 seed_, uint64 n, uint64 j) external pure returns (uint64) {
        return SamplerLib.leafAt(seed_, n, j);
    }

    function indexOf(bytes32 seed_, uint64 n, uint64 leaf) external pure returns (uint64) {
        return SamplerLib.indexOf(seed_, n, leaf);
    }

    function committee(
        bytes32 seed_,
        uint64 j,
        uint256 m,
        address[] memory operators,
        uint256[] memory weights,
        address[] memory excluded
    ) external pure returns (address[] memory) {
        return SamplerLib.committee(seed_, j, m, operators, weights, excluded);
    }

    /// @return blocks start, close, beaconBlock, commitDeadline, revealDeadline, certifyDeadline
    function phases(Schedule memory s, uint64 epoch) external pure returns (uint256[6] memory blocks) {
        s.check();
        return [
            s.start(epoch),
            s.close(epoch),
            s.beaconBlock(epoch),
            s.commitDeadline(epoch),
            s.revealDeadline(epoch),
            s.certifyDeadline(epoch)
        ];
    }

    function parseHeader(bytes calldata header) external pure returns (uint64 number, bytes32 mixHash) {
        return HeaderLib.parse(header);
    }

    function checkEconomics(Economics memory e, uint32 ratePpm) external pure {
        EconomicsLib.check(e, ratePpm);
    }

    function g1Add(G1Point memory a, G1Point memory b) external view returns (G1Point memory) {
        return BN254Lib.add(a, b);
    }

    function g1Mul(G1Point memory a, uint256 scalar) external view returns (G1Point memory) {
        return BN254Lib.mul(a, scalar);
    }

    function g1Negate(G1Point memory a) external pure returns (G1Point memory) {
        return BN254Lib.negate(a);
    }

    function hashToG1(bytes32 digest) external view returns (G1Point memory) {
        return BN254Lib.hashToG1(digest);
    }

    function verifySignature(bytes32 digest, G1Point memory sigma, G1Point memory apk1, G2Point memory apk2)
        external
        view
        returns (bool)
    {
        return BN254Lib.verifySignature(digest, sigma, apk1, apk2);
    }
}
