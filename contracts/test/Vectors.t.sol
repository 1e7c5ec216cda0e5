// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Libraries} from "../src/dev/Libraries.sol";
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
} from "../src/libraries/Values.sol";
import {Checks} from "./Vm.sol";

/// @notice The libraries give what tests/vectors says: the values that every implementation must reproduce.
contract VectorsTest is Checks {
    Libraries private libs;
    string private json;

    function setUp() public {
        libs = new Libraries();
        vm.roll(1);
    }

    function read(string memory file) private {
        json = vm.readFile(string.concat("../tests/vectors/", file));
    }

    function b32(string memory key) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, key);
    }

    function num(string memory key) private view returns (uint256) {
        return vm.parseJsonUint(json, key);
    }

    function n64(string memory key) private view returns (uint64) {
        return uint64(num(key));
    }

    function n32(string memory key) private view returns (uint32) {
        return uint32(num(key));
    }

    function addr(string memory key) private view returns (address) {
        return vm.parseJsonAddress(json, key);
    }

    function str(string memory key) private view returns (string memory) {
        return vm.parseJsonString(json, key);
    }

    function raw(string memory key) private view returns (bytes memory) {
        return vm.parseJsonBytes(json, key);
    }

    function at(string memory list, uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]", field);
    }

    function length(string memory list, string memory field) private view returns (uint256 n) {
        while (vm.keyExistsJson(json, at(list, n, field))) ++n;
    }

    function test_DigestsAreTheVectors() public {
        read("digests.json");
        (uint256 chainId, address batches) = (num(".domain.chainId"), addr(".domain.registry"));
        bytes32 batchId = libs.batchId(
            chainId,
            batches,
            addr(".batch.provider"),
            n64(".batch.epoch"),
            n64(".batch.firstSequence"),
            b32(".batch.root"),
            n64(".batch.leafCount")
        );
        eq(batchId, b32(".batchId"));
        eq(libs.seed(chainId, batches, n64(".batch.epoch"), batchId, b32(".beacon")), b32(".seed"));
        eq(libs.sampleId(batchId, n64(".j"), n64(".leaf")), b32(".sampleId"));
        eq(libs.openRequest(chainId, batches, batchId, n64(".leaf"), addr(".operator")), b32(".openDigest"));
        eq(libs.buyerNonce(addr(".buyer"), b32(".secret")), b32(".buyerNonce"));
        bytes32 demand = libs.onDemand(chainId, addr(".onDemand"), n64(".batch.epoch"), b32(".receiptHash"));
        eq(demand, b32(".demandId"));
        eq(libs.sampleId(demand, 0, n64(".leaf")), b32(".demandSampleId"));
        eq(libs.receipt(receipt(), chainId, batches), b32(".receiptHash"));
        eq(
            libs.commitment(addr(".operator"), b32(".sampleId"), raw(".operatorEvidence"), b32(".salt")),
            b32(".commitment")
        );
    }

    function receipt() private view returns (Receipt memory) {
        return Receipt({
            provider: addr(".receipt.provider"),
            epoch: n64(".receipt.epoch"),
            sequence: n64(".receipt.sequence"),
            specId: b32(".receipt.specId"),
            requestHash: b32(".receipt.requestHash"),
            outputHash: b32(".receipt.outputHash"),
            evidenceHash: b32(".receipt.evidenceHash"),
            promptTokens: n32(".receipt.promptTokens"),
            outputTokens: n32(".receipt.outputTokens"),
            clientNonce: b32(".receipt.clientNonce"),
            time: n64(".receipt.time")
        });
    }

    function test_PartsAreTheVectors() public {
        read("digests.json");
        eq(
            libs.request(
                RequestPart({
                    tokens: raw(".requestTokens"),
                    rule: uint8(num(".request.sampling.rule")),
                    temperatureMicro: n32(".request.sampling.temperatureMicro"),
                    topPMicro: n32(".request.sampling.topPMicro"),
                    seed: b32(".request.sampling.seed"),
                    maxTokens: n32(".request.sampling.maxTokens"),
                    salt: b32(".request.salt")
                })
            ),
            b32(".requestHash")
        );
        eq(
            libs.output(OutputPart(raw(".outputTokens"), uint8(num(".output.finish")), b32(".output.salt"))),
            b32(".outputHash")
        );
        eq(libs.evidence(b32(".evidence.salt"), raw(".evidence.evidence")), b32(".evidenceHash"));
        eq(
            libs.specId(
                ModelSpec({
                    weightsRoot: b32(".spec.weightsRoot"),
                    precision: str(".spec.precision"),
                    tokenizerHash: b32(".spec.tokenizerHash"),
                    chatTemplateHash: b32(".spec.chatTemplateHash"),
                    engineClass: str(".spec.engineClass"),
                    samplingRule: str(".spec.samplingRule"),
                    vocabSize: n32(".spec.vocabSize"),
                    eos: n32(".spec.eos"),
                    contextLimit: n32(".spec.contextLimit"),
                    referenceVersion: str(".spec.referenceVersion"),
                    policyId: b32(".spec.policyId")
                })
            ),
            b32(".specId")
        );
    }

    /// @dev Parts of private specs: roots of rows where public ones have tokens.
    function test_HiddenPartsAreTheVectors() public {
        read("hidden.json");
        for (uint256 i; i < num(".requests.length"); ++i) {
            string memory at = string.concat(".requests.cases[", vm.toString(i), "].");
            eq(
                libs.hiddenRequest(
                    HiddenRequest({
                        tokens: b32(string.concat(at, "root")),
                        seedCommitment: b32(string.concat(at, "seedCommitment")),
                        rule: uint8(num(string.concat(at, "rule"))),
                        temperatureMicro: n32(string.concat(at, "temperatureMicro")),
                        topPMicro: n32(string.concat(at, "topPMicro")),
                        seed: b32(string.concat(at, "seed")),
                        maxTokens: n32(string.concat(at, "maxTokens")),
                        salt: b32(string.concat(at, "salt"))
                    }),
                    num(string.concat(at, "n"))
                ),
                b32(string.concat(at, "hash"))
            );
        }
        for (uint256 i; i < num(".outputs.length"); ++i) {
            string memory at = string.concat(".outputs.cases[", vm.toString(i), "].");
            HiddenOutput memory o = HiddenOutput(
                b32(string.concat(at, "root")), uint8(num(string.concat(at, "finish"))), b32(string.concat(at, "salt"))
            );
            eq(libs.hiddenOutput(o, num(string.concat(at, "n"))), b32(string.concat(at, "hash")));
        }
        yes(num(".requests.length") > 0 && num(".outputs.length") > 0, "there are some");
    }

    function test_OperatorsMessagesAreTheVectors() public {
        read("digests.json");
        (uint256 chainId, address attestation) = (num(".authority.chainId"), addr(".authority.attestation"));
        uint256 n = length(".commitments.items", ".sampleId");
        yes(n != 0, "commitments");
        bytes32[] memory items = new bytes32[](2 * n);
        for (uint256 i; i < n; ++i) {
            items[2 * i] = b32(at(".commitments.items", i, ".sampleId"));
            items[2 * i + 1] = b32(at(".commitments.items", i, ".commitment"));
        }
        eq(
            libs.commitments(chainId, attestation, n64(".commitments.epoch"), addr(".commitments.operator"), items),
            b32(".commitmentsDigest")
        );
        n = length(".reveals.items", ".sampleId");
        yes(n != 0, "reveals");
        items = new bytes32[](3 * n);
        for (uint256 i; i < n; ++i) {
            items[3 * i] = b32(at(".reveals.items", i, ".sampleId"));
            items[3 * i + 1] = keccak256(raw(at(".reveals.items", i, ".evidence")));
            items[3 * i + 2] = b32(at(".reveals.items", i, ".salt"));
        }
        eq(
            libs.reveals(chainId, attestation, n64(".reveals.epoch"), addr(".reveals.operator"), items),
            b32(".revealsDigest")
        );
        n = length(".held", ".Operator");
        yes(n != 0, "held");
        HeldEvidence[] memory held = new HeldEvidence[](n);
        for (uint256 i; i < n; ++i) {
            held[i] = HeldEvidence(
                addr(at(".held", i, ".Operator")), b32(at(".held", i, ".Commitment")), b32(at(".held", i, ".Evidence"))
            );
        }
        eq(libs.held(b32(".receiptHash"), b32(".providerEvidence"), held), b32(".heldHash"));
    }

    function test_ResultsAreTheVectors() public {
        read("digests.json");
        Result memory r = header(".result");
        r.batches = new BatchResult[](length(".result.batches", ".batchId"));
        for (uint256 i; i < r.batches.length; ++i) {
            r.batches[i] = BatchResult({
                batchId: b32(at(".result.batches", i, ".batchId")),
                provider: addr(at(".result.batches", i, ".provider")),
                samples: n32(at(".result.batches", i, ".samples")),
                passed: n32(at(".result.batches", i, ".passed")),
                failed: n32(at(".result.batches", i, ".failed")),
                inconclusive: n32(at(".result.batches", i, ".inconclusive")),
                unavailable: n32(at(".result.batches", i, ".unavailable"))
            });
        }
        r.standings = new Standing[](length(".result.standings", ".subject"));
        for (uint256 i; i < r.standings.length; ++i) {
            r.standings[i] = Standing(
                addr(at(".result.standings", i, ".subject")),
                b32(at(".result.standings", i, ".specId")),
                n64(at(".result.standings", i, ".value"))
            );
        }
        r.faults = new Fault[](length(".result.faults", ".kind"));
        for (uint256 i; i < r.faults.length; ++i) {
            r.faults[i] = Fault(
                uint8(num(at(".result.faults", i, ".kind"))),
                addr(at(".result.faults", i, ".subject")),
                b32(at(".result.faults", i, ".batchId")),
                b32(at(".result.faults", i, ".ref"))
            );
        }
        yes(r.batches.length != 0 && r.standings.length != 0 && r.faults.length != 0, "result");
        checkResult(r, b32(".resultRoot"), b32(".resultDigest"));
        checkResult(header(".emptyResult"), b32(".emptyResultRoot"), b32(".emptyResultDigest"));

        bytes32[] memory leaves = vm.parseJsonBytes32Array(json, ".sampleLeaves");
        for (uint256 i; i < leaves.length; ++i) {
            eq(
                libs.sampleResult(
                    SampleResult(
                        b32(at(".samples", i, ".sampleId")),
                        uint8(num(at(".samples", i, ".verdict"))),
                        uint8(num(at(".samples", i, ".class"))),
                        int32(vm.parseJsonInt(json, at(".samples", i, ".logE"))),
                        b32(at(".samples", i, ".evidence"))
                    )
                ),
                leaves[i]
            );
        }
        eq(libs.merkleRoot(leaves), b32(".result.sampleRoot"));
    }

    function header(string memory key) private view returns (Result memory r) {
        r.epoch = n64(string.concat(key, ".epoch"));
        r.tableRoot = b32(string.concat(key, ".tableRoot"));
        r.sampleRoot = b32(string.concat(key, ".sampleRoot"));
        r.sampleCount = n64(string.concat(key, ".sampleCount"));
    }

    function checkResult(Result memory r, bytes32 root, bytes32 digest) private view {
        eq(libs.resultRoot(r), root);
        eq(
            libs.certificate(num(".authority.chainId"), addr(".authority.attestation"), addr(".authority.avs"), r),
            digest
        );
    }

    function test_TableIsTheVector() public {
        read("digests.json");
        bytes32[] memory leaves = vm.parseJsonBytes32Array(json, ".memberLeaves");
        uint256 before;
        for (uint256 i; i < leaves.length; ++i) {
            Member memory m = Member({
                operator: addr(at(".members", i, ".operator")),
                weight: num(at(".members", i, ".weight")),
                keyX: num(at(".members", i, ".keyX")),
                keyY: num(at(".members", i, ".keyY"))
            });
            eq(libs.member(m, before), leaves[i]);
            before += m.weight;
        }
        eq(libs.merkleRoot(leaves), b32(".tableRoot"));
    }

    function test_TreesAreTheVectors() public {
        read("merkle.json");
        uint256 n = num(".roots.length");
        for (uint256 i; i < n; ++i) {
            bytes32[] memory some = new bytes32[](num(at(".roots.cases", i, ".n")));
            for (uint256 v; v < some.length; ++v) {
                some[v] = keccak256(abi.encodePacked("value", v));
            }
            eq(libs.merkleRoot(some), b32(at(".roots.cases", i, ".root")));
        }
        n = num(".proofs.length");
        yes(n != 0, "proofs");
        for (uint256 i; i < n; ++i) {
            bool ok = libs.merkleVerify(
                b32(at(".proofs.cases", i, ".root")),
                b32(at(".proofs.cases", i, ".value")),
                num(at(".proofs.cases", i, ".index")),
                num(at(".proofs.cases", i, ".count")),
                vm.parseJsonBytes32Array(json, at(".proofs.cases", i, ".proof"))
            );
            yes(ok, at("proof", i, ""));
        }
    }

    function test_DrawsAreTheVectors() public {
        read("draw.json");
        uint256 n = num(".length");
        yes(n != 0, "draws");
        for (uint256 i; i < n; ++i) {
            string memory c = at(".cases", i, "");
            checkDraw(c);
        }
    }

    function checkDraw(string memory c) private view {
        uint64 leafCount = n64(string.concat(c, ".leafCount"));
        bytes32 seed = b32(string.concat(c, ".seed"));
        eq(
            libs.sampleCount(leafCount, n32(string.concat(c, ".ratePpm")), n32(string.concat(c, ".kMin"))),
            num(string.concat(c, ".k"))
        );
        uint256[] memory js = vm.parseJsonUintArray(json, string.concat(c, ".j"));
        uint256[] memory leaves = vm.parseJsonUintArray(json, string.concat(c, ".leaves"));
        bytes32[] memory ids = vm.parseJsonBytes32Array(json, string.concat(c, ".sampleIds"));
        // Reading JSON is dear: the first samples of each case here, all of them in Go.
        for (uint256 s; s < js.length && s < 8; ++s) {
            (uint64 j, uint64 leaf) = (uint64(js[s]), uint64(leaves[s]));
            eq(libs.leafAt(seed, leafCount, j), leaf);
            eq(libs.indexOf(seed, leafCount, leaf), j);
            eq(libs.sampleId(b32(string.concat(c, ".batchId")), j, leaf), ids[s]);
            checkCommittee(c, seed, s, j);
        }
    }

    function checkCommittee(string memory c, bytes32 seed, uint256 s, uint64 j) private view {
        address[] memory got =
            libs.committee(seed, j, num(string.concat(c, ".m")), operators(c), weights(c), excluded(c));
        address[] memory want = vm.parseJsonAddressArray(json, at(string.concat(c, ".committees"), s, ""));
        eq(keccak256(abi.encode(got)), keccak256(abi.encode(want)));
    }

    function operators(string memory c) private view returns (address[] memory) {
        return vm.parseJsonAddressArray(json, string.concat(c, ".operators"));
    }

    function weights(string memory c) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(json, string.concat(c, ".weights"));
    }

    /// @dev Whom the provider declares, and the provider: it never checks itself.
    function excluded(string memory c) private view returns (address[] memory all) {
        address[] memory declared = vm.parseJsonAddressArray(json, string.concat(c, ".excluded"));
        all = new address[](declared.length + 1);
        for (uint256 i; i < declared.length; ++i) {
            all[i] = declared[i];
        }
        all[declared.length] = addr(string.concat(c, ".provider"));
    }
}
