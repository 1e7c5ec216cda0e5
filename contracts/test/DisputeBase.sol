// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Assertion, IDispute, Subject} from "../src/interfaces/IDispute.sol";
import {Contest} from "../src/interfaces/IDisputeGame.sol";
import {Arch} from "../src/libraries/GraphLib.sol";
import {MerkleLib} from "../src/libraries/MerkleLib.sol";
import {
    BatchResult,
    EvidencePart,
    Fault,
    HeldEvidence,
    ModelSpec,
    OutputPart,
    Receipt,
    RequestPart,
    Result,
    SampleResult,
    Standing
} from "../src/libraries/Values.sol";
import {Poseidon2Lib} from "../src/private/Poseidon2Lib.sol";
import {Base} from "./Base.sol";

/// @notice A batch of receipts of a real run of the reference program (test/fixtures/dispute.json, which Go writes), and
/// both sides' moves about it.
abstract contract DisputeBase is Base {
    uint8 internal constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 internal constant INCONCLUSIVE = 3;
    uint64 internal constant LEAVES = 4;
    uint256 internal constant ROUND = 5;

    /// @notice A last move: element of a block of a row.
    struct Case {
        uint256 row;
        uint256 blockIndex;
        uint8 element;
        bytes32[] blocks; // of the row
        bytes data;
        bytes lie;
        bytes proof;
        bytes lyingProof;
    }

    IDispute internal game; // the one that is played
    address internal asserter = address(0xd1);
    address internal challenger = address(0xd2);
    address internal second = address(0xd3);

    bytes32[] internal rowRoots; // of the honest run
    ModelSpec internal spec;
    Arch internal arch;
    bytes internal far;
    bytes internal near;
    bytes internal own;
    bytes internal prompt;
    bytes internal answer;
    bytes32 internal honestRoot;
    Case[] internal _cases;

    // The contested epoch
    uint64 internal epoch;
    uint64 internal late; // by so many epochs its receipts are
    bytes32 internal batchId;
    uint64[2] private _leaves; // of the two samples
    SampleResult[2] private _lines;
    int32 internal failedBy = 99; // what a FAIL adds to the standing
    uint8 internal failedAs = 1; // its class
    uint8 internal passedAs; // that of a line which did not fail
    uint64 internal standing = FAULT_LINE; // certified with a FAIL
    // The one that is contested
    uint64 internal sampled;
    uint64 internal sampledLeaf;
    SampleResult internal line;
    bytes32 internal digest; // of its certificate
    Fault[] internal charges; // in it
    HeldEvidence[] internal committee;
    bytes32[3] internal revealed; // hashes of the committee's evidence

    function setUp() public virtual override {
        super.setUp();
        game = publicGame;
        table.snapshot();
        string memory json = vm.readFile("./test/fixtures/dispute.json");
        rowRoots = vm.parseJsonBytes32Array(json, ".rows");
        arch = Arch({
            hidden: vm.parseJsonUint(json, ".arch.hidden"),
            layers: vm.parseJsonUint(json, ".arch.layers"),
            heads: vm.parseJsonUint(json, ".arch.heads"),
            kvHeads: vm.parseJsonUint(json, ".arch.kvHeads"),
            headDim: vm.parseJsonUint(json, ".arch.headDim"),
            ffn: vm.parseJsonUint(json, ".arch.ffn"),
            vocab: vm.parseJsonUint(json, ".arch.vocab"),
            biased: false,
            normed: false,
            tied: true,
            eps: vm.parseJsonUint(json, ".arch.eps"),
            rowsRoot: vm.parseJsonBytes32(json, ".rowsRoot")
        });
        spec.samplingRule = "posp-gumbel-v1";
        spec.engineClass = vm.parseJsonString(json, ".engine");
        // forge-lint: disable-next-line(unsafe-typecast)
        spec.vocabSize = uint32(arch.vocab);
        spec.contextLimit = 64;
        spec.eos = 2;
        spec.referenceVersion = vm.parseJsonString(json, ".reference");
        spec.policyId = vm.parseJsonBytes32(json, ".policyId");
        rule.publish(vm.parseJsonBytes(json, ".policy"));
        far = vm.parseJsonBytes(json, ".far");
        near = vm.parseJsonBytes(json, ".near");
        own = vm.parseJsonBytes(json, ".own");
        revealed = [keccak256(far), keccak256(far), keccak256(near)];
        prompt = vm.parseJsonBytes(json, ".prompt");
        answer = vm.parseJsonBytes(json, ".output");
        honestRoot = vm.parseJsonBytes32(json, ".root");
        while (vm.keyExistsJson(json, key(_cases.length, ".row"))) _read(json, _cases.length);
        vm.deal(asserter, 100 ether);
        vm.deal(challenger, 100 ether);
        vm.deal(second, 100 ether);
    }

    function key(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".steps[", vm.toString(i), "]", field);
    }

    function _read(string memory json, uint256 i) private {
        Case storage c = _cases.push();
        c.row = vm.parseJsonUint(json, key(i, ".row"));
        c.blockIndex = vm.parseJsonUint(json, key(i, ".blockIndex"));
        // forge-lint: disable-next-line(unsafe-typecast)
        c.element = uint8(vm.parseJsonUint(json, key(i, ".element"))); // below 64
        c.blocks = vm.parseJsonBytes32Array(json, key(i, ".blocks"));
        c.proof = vm.parseJsonBytes(json, key(i, ".proof"));
        c.lyingProof = vm.parseJsonBytes(json, key(i, ".lie"));
        uint256 length = vm.parseJsonUint(json, key(i, ".data"));
        for (uint256 k; k < length; ++k) {
            c.data.push(c.proof[k]);
            c.lie.push(c.lyingProof[k]);
        }
    }

    function caseCount() internal view returns (uint256) {
        return _cases.length;
    }

    function caseAt(uint256 i) internal view returns (Case memory) {
        return _cases[i];
    }

    // The contested sample

    function request() internal view returns (RequestPart memory) {
        return RequestPart(prompt, 1, 0, 0, 0, 2, "salt 1");
    }

    function output() internal view returns (OutputPart memory) {
        return OutputPart(answer, 2, "salt 2");
    }

    function receiptAt(uint64 sequence, bytes memory claim) internal view returns (Receipt memory r) {
        r = receiptOf(provider, epoch - late, sequence);
        (r.promptTokens, r.outputTokens) = (3, 2);
        r.specId = libs.specId(spec);
        (r.requestHash, r.outputHash) = textHashes();
        r.evidenceHash = libs.evidence("salt 3", claim);
    }

    function textHashes() internal view virtual returns (bytes32, bytes32) {
        return (libs.request(request()), libs.output(output()));
    }

    /// @dev An epoch in which the committee found `verdict` about a provider that claimed `claim`. All but a PASS is
    /// charged.
    function certify(uint8 verdict, bytes memory claim) internal {
        bytes32[] memory leaves = new bytes32[](LEAVES);
        uint64 first = batches.nextSequence(provider);
        for (uint64 i; i < LEAVES; ++i) {
            leaves[i] = libs.receipt(receiptAt(first + i, claim), block.chainid, address(batches));
        }
        if (block.number < clock.start(epoch)) vm.roll(clock.start(epoch));
        bytes32 root = libs.merkleRoot(leaves);
        vm.prank(provider);
        batchId = batches.commitBatch(provider, epoch, first, root, LEAVES);
        fixBeacon(epoch);

        delete committee;
        for (uint256 i; i < 3; ++i) {
            committee.push(HeldEvidence(operator(i), "commitment", revealed[i]));
        }
        SampleResult[2] memory lines;
        for (uint64 leaf; leaf < LEAVES; ++leaf) {
            (bool drawn, uint64 j, bytes32 id) = batches.sampleOf(batchId, leaf);
            if (!drawn) continue;
            bytes32 held = libs.held(leaves[leaf], keccak256(claim), committee);
            lines[j] =
                SampleResult(id, verdict, verdict == FAIL ? failedAs : passedAs, verdict == PASS ? -1 : failedBy, held);
            (_lines[j], _leaves[j]) = (lines[j], leaf);
        }
        choose(0);
        Result memory r = resultOf(epoch, verdict == PASS ? passed(batchId) : failed(batchId));
        if (verdict == INCONCLUSIVE) (r.batches[0].failed, r.batches[0].inconclusive) = (0, r.batches[0].failed);
        r.sampleRoot =
            MerkleLib.node(MerkleLib.leaf(libs.sampleResult(lines[0])), MerkleLib.leaf(libs.sampleResult(lines[1])));
        if (verdict != PASS) {
            r.standings = new Standing[](1);
            r.standings[0] = Standing(provider, libs.specId(spec), standing);
            r.faults = new Fault[](1);
            r.faults[0] = charge();
        }
        submit(r);
        digest = digestOf(r);
        delete charges;
        if (verdict != PASS) charges.push(charge());
    }

    /// @dev Which of the two samples is contested.
    function choose(uint64 j) internal {
        (sampled, line, sampledLeaf) = (j, _lines[j], _leaves[j]);
    }

    function otherLine() internal view returns (SampleResult memory) {
        return _lines[1 - sampled];
    }

    /// @dev The statistical charge of the certified FAIL.
    function charge() internal view returns (Fault memory) {
        return Fault({kind: 1, subject: provider, batchId: batchId, ref: libs.specId(spec)});
    }

    function contestOf(bytes memory claim, bytes32[] memory trace) internal view returns (Contest memory c) {
        uint64 first = batches.batch(batchId).firstSequence;
        bytes32[] memory leaves = new bytes32[](LEAVES);
        for (uint64 i; i < LEAVES; ++i) {
            leaves[i] = libs.receipt(receiptAt(first + i, claim), block.chainid, address(batches));
        }
        c.sampled.receipt = receiptAt(first + sampledLeaf, claim);
        c.sampled.receiptProof = proofOf(leaves, sampledLeaf);
        (c.request, c.output, c.sampled.evidence) = (request(), output(), EvidencePart(claim, "salt 3"));
        (c.sampled.j, c.sampled.epoch, c.sampled.sampleIndex, c.sampled.sample) = (sampled, epoch, sampled, line);
        c.sampled.sampleProof = new bytes32[](1);
        c.sampled.sampleProof[0] = MerkleLib.leaf(libs.sampleResult(otherLine()));
        (c.run.spec, c.run.arch) = (spec, arch);
        c.run.recomputed = own;
        c.run.ends = endsOf(trace);
    }

    // Traces

    /// @dev The roots of the honest run's rows, one of them replaced.
    function lying(uint256 row, bytes32 root) internal view returns (bytes32[] memory trace) {
        trace = rowRoots;
        trace[row] = root;
    }

    function lying(Case memory c) internal view returns (bytes32[] memory) {
        return lying(c.row, top(lieBlocks(c), hides(c.row)));
    }

    /// @dev Whether a row's tree is one of a hidden row.
    function hides(uint256) internal view virtual returns (bool) {
        return false;
    }

    function lieBlocks(Case memory c) internal view virtual returns (bytes32[] memory blocks) {
        blocks = new bytes32[](c.blocks.length);
        for (uint256 i; i < blocks.length; ++i) {
            blocks[i] = i == c.blockIndex ? keccak256(bytes.concat(hex"00", c.lie)) : c.blocks[i];
        }
    }

    /// @dev A node of the tree over leaves, padded with zeros.
    function nodeOf(bytes32[] memory leaves, uint256 level, uint256 index) internal pure returns (bytes32) {
        return nodeOf(leaves, level, index, false);
    }

    function nodeOf(bytes32[] memory leaves, uint256 level, uint256 index, bool hidden)
        internal
        pure
        returns (bytes32)
    {
        if (level == 0) return index < leaves.length ? leaves[index] : bytes32(0);
        uint256 n = 1 << level;
        bytes32[] memory nodes = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            nodes[i] = nodeOf(leaves, 0, index * n + i, hidden);
        }
        for (; n > 1; n /= 2) {
            for (uint256 i; i < n / 2; ++i) {
                (bytes32 left, bytes32 right) = (nodes[2 * i], nodes[2 * i + 1]);
                nodes[i] = hidden
                    ? bytes32(Poseidon2Lib.compress(uint256(left), uint256(right)))
                    : MerkleLib.node(left, right);
            }
        }
        return nodes[0];
    }

    function top(bytes32[] memory leaves) internal pure returns (bytes32) {
        return top(leaves, false);
    }

    function top(bytes32[] memory leaves, bool hidden) internal pure returns (bytes32) {
        return nodeOf(leaves, MerkleLib.depth(leaves.length), 0, hidden);
    }

    function endsOf(bytes32[] memory trace) internal pure returns (bytes32[] memory siblings) {
        uint256 d = MerkleLib.depth(trace.length);
        siblings = new bytes32[](2 * d);
        uint256 n;
        for (uint256 level = 1; level < d; ++level) {
            siblings[n++] = nodeOf(trace, level, 1);
        }
        uint256 i = trace.length - 2;
        for (uint256 level; level < d; ++level) {
            if (i & 1 == 1) siblings[n++] = nodeOf(trace, level, i - 1);
            i >>= 1;
        }
        assembly ("memory-safe") {
            mstore(siblings, n) // it only shrinks
        }
    }

    // Moves

    function assertionOf(address who, Contest memory c, bytes32[] memory trace, uint8 verdict, int32 logE)
        internal
        view
        returns (Assertion memory a, Subject memory s)
    {
        s = Subject({
            sampleId: line.sampleId,
            epoch: epoch,
            provider: provider,
            batchId: batchId,
            j: sampled,
            leaf: sampledLeaf,
            specId: libs.specId(spec),
            rule: 1,
            certified: line.verdict,
            certifiedLogE: line.logE,
            held: line.evidence,
            recomputed: keccak256(c.run.recomputed),
            verdict: verdict,
            class: verdict == FAIL ? 1 : 0,
            logE: logE
        });
        a.asserter = who;
        (a.subject, a.batchId) = (keccak256(abi.encode(s)), batchId);
        (a.traceRoot, a.seed) = (top(trace), seedOf());
        if (verdict != FAIL) a.charge = faults.faultIdOf(epoch, charge());
        (a.program.arch, a.program.promptTokens, a.program.outputTokens, a.program.greedy) = (arch, 3, 2, true);
    }

    function seedOf() internal view virtual returns (bytes32) {
        return 0;
    }

    /// @dev The next call, which may be pranked, is the contest.
    function post(Contest memory c, uint256 bond) internal virtual returns (bytes32) {
        return publicGame.contest{value: bond}(c);
    }

    function post(Contest memory c) internal returns (bytes32) {
        return post(c, 1 ether);
    }

    /// @dev Contests what was certified.
    function contestAs(address who, bytes32[] memory trace)
        internal
        returns (bytes32 id, Assertion memory a, Subject memory s)
    {
        bytes memory claim = line.verdict == PASS ? far : near;
        Contest memory c = contestOf(claim, trace);
        (uint8 verdict,, int32 logE) = rule.verdictOf(spec.policyId, spec.engineClass, claim, c.run.recomputed, 1);
        (a, s) = assertionOf(who, c, trace, verdict, logE);
        vm.prank(who);
        id = post(c);
        eq(id, game.idOf(a));
    }

    function challengeAs(address who, Assertion memory a) internal {
        vm.prank(who);
        game.challenge{value: 1 ether}(a);
    }

    function revealIn(bytes32 id, address who, bytes32[] memory leaves) internal {
        uint256 level = game.game(id, who).level;
        uint256 k = level < ROUND ? level : ROUND;
        uint256 path = game.game(id, who).blocks == 0 ? game.game(id, who).row : game.game(id, who).blockIndex;
        bool hidden = game.game(id, who).hidden;
        bytes32[] memory nodes = new bytes32[](1 << k);
        for (uint256 i; i < nodes.length; ++i) {
            nodes[i] = nodeOf(leaves, level - k, (path << k) + i, hidden);
        }
        game.reveal(id, who, nodes);
    }

    /// @dev Goes down to the child on the way to a leaf.
    function pickIn(bytes32 id, address who, Assertion memory a, bytes32[] memory leaves, uint256 target) internal {
        uint256 level = game.game(id, who).level;
        uint256 k = level < ROUND ? level : ROUND;
        uint256 child = target >> (level - k);
        bytes32[] memory siblings = new bytes32[](k);
        for (uint256 i; i < k; ++i) {
            siblings[i] = nodeOf(leaves, level - k + i, (child >> i) ^ 1, game.game(id, who).hidden);
        }
        bytes32 node = nodeOf(leaves, level - k, child, game.game(id, who).hidden);
        uint256 blocks = game.game(id, who).blocks;
        vm.prank(who);
        if (level == k && (blocks == 0 || target >= blocks)) game.pickRow(a, child & ((1 << k) - 1), node, siblings);
        else game.pick(id, child & ((1 << k) - 1), node, siblings);
    }

    /// @dev Plays down to a row of the asserter's trace.
    function toRow(bytes32 id, address who, Assertion memory a, bytes32[] memory trace, uint256 row) internal {
        while (game.game(id, who).blocks == 0) {
            revealIn(id, who, trace);
            pickIn(id, who, a, trace, row);
        }
    }

    /// @dev Plays down to the last move.
    function toProof(bytes32 id, address who, Assertion memory a, bytes32[] memory trace, Case memory c, bool lie)
        internal
    {
        toRow(id, who, a, trace, c.row);
        bytes32[] memory blocks = lie ? lieBlocks(c) : c.blocks;
        while (game.game(id, who).level != 0) {
            revealIn(id, who, blocks);
            pickIn(id, who, a, blocks, c.blockIndex);
        }
        vm.prank(a.asserter);
        game.show(id, who, lie ? c.lie : c.data);
        vm.prank(who);
        game.name(id, c.element);
    }
}
