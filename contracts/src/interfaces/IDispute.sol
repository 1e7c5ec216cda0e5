// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Arch} from "../libraries/GraphLib.sol";
import {EvidencePart, ModelSpec, Receipt, SampleResult} from "../libraries/Values.sol";
import {Program} from "./IStepVerifier.sol";

/// @notice What a contest takes.
struct Stakes {
    uint128 bond; // wei, of either side
    uint64 challengeBlocks; // in which an assertion may be challenged
    uint64 moveBlocks; // for each move
}

/// @notice A sample: its place in its batch, its line in the certified result.
struct Sampled {
    uint64 j;
    uint64 epoch; // of the batch: later than the receipt's if its provider missed batches
    Receipt receipt;
    bytes32[] receiptProof;
    EvidencePart evidence; // the provider's
    SampleResult sample;
    uint64 sampleIndex;
    bytes32[] sampleProof;
}

/// @notice A run of the reference program.
struct Run {
    ModelSpec spec;
    Arch arch;
    bytes recomputed; // its evidence, of kind full
    bytes32[] ends; // siblings of the trace's first two and last two rows: TraceLib.ends
}

/// @notice What an assertion is about, and what it comes to if it stands.
struct Subject {
    bytes32 sampleId; // DigestLib.sampleId(batchId, j, leaf)
    uint64 epoch; // of the batch
    address provider;
    bytes32 batchId;
    uint64 j;
    uint64 leaf;
    bytes32 specId;
    uint8 rule; // of sampling
    uint8 certified; // the verdict that is contested
    int32 certifiedLogE;
    bytes32 held; // what it rested on: DigestLib.held
    bytes32 recomputed; // hash of the program's evidence
    uint8 verdict; // what the rule makes of that
    uint8 class;
    int32 logE;
}

/// @notice "This program, run on this opening, has this trace." Its hash, with the chain and the contract, is its id.
/// Everything in it follows from what is contested, by whom, with which trace.
struct Assertion {
    address asserter;
    bytes32 subject; // hash of the Subject
    bytes32 traceRoot;
    bytes32 batchId; // of which a verdict is contested
    bytes32 charge; // the statistical one that the sample may have led to; zero if the contest accuses
    bytes32 seed; // commitment to the salts of the trace's hidden rows; zero where none is hidden
    Program program;
}

/// @notice How far an assertion is.
enum AssertionStatus {
    None,
    Pending, // may be challenged, or is
    Stood, // nobody refuted it
    Fallen // somebody did
}

/// @notice What is kept of an assertion: one slot. Block numbers have 32 bits, as EigenLayer's.
struct AssertionState {
    AssertionStatus status;
    uint8 level; // of the trace's root, above its rows
    bool stayed; // whether the charge waits for it
    uint24 games; // under way; as many as that cost more than there is
    uint16 won; // by the asserter, which is paid for them when the assertion is over
    uint32 closesAt; // block from which it cannot be challenged any more
    address asserter;
}

/// @notice Whose turn it is, for what.
enum Turn {
    None,
    Reveal, // asserter: the nodes below the node
    Pick, // challenger: the first of them that differs from its own run's
    Show, // asserter: the elements of the block
    Name, // challenger: the one that is wrong
    Prove, // asserter: it is right
    Over
}

/// @notice One challenger's game against an assertion.
struct Game {
    bytes32 node; // in which they differ; of a hidden block, once it is shown, keccak(node, point, value)
    uint64 deadline; // the last block of the turn
    uint64 row; // the path to the node within the trace
    uint32 blockIndex; // and within the row
    uint32 blocks; // of the row; 0 while above the rows
    uint8 level; // of the node, above rows or blocks
    uint8 element; // within the block
    Turn turn;
    bool hidden; // the row's tree is one of hidden rows
}

