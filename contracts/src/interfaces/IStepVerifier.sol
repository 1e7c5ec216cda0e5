// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Arch} from "../libraries/GraphLib.sol";

/// @notice What was run: the model's shape with its weights' root, and the lengths of the text.
struct Program {
    Arch arch;
    uint256 promptTokens;
    uint256 outputTokens;
    bool greedy;
}

/// @notice One element of a trace.
struct Step {
    Program program;
    bytes32 traceRoot;
    bytes32 seed; // commitment to the salts of hidden rows
    bytes32 context; // names the game and its players: a proof is for no other
    uint256 row;
    uint256 blockIndex; // within the row
    bytes32 blockHash; // of the block that the trace has there; of a hidden one, with what was shown of it
    uint256 element; // within the block
}

/// @notice What of a row may be named.
struct Blocks {
    uint256 count; // 0 beyond the trace
    bool hidden; // the row's tree is one of hidden rows
}

/// @title IStepVerifier
/// @notice The graph of the reference program, and the last moves of a dispute, for one way of hashing blocks: in the
/// clear, or hidden.
interface IStepVerifier {
    /// @notice The rows of a trace. Reverts if the program does not run such a model or texts so long.
    function rows(Program calldata program) external view returns (uint256);

    function blocks(Program calldata program, uint256 row) external view returns (Blocks memory);

    /// @notice Whether an element of a block that the row has is what the program makes of the rows before it. Says
    /// no, or reverts, if the proof does not prove it.
    function verify(Step calldata step, bytes calldata proof) external view returns (bool);
}
