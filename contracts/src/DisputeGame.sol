// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {System} from "./System.sol";
import {IAttestationRegistry, Status} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {
    Assertion,
    AssertionState,
    AssertionStatus,
    Contest,
    Game,
    IDisputeGame,
    Stakes,
    Subject,
    Turn
} from "./interfaces/IDisputeGame.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {IStepVerifier, Program, Step} from "./interfaces/IStepVerifier.sol";
import {IVerdictRule} from "./interfaces/IVerdictRule.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {GraphLib} from "./libraries/GraphLib.sol";
import {OpeningLib} from "./libraries/OpeningLib.sol";
import {TraceLib} from "./libraries/TraceLib.sol";
import {Fault} from "./libraries/Values.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title DisputeGame
contract DisputeGame is IDisputeGame {
    uint8 private constant PASS = 1;
    uint8 private constant FAIL = 2;
    uint8 private constant INCONCLUSIVE = 3;

    uint8 private constant STATISTICAL = 1;
    uint8 private constant FAIL_CONFIRMED = 4;

    /// @dev Levels that a round goes down. A level costs about 25k gas with 16 nodes, 22k with 32, 25k with 64, of which
    /// half is the round's two transactions and half the nodes.
    uint256 private constant ROUND = 5;
    /// @dev The header of evidence: version 1, kind full, and the positions in 4 bytes.
    uint256 private constant HEADER = 6;
    uint256 private constant LONGEST = 1 << 32; // blocks

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
    /// @inheritdoc IDisputeGame
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

    /// @inheritdoc IDisputeGame
    function contest(Contest calldata c) external payable bonded returns (bytes32 id) {
        Subject memory s;
        Assertion memory a;
        a.asserter = msg.sender;
        _sample(c, s);
        _open(c, s);
        a.program =
            Program(c.arch, c.request.tokens.length / 4, c.output.tokens.length / 4, s.rule == OpeningLib.GREEDY);
        uint256 rows = VERIFIER.rows(a.program);
        a.traceRoot = _ends(c, a.program.outputTokens, rows);
        _judge(c, s);
        a.subject = keccak256(abi.encode(s));
        if (s.verdict != FAIL) a.charge = DigestLib.faultId(s.epoch, STATISTICAL, s.provider, s.batchId, s.specId);
        id = idOf(a);
        AssertionState storage state = _assertions[id];
        require(state.status == AssertionStatus.None, WrongStatus(id, state.status));
        uint64 closesAt = SafeCast.toUint64(block.number + CHALLENGE_BLOCKS);
        // forge-lint: disable-next-line(unsafe-typecast)
        uint8 level = uint8(TraceLib.depth(rows)); // at most 40
        (state.status, state.closesAt, state.level) = (AssertionStatus.Pending, closesAt, level);
        if (a.charge != 0) state.stayed = FAULT_MANAGER.hold(a.charge);
        _announce(id, a, s, c, closesAt);
    }

    /// @inheritdoc IDisputeGame
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

    /// @inheritdoc IDisputeGame
    function conclude(Assertion calldata a, Subject calldata s) external {
        bytes32 id = _subjectOf(a, s);
        AssertionState storage state = _pending(id);
        require(block.number >= state.closesAt && state.games == 0, NotOver(state.closesAt, state.games));
        state.status = AssertionStatus.Stood;
        balanceOf[a.asserter] += BOND;
        emit Concluded(id, AssertionStatus.Stood);
        if (s.verdict == FAIL) {
            FAULT_MANAGER.charge(s.epoch, Fault(FAIL_CONFIRMED, s.provider, s.batchId, s.sampleId));
        } else if (state.stayed) {
            FAULT_MANAGER.release(a.charge, s.sampleId, _less(s));
        }
    }

    // Games

    /// @inheritdoc IDisputeGame
    function reveal(bytes32 id, address challenger, bytes32[] calldata nodes) external {
        Game storage g = _turn(id, challenger, Turn.Reveal);
        require(nodes.length == 1 << _round(g.level), TraceLib.NodesRefused(nodes.length));
        _below(TraceLib.fold(nodes), g.node);
        emit Revealed(id, challenger, nodes, _next(g, Turn.Pick));
    }

    /// @inheritdoc IDisputeGame
    function pick(bytes32 id, uint256 index, bytes32 child, bytes32[] calldata siblings) external {
        Game storage g = _turn(id, msg.sender, Turn.Pick);
        Game memory m = _descend(g, index, child, siblings);
        require(m.level != 0 || m.blockIndex < m.blocks, WrongLevel(m.level));
        _picked(id, m);
    }

    /// @inheritdoc IDisputeGame
    function pickRow(Assertion calldata a, uint256 index, bytes32 child, bytes32[] calldata siblings) external {
        bytes32 id = idOf(a);
        Game storage g = _turn(id, msg.sender, Turn.Pick);
        Game memory m = _descend(g, index, child, siblings);
        require(m.level == 0, WrongLevel(m.level));
        if (m.blocks == 0) {
            uint256 blocks = VERIFIER.blocks(a.program, m.row);
            if (blocks == 0) return _padding(a, id, child);
            // forge-lint: disable-next-line(unsafe-typecast)
            (m.blocks, m.level) = (uint32(blocks), uint8(TraceLib.depth(blocks))); // below 2^24 and 25
        } else if (m.blockIndex >= m.blocks) {
            return _padding(a, id, child);
        }
        _picked(id, m);
    }

    /// @inheritdoc IDisputeGame
    function show(bytes32 id, address challenger, bytes calldata data) external {
        Game storage g = _turn(id, challenger, Turn.Show);
        require(VERIFIER.shows(g.node, data), WrongNode(keccak256(data), g.node));
        emit Shown(id, challenger, data, _next(g, Turn.Name));
    }

    /// @inheritdoc IDisputeGame
    function name(bytes32 id, uint8 element) external {
        Game storage g = _turn(id, msg.sender, Turn.Name);
        require(element < TraceLib.BLOCK, NoSuchIndex(element));
        g.element = element;
        emit Named(id, msg.sender, element, _next(g, Turn.Prove));
    }

    /// @inheritdoc IDisputeGame
    function prove(Assertion calldata a, address challenger, bytes calldata proof) external {
        bytes32 id = idOf(a);
        Game storage g = _turn(id, challenger, Turn.Prove);
        Step memory step = Step({
            program: a.program,
            traceRoot: a.traceRoot,
            row: g.row,
            blockIndex: g.blockIndex,
            blockHash: g.node,
            element: g.element
        });
        require(VERIFIER.verify(step, proof), NotProved());
        _withstood(a, id, challenger);
    }

    /// @inheritdoc IDisputeGame
    function settle(Assertion calldata a, address challenger) external {
        bytes32 id = idOf(a);
        Game storage g = _games[id][challenger];
        Turn turn = g.turn;
        require(turn != Turn.None && turn != Turn.Over, WrongTurn(turn));
        bool fell = _assertions[id].status == AssertionStatus.Fallen;
        require(fell || block.number > g.deadline, NotLate(g.deadline));
        if (turn == Turn.Pick || turn == Turn.Name) _withstood(a, id, challenger);
        else _refuted(a, id, challenger);
    }

    /// @inheritdoc IDisputeGame
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

    /// @inheritdoc IDisputeGame
    function assertion(bytes32 id) external view returns (AssertionState memory) {
        return _assertions[id];
    }

    /// @inheritdoc IDisputeGame
    function game(bytes32 id, address challenger) external view returns (Game memory) {
        return _games[id][challenger];
    }

    /// @inheritdoc IDisputeGame
    function stakes() external view returns (Stakes memory) {
        return Stakes({bond: BOND, challengeBlocks: CHALLENGE_BLOCKS, moveBlocks: MOVE_BLOCKS});
    }

    /// @inheritdoc IDisputeGame
    function idOf(Assertion memory a) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), a));
    }

    // What a contest is made from

    /// @dev The sample: a line of a certified epoch that may still be contested, and the receipt that it is of.
    function _sample(Contest calldata c, Subject memory s) private view {
        s.epoch = c.receipt.epoch;
        (Status status,) = ATTESTATION_REGISTRY.epochStatus(s.epoch);
        require(status == Status.Pending, NotContestable(s.epoch));
        s.provider = c.receipt.provider;
        s.batchId = BATCH_REGISTRY.batchOf(s.provider, s.epoch);
        uint64 leaf = BATCH_REGISTRY.locate(s.batchId, c.receipt, c.receiptProof);
        s.sampleId = DigestLib.sampleId(s.batchId, c.j, leaf);
        require(
            c.sample.sampleId == s.sampleId
                && ATTESTATION_REGISTRY.verifySample(s.epoch, c.sample, c.sampleIndex, c.sampleProof),
            WrongSample(s.sampleId)
        );
        (s.certified, s.certifiedLogE, s.held) = (c.sample.verdict, c.sample.logE, c.sample.evidence);
    }

    /// @dev The parts are the receipt's, the model is its spec's, and the opening is in order.
    function _open(Contest calldata c, Subject memory s) private pure {
        _requirePart(DigestLib.request(c.request), c.receipt.requestHash);
        _requirePart(DigestLib.output(c.output), c.receipt.outputHash);
        _requirePart(DigestLib.evidence(c.evidence.salt, c.evidence.evidence), c.receipt.evidenceHash);
        s.specId = DigestLib.specId(c.spec);
        bytes32 root = GraphLib.root(c.arch);
        require(
            s.specId == c.receipt.specId
                && keccak256(bytes(c.spec.referenceVersion)) == keccak256(bytes(GraphLib.version(root)))
                && c.arch.vocab >= c.spec.vocabSize,
            WrongModel(s.specId, root)
        );
        uint8 class = OpeningLib.check(c.spec, s.specId, c.receipt, c.request, c.output);
        require(class == OpeningLib.NONE, OpeningRefused(class));
        s.rule = c.request.rule;
    }

    /// @dev The trace's root by its first two rows, which are the opening's tokens, and its last two, which are the
    /// evidence.
    function _ends(Contest calldata c, uint256 positions, uint256 rows) private pure returns (bytes32) {
        bytes calldata recomputed = c.recomputed;
        uint256 column = 4 * positions;
        require(
            column != 0 && recomputed.length == HEADER + 2 * column
                && uint48(bytes6(recomputed)) == (uint256(0x0102) << 32 | positions),
            ReferenceRefused()
        );
        return TraceLib.ends(
            [
                _rowRoot(c.request.tokens),
                _rowRoot(c.output.tokens),
                _rowRoot(recomputed[HEADER:HEADER + column]),
                _rowRoot(recomputed[HEADER + column:])
            ],
            rows,
            c.ends
        );
    }

    /// @dev What the verdict would be, which must change something: a PASS overturned, or a FAIL, or a line that raised
    /// the standing more than it should. INCONCLUSIVE that is worth nothing says that the policy was not calibrated for
    /// the program, so that nobody can tell.
    function _judge(Contest calldata c, Subject memory s) private view {
        s.recomputed = keccak256(c.recomputed);
        (s.verdict, s.class, s.logE) =
            RULE.verdictOf(c.spec.policyId, c.spec.engineClass, c.evidence.evidence, c.recomputed, c.request.rule);
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

    function _announce(bytes32 id, Assertion memory a, Subject memory s, Contest calldata c, uint256 closesAt) private {
        emit Contested(id, msg.sender, s.sampleId, a, s, c.request.tokens, c.output.tokens, c.recomputed, closesAt);
    }

    function _rowRoot(bytes calldata elements) private pure returns (bytes32) {
        uint256 at;
        assembly ("memory-safe") {
            at := elements.offset
        }
        return TraceLib.rowRoot(at, elements.length, 4);
    }

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
        uint256 at;
        assembly ("memory-safe") {
            at := siblings.offset
        }
        _below(TraceLib.climb(child, index, at, k), m.node);
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
        if (node == 0) _withstood(a, id, msg.sender);
        else _refuted(a, id, msg.sender);
    }

    // How games end

    /// @dev The asserter won this one. If the assertion fell in another game, this one was moot.
    function _withstood(Assertion calldata a, bytes32 id, address challenger) private {
        bool fell = _assertions[id].status == AssertionStatus.Fallen;
        _over(id, challenger, fell ? challenger : a.asserter, BOND, fell);
    }

    /// @dev The challenger won, and the assertion fell, unless it fell before: its bond goes to the first.
    function _refuted(Assertion calldata a, bytes32 id, address challenger) private {
        AssertionState storage state = _assertions[id];
        uint256 amount = BOND;
        if (state.status == AssertionStatus.Pending) {
            amount += BOND;
            state.status = AssertionStatus.Fallen;
            emit Concluded(id, AssertionStatus.Fallen);
            if (state.stayed) FAULT_MANAGER.release(a.charge, 0, 0);
        }
        _over(id, challenger, challenger, amount, true);
    }

    function _over(bytes32 id, address challenger, address winner, uint256 amount, bool refuted) private {
        _games[id][challenger].turn = Turn.Over;
        --_assertions[id].games;
        balanceOf[winner] += amount;
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

    function _requirePart(bytes32 hash, bytes32 expected) private pure {
        require(hash == expected, WrongPart(hash, expected));
    }

    function _below(bytes32 hash, bytes32 expected) private pure {
        require(hash == expected, WrongNode(hash, expected));
    }
}