/// @title IDispute
/// @notice Contests of certified verdicts. Somebody asserts what the reference program's evidence on a sample is, and
/// anybody may refute that by a game whose last move is about one number. This is what does not depend on
/// whether the text is public.
interface IDispute {
    /// @notice A game began.
    event Challenged(bytes32 indexed id, address indexed challenger, uint8 level, uint256 deadline);
    /// @notice The asserter showed the nodes below the node.
    event Revealed(bytes32 indexed id, address indexed challenger, bytes32[] nodes, uint256 deadline);
    /// @notice The challenger went down. With `blocks` not 0, within the row.
    event Picked(
        bytes32 indexed id,
        address indexed challenger,
        bytes32 node,
        uint64 row,
        uint32 blockIndex,
        uint32 blocks,
        uint8 level,
        uint256 deadline
    );
    /// @notice The asserter showed the block: its elements or, if it is hidden, what those who hold the seed can read.
    event Shown(bytes32 indexed id, address indexed challenger, bytes data, uint256 deadline);
    /// @notice The challenger named an element of it.
    event Named(bytes32 indexed id, address indexed challenger, uint8 element, uint256 deadline);
    /// @notice A game is over; the winner has both bonds, or, where the assertion had fallen already, the challenger
    /// its own. An asserter is paid when its assertion is over.
    event GameOver(bytes32 indexed id, address indexed challenger, bool refuted);
    /// @notice An assertion stood, and had its effect, or fell.
    event Concluded(bytes32 indexed id, AssertionStatus status);
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice The bond or a span of blocks is zero, or too long.
    error StakesRefused();
    /// @notice A contest and a challenge take exactly the bond.
    error WrongBond(uint256 sent, uint256 bond);
    /// @notice The epoch is not certified, or its contest window is over.
    error NotContestable(uint64 epoch);
    /// @notice The line is not in the certified result, or the receipt is not its sample.
    error WrongSample(bytes32 sampleId);
    /// @notice The part does not open the receipt.
    error WrongPart(bytes32 hash, bytes32 expected);
    /// @notice The spec is not the receipt's, or has not this model as its reference, or no reference at all.
    error WrongModel(bytes32 specId, bytes32 modelRoot);
    /// @notice The opening is wrong by itself (posp.Class): the verdict does not rest on evidence.
    error OpeningRefused(uint8 class);
    /// @notice The program's evidence is not of kind full, of the output's length.
    error ReferenceRefused();
    /// @notice The evidence neither convicts whom the line acquitted, nor takes anything off the standing.
    error NothingContradicted(uint8 certified, uint8 verdict);
    /// @notice The assertion is not in this state.
    error WrongStatus(bytes32 id, AssertionStatus status);
    /// @notice The window for challenges is over.
    error ChallengesClosed(uint256 closesAt);
    /// @notice Challenges are still possible, or games under way.
    error NotOver(uint256 closesAt, uint32 games);
    /// @notice The challenger has a game against this assertion.
    error GameExists(bytes32 id, address challenger);
    /// @notice It is another move's turn.
    error WrongTurn(Turn turn);
    /// @notice The move came too late.
    error TooLate(uint256 deadline);
    /// @notice The move is not late yet.
    error NotLate(uint256 deadline);
    /// @notice What was sent is not below the node.
    error WrongNode(bytes32 hash, bytes32 expected);
    /// @notice There is no such child, or no such element.
    error NoSuchIndex(uint256 index);
    /// @notice The pick reaches a row or padding, or does not: use the other function.
    error WrongLevel(uint8 level);
    /// @notice The proof does not prove the element.
    error NotProved();
    /// @notice The subject is not the assertion's.
    error WrongSubject(bytes32 hash, bytes32 expected);
    error NothingOwed(address account);
    error PaymentRefused(address account);

    /// @notice Challenges an assertion, for a bond.
    function challenge(Assertion calldata a) external payable;

    /// @notice The asserter's move: the nodes 5 levels below the node, or as many as there are. Anybody may send it.
    function reveal(bytes32 id, address challenger, bytes32[] calldata nodes) external;

    /// @notice The caller's move as challenger: which child is wrong, with its siblings up to the node.
    function pick(bytes32 id, uint256 index, bytes32 child, bytes32[] calldata siblings) external;

    /// @notice The same where the child is a row, whose blocks are counted now, or padding, which ends the game: the
    /// trees have zeros there.
    function pickRow(Assertion calldata a, uint256 index, bytes32 child, bytes32[] calldata siblings) external;

    /// @notice The asserter's move: the block's elements, as far as they may be seen. Anybody may send it, but
    /// of a hidden block the asserter alone: only the proof tells whether it is the block.
    function show(bytes32 id, address challenger, bytes calldata data) external;

    /// @notice The caller's move as challenger: which element of the block is wrong.
    function name(bytes32 id, uint8 element) external;

    /// @notice The asserter's last move, which wins the game. Anybody may send it.
    function prove(Assertion calldata a, address challenger, bytes calldata proof) external;

    /// @notice Ends a game whose turn is late, for the other side, or that is moot because the assertion fell. Anybody
    /// may.
    function settle(Assertion calldata a, address challenger) external;

    /// @notice Ends an assertion that nobody refuted: it stands, and has its effect. Anybody may.
    function conclude(Assertion calldata a, Subject calldata s) external;

    /// @notice Pays the caller what it is owed.
    function withdraw() external;

    function idOf(Assertion calldata a) external view returns (bytes32);

    function assertion(bytes32 id) external view returns (AssertionState memory);

    function game(bytes32 id, address challenger) external view returns (Game memory);

    function balanceOf(address account) external view returns (uint256);

    function stakes() external view returns (Stakes memory);
}
