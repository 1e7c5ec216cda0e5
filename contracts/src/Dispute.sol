// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {System} from "./System.sol";
import {IAttestationRegistry, Status} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {
    Assertion,
    AssertionState,
    AssertionStatus,
    Game,
    IDispute,
    Run,
    Sampled,
    Stakes,
    Subject,
    Turn
} from "./interfaces/IDispute.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {Blocks, IStepVerifier, Program, Step} from "./interfaces/IStepVerifier.sol";
import {IVerdictRule} from "./interfaces/IVerdictRule.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {GraphLib} from "./libraries/GraphLib.sol";
import {TraceLib} from "./libraries/TraceLib.sol";
import {Fault, Receipt} from "./libraries/Values.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Dispute
/// @notice Assertions, games, bonds: what public and private disputes have in common. How a sample is opened, and how the
/// rows of a trace are hashed and shown, is for those who inherit.
abstract contract Dispute is IDispute {
    uint8 private constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 private constant INCONCLUSIVE = 3;

    uint8 private constant STATISTICAL = 1;
    uint8 private constant FAIL_CONFIRMED = 4;

    /// @dev Levels that a round goes down. A level costs about 25k gas with 16 nodes, 22k with 32, 25k with 64, of which
    /// half is the round's two transactions and half the nodes.
    uint256 private constant ROUND = 5;
    /// @dev The header of evidence: version 1, kind full, and the positions in 4 bytes.
    uint256 private constant HEADER = 6;
    uint256 private constant LONGEST = 1 << 32; // blocks
    uint256 private constant ASSERTION = 672; // bytes of an Assertion in calldata: none of its parts varies in length
    uint8 private constant GREEDY = 1;

    IBatchRegistry private immutable BATCH_REGISTRY;
    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    IFaultManager private immutable FAULT_MANAGER;
    IStepVerifier private immutable VERIFIER;
    IVerdictRule private immutable RULE;
    uint128 private immutable BOND;
    uint64 private immutable CHALLENGE_BLOCKS;
    uint64 private immutable MOVE_BLOCKS;

    mapping(bytes32 id => AssertionState) private _assertions;
    mapping(bytes32 id => mapping(address challenger => Game)) private _games;
    /// @inheritdoc IDispute
    mapping(address account => uint256) public balanceOf;

    constructor(System memory system, IStepVerifier verifier, IVerdictRule rule, Stakes memory s) {
        require(
            s.bond != 0 && s.challengeBlocks != 0 && s.moveBlocks != 0 && s.challengeBlocks < LONGEST
                && s.moveBlocks < LONGEST,
            StakesRefused()
        );
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        VERIFIER = verifier;
        RULE = rule;
        BOND = s.bond;
        CHALLENGE_BLOCKS = s.challengeBlocks;
        MOVE_BLOCKS = s.moveBlocks;
    }

    modifier bonded() {
        require(msg.value == BOND, WrongBond(msg.value, BOND));
        _;
    }

    // Assertions

    /// @dev The rest of a contest, once the sample's text is opened, as far as it is to be seen.
    /// @param ends Roots of the trace's first two rows: they are the text.
    function _assert(
        Sampled calldata sampled,
        Run calldata run,
        Subject memory s,
        Assertion memory a,
        bytes32[4] memory ends
    ) internal returns (bytes32 id, uint256 closesAt) {
        a.asserter = msg.sender;
        a.program = Program({
            arch: run.arch,
            promptTokens: sampled.receipt.promptTokens,
            outputTokens: sampled.receipt.outputTokens,
            greedy: s.rule == GREEDY
        });
        uint256 rows = VERIFIER.rows(a.program);
        a.traceRoot = _traceRoot(run, ends, a.program.outputTokens, rows);
        _judge(sampled, run, s);
        (a.subject, a.batchId) = (keccak256(abi.encode(s)), s.batchId);
        if (s.verdict != FAIL) a.charge = DigestLib.faultId(s.epoch, STATISTICAL, s.provider, s.batchId, s.specId);
        id = keccak256(abi.encode(block.chainid, address(this), a)); // idOf
        AssertionState storage state = _assertions[id];
        require(state.status == AssertionStatus.None, WrongStatus(id, state.status));
        closesAt = block.number + CHALLENGE_BLOCKS;
        (state.closesAt, state.asserter) = (SafeCast.toUint32(closesAt), msg.sender);
        // forge-lint: disable-next-line(unsafe-typecast)
        (state.status, state.level) = (AssertionStatus.Pending, uint8(TraceLib.depth(rows))); // at most 40
        if (a.charge != 0) state.stayed = FAULT_MANAGER.hold(a.charge);
        ATTESTATION_REGISTRY.contest(s.batchId);
    }

    /// @inheritdoc IDispute
    function challenge(Assertion calldata a) external payable bonded {
        bytes32 id = idOf(a);
        AssertionState storage state = _pending(id);
        require(block.number < state.closesAt, ChallengesClosed(state.closesAt));
        Game storage g = _games[id][msg.sender];
        require(g.turn == Turn.None, GameExists(id, msg.sender));
        ++state.games;
        uint64 deadline = _deadline();
        (g.node, g.level, g.deadline, g.turn) = (a.traceRoot, state.level, deadline, Turn.Reveal);
        emit Challenged(id, msg.sender, state.level, deadline);
    }

    /// @inheritdoc IDispute
    function conclude(Assertion calldata a, Subject calldata s) external {
        bytes32 id = _subjectOf(a, s);
        AssertionState storage state = _pending(id);
        require(block.number >= state.closesAt && state.games == 0, NotOver(state.closesAt, state.games));
        state.status = AssertionStatus.Stood;
        balanceOf[a.asserter] += BOND * (1 + uint256(state.won));
        emit Concluded(id, AssertionStatus.Stood);
        ATTESTATION_REGISTRY.conclude(s.batchId, s.j, s.leaf, s.certified, s.verdict);
        if (s.verdict == FAIL) {
            FAULT_MANAGER.charge(s.epoch, Fault(FAIL_CONFIRMED, s.provider, s.batchId, s.sampleId));
        } else if (state.stayed) {
            FAULT_MANAGER.release(a.charge, s.sampleId, _less(s));
        }
    }

    // Games

    /// @inheritdoc IDispute
    function reveal(bytes32 id, address challenger, bytes32[] calldata nodes) external {
        Game storage g = _turn(id, challenger, Turn.Reveal);
        require(nodes.length == 1 << _round(g.level), TraceLib.NodesRefused(nodes.length));
        _below(_fold(g.hidden, nodes), g.node);
        emit Revealed(id, challenger, nodes, _next(g, Turn.Pick));
    }

    /// @inheritdoc IDispute
    function pick(bytes32 id, uint256 index, bytes32 child, bytes32[] calldata siblings) external {
        Game storage g = _turn(id, msg.sender, Turn.Pick);
        Game memory m = _descend(g, index, child, siblings);
        require(m.level != 0 || m.blockIndex < m.blocks, WrongLevel(m.level));
        _picked(id, m);
    }

    /// @inheritdoc IDispute
    function pickRow(Assertion calldata a, uint256 index, bytes32 child, bytes32[] calldata siblings) external {
        bytes32 id = idOf(a);
        Game storage g = _turn(id, msg.sender, Turn.Pick);
        Game memory m = _descend(g, index, child, siblings);
        require(m.level == 0, WrongLevel(m.level));
        if (m.blocks == 0) {
            Blocks memory b = VERIFIER.blocks(a.program, m.row);
            if (b.count == 0) return _padding(a, id, child);
            // forge-lint: disable-next-line(unsafe-typecast)
            (m.blocks, m.level, m.hidden) = (uint32(b.count), uint8(TraceLib.depth(b.count)), b.hidden); // below 2^24 and 25
        } else if (m.blockIndex >= m.blocks) {
            return _padding(a, id, child);
        }
        _picked(id, m);
    }

    /// @inheritdoc IDispute
    function show(bytes32 id, address challenger, bytes calldata data) external {
        Game storage g = _turn(id, challenger, Turn.Show);
        bytes32 node = _shown(id, g.hidden, g.node, data);
        if (node != g.node) g.node = node;
        emit Shown(id, challenger, data, _next(g, Turn.Name));
    }

    /// @inheritdoc IDispute
    function name(bytes32 id, uint8 element) external {
        Game storage g = _turn(id, msg.sender, Turn.Name);
        require(element < TraceLib.BLOCK, NoSuchIndex(element));
        g.element = element;
        emit Named(id, msg.sender, element, _next(g, Turn.Prove));
    }

    /// @inheritdoc IDispute
    function prove(Assertion calldata a, address challenger, bytes calldata proof) external {
        bytes32 id = idOf(a);
        Game storage g = _turn(id, challenger, Turn.Prove);
        Step memory step = Step({
            program: a.program,
            traceRoot: a.traceRoot,
            seed: a.seed,
            context: DigestLib.game(block.chainid, address(this), id, challenger),
            row: g.row,
            blockIndex: g.blockIndex,
            blockHash: g.node,
            element: g.element
        });
        require(VERIFIER.verify(step, proof), NotProved());
        _withstood(id, challenger);
    }

    /// @inheritdoc IDispute
    function settle(Assertion calldata a, address challenger) external {
        bytes32 id = idOf(a);
        Game storage g = _games[id][challenger];
        Turn turn = g.turn;
        require(turn != Turn.None && turn != Turn.Over, WrongTurn(turn));
        bool fell = _assertions[id].status == AssertionStatus.Fallen;
        require(fell || block.number > g.deadline, NotLate(g.deadline));
        if (turn == Turn.Pick || turn == Turn.Name) _withstood(id, challenger);
        else _refuted(a, id, challenger);
    }

    /// @inheritdoc IDispute
    /// @dev What is owed is zero before it is paid, so that there is nothing to take by calling again.
    function withdraw() external {
        uint256 amount = balanceOf[msg.sender];
        require(amount != 0, NothingOwed(msg.sender));
        balanceOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok, PaymentRefused(msg.sender));
    }

    // Views

    /// @inheritdoc IDispute
    function assertion(bytes32 id) external view returns (AssertionState memory) {
        return _assertions[id];
    }

    /// @inheritdoc IDispute
    function game(bytes32 id, address challenger) external view returns (Game memory) {
        return _games[id][challenger];
    }

    /// @inheritdoc IDispute
    function stakes() external view returns (Stakes memory) {
        return Stakes({bond: BOND, challengeBlocks: CHALLENGE_BLOCKS, moveBlocks: MOVE_BLOCKS});
    }

    /// @inheritdoc IDispute
    /// @dev keccak256(abi.encode(block.chainid, address(this), a)) as it stands in calldata. Words that are not encoded as
    /// the compiler would are another id, which no assertion has.
    function idOf(Assertion calldata a) public view returns (bytes32 id) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, chainid())
            mstore(add(start, 32), address())
            calldatacopy(add(start, 64), a, ASSERTION)
            id := keccak256(start, add(ASSERTION, 64))
        }
    }

    // What a contest is made from

    /// @dev The sample: a line of a certified epoch that may still be contested, and the receipt that it is of.
    function _sample(Sampled calldata c, Subject memory s) internal view {
        s.epoch = c.epoch;
        (Status status,) = ATTESTATION_REGISTRY.epochStatus(s.epoch);
        require(status == Status.Pending, NotContestable(s.epoch));
        s.provider = c.receipt.provider;
        s.batchId = BATCH_REGISTRY.batchOf(s.provider, s.epoch);
        (s.j, s.leaf) = (c.j, BATCH_REGISTRY.locate(s.batchId, c.receipt, c.receiptProof));
        s.sampleId = DigestLib.sampleId(s.batchId, s.j, s.leaf);
        require(
            c.sample.sampleId == s.sampleId
                && ATTESTATION_REGISTRY.verifySample(s.epoch, c.sample, c.sampleIndex, c.sampleProof),
            WrongSample(s.sampleId)
        );
        (s.certified, s.certifiedLogE, s.held) = (c.sample.verdict, c.sample.logE, c.sample.evidence);
        _requirePart(DigestLib.evidence(c.evidence.salt, c.evidence.evidence), c.receipt.evidenceHash);
    }

    /// @dev The model is that of the receipt's spec.
    /// @param prefix Of its spec's referenceVersion: which trace it has.
    function _model(Run calldata run, Receipt calldata receipt, Subject memory s, bytes memory prefix) internal pure {
        s.specId = DigestLib.specId(run.spec);
        bytes32 root = GraphLib.root(run.arch);
        require(
            s.specId == receipt.specId
                && keccak256(bytes(run.spec.referenceVersion)) == keccak256(GraphLib.version(prefix, root))
                && run.arch.vocab >= run.spec.vocabSize,
            WrongModel(s.specId, root)
        );
    }

    /// @dev The trace's root by its first two rows, which are the opening's tokens, and its last two, which are the
    /// evidence.
    function _traceRoot(Run calldata run, bytes32[4] memory ends, uint256 positions, uint256 rows)
        private
        pure
        returns (bytes32)
    {
        bytes calldata recomputed = run.recomputed;
        uint256 column = 4 * positions;
        require(
            column != 0 && recomputed.length == HEADER + 2 * column
                && uint48(bytes6(recomputed)) == (uint256(0x0102) << 32 | positions),
            ReferenceRefused()
        );
        ends[2] = _rowRoot(recomputed[HEADER:HEADER + column]);
        ends[3] = _rowRoot(recomputed[HEADER + column:]);
        return TraceLib.ends(ends, rows, run.ends);
    }

    /// @dev What the verdict would be, which must change something: a PASS overturned, or a FAIL, or a line that raised
    /// the standing more than it should. INCONCLUSIVE that is worth nothing says that the policy was not calibrated for
    /// the program, so that nobody can tell.
    function _judge(Sampled calldata sampled, Run calldata run, Subject memory s) private view {
        s.recomputed = keccak256(run.recomputed);
        (s.verdict, s.class, s.logE) =
            RULE.verdictOf(run.spec.policyId, run.spec.engineClass, sampled.evidence.evidence, run.recomputed, s.rule);
        bool changes = s.certified == PASS;
        if (s.verdict != FAIL) {
            changes = (s.certified == FAIL || (s.certifiedLogE > 0 && s.certifiedLogE > s.logE))
                && (s.verdict == PASS || (s.verdict == INCONCLUSIVE && s.logE != 0));
        }
        require(changes, NothingContradicted(s.certified, s.verdict));
    }

    /// @dev What the standing had too much of: a walk that is never below zero falls by at most what a step falls by.
    function _less(Subject calldata s) private pure returns (uint64) {
        int256 less = int256(s.certifiedLogE) - s.logE;
        // forge-lint: disable-next-line(unsafe-typecast)
        return less > 0 ? uint64(uint256(less)) : 0; // below 2^32
    }

    /// @dev Of a row that is public.
    function _rowRoot(bytes calldata elements) internal pure returns (bytes32) {
        uint256 at;
        assembly ("memory-safe") {
            at := elements.offset
        }
        return TraceLib.rowRoot(at, elements.length, 4);
    }

    function _asserter(bytes32 id) internal view returns (address) {
        return _assertions[id].asserter;
    }

    // How rows are hashed and shown

    /// @dev The node above 2^k nodes, which is k levels up: in the tree of a hidden row or anywhere else.
    function _fold(bool hidden, bytes32[] calldata nodes) internal view virtual returns (bytes32);

    /// @dev The node to which a child leads. There are as many siblings as levels.
    function _climb(bool hidden, bytes32 child, uint256 index, bytes32[] calldata siblings)
        internal
        view
        virtual
        returns (bytes32);

    /// @dev What is kept as the node of a block of an assertion that is shown. Reverts if that is not shown so.
    function _shown(bytes32 id, bool hidden, bytes32 node, bytes calldata data) internal view virtual returns (bytes32);

    // How games move

    function _turn(bytes32 id, address challenger, Turn expected) private view returns (Game storage g) {
        g = _games[id][challenger];
        require(g.turn == expected, WrongTurn(g.turn));
        require(block.number <= g.deadline, TooLate(g.deadline));
    }

    function _next(Game storage g, Turn turn) private returns (uint64 deadline) {
        deadline = _deadline();
        (g.turn, g.deadline) = (turn, deadline);
    }

    function _deadline() private view returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(block.number) + MOVE_BLOCKS; // block numbers are far from 2^64
    }

    function _round(uint256 level) private pure returns (uint256) {
        return level < ROUND ? level : ROUND;
    }

    /// @dev A challenger that goes down to a child shows where it stands below the node.
    function _descend(Game memory m, uint256 index, bytes32 child, bytes32[] calldata siblings)
        private
        view
        returns (Game memory)
    {
        uint256 k = _round(m.level);
        require(siblings.length == k && index < 1 << k, NoSuchIndex(index));
        _below(_climb(m.hidden, child, index, siblings), m.node);
        // forge-lint: disable-start(unsafe-typecast)
        // A trace has at most 40 levels, a row 24, and the index is below 2^k.
        m.level -= uint8(k);
        if (m.blocks == 0) m.row = m.row << uint64(k) | uint64(index);
        else m.blockIndex = m.blockIndex << uint32(k) | uint32(index);
        // forge-lint: disable-end(unsafe-typecast)
        (m.node, m.turn, m.deadline) = (child, Turn.Reveal, _deadline());
        return m;
    }

    function _picked(bytes32 id, Game memory m) private {
        if (m.level == 0) m.turn = Turn.Show;
        _games[id][msg.sender] = m;
        emit Picked(id, msg.sender, m.node, m.row, m.blockIndex, m.blocks, m.level, m.deadline);
    }

    /// @dev What the trees have beyond their leaves is zero. If it is not, the asserter's trace is none, and what it
    /// hides there would look like a difference without being one.
    function _padding(Assertion calldata a, bytes32 id, bytes32 node) private {
        if (node == 0) _withstood(id, msg.sender);
        else _refuted(a, id, msg.sender);
    }

    // How games end

    /// @dev The asserter won this one, and is paid with its own bond, for as many as can be counted. If the assertion fell
    /// in another game, this one was moot.
    function _withstood(bytes32 id, address challenger) private {
        AssertionState storage state = _assertions[id];
        bool fell = state.status == AssertionStatus.Fallen;
        if (fell) balanceOf[challenger] += BOND;
        else if (state.won == type(uint16).max) balanceOf[state.asserter] += BOND;
        else ++state.won;
        _over(state, id, challenger, fell);
    }

    /// @dev The challenger won, and the assertion fell, unless it fell before: its bond goes to the first.
    function _refuted(Assertion calldata a, bytes32 id, address challenger) private {
        AssertionState storage state = _assertions[id];
        uint256 amount = BOND;
        if (state.status == AssertionStatus.Pending) {
            amount += BOND;
            state.status = AssertionStatus.Fallen;
            if (state.won != 0) balanceOf[a.asserter] += BOND * uint256(state.won);
            emit Concluded(id, AssertionStatus.Fallen);
            ATTESTATION_REGISTRY.conclude(a.batchId, 0, 0, 0, 0);
            if (state.stayed) FAULT_MANAGER.release(a.charge, 0, 0);
        }
        balanceOf[challenger] += amount;
        _over(state, id, challenger, true);
    }

    function _over(AssertionState storage state, bytes32 id, address challenger, bool refuted) private {
        _games[id][challenger].turn = Turn.Over;
        --state.games;
        emit GameOver(id, challenger, refuted);
    }

    // Checks

    function _pending(bytes32 id) private view returns (AssertionState storage state) {
        state = _assertions[id];
        require(state.status == AssertionStatus.Pending, WrongStatus(id, state.status));
    }

    function _subjectOf(Assertion calldata a, Subject calldata s) private view returns (bytes32) {
        bytes32 hash = keccak256(abi.encode(s));
        require(hash == a.subject, WrongSubject(hash, a.subject));
        return idOf(a);
    }

    function _requirePart(bytes32 hash, bytes32 expected) internal pure {
        require(hash == expected, WrongPart(hash, expected));
    }

    function _below(bytes32 hash, bytes32 expected) internal pure {
        require(hash == expected, WrongNode(hash, expected));
    }
}
