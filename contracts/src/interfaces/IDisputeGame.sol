// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OutputPart, RequestPart} from "../libraries/Values.sol";
import {Assertion, IDispute, Run, Sampled, Subject} from "./IDispute.sol";

/// @notice Everything that an assertion is made from. What of it is wrong is refused.
struct Contest {
    Sampled sampled;
    RequestPart request;
    OutputPart output;
    Run run;
}

/// @title IDisputeGame
/// @notice Disputes under public specs: the last move is the computation of one number.
interface IDisputeGame is IDispute {
    /// @notice A verdict is contested.
    /// @param prompt The tokens, 4 bytes each, on which the program ran.
    /// @param recomputed The program's evidence, as it is asserted.
    event Contested(
        bytes32 indexed id,
        address indexed asserter,
        bytes32 indexed sampleId,
        Assertion assertion,
        Subject subject,
        bytes prompt,
        bytes output,
        bytes recomputed,
        uint256 closesAt
    );

    /// @notice Contests a certified line by asserting what the reference program's evidence is, for a bond: a verdict
    /// that is no FAIL but should be, or a FAIL, or whatever raised the standing, that should not. The charge that rests
    /// on the sample, if there is one, is stayed.
    /// @return id The assertion's name.
    function contest(Contest calldata c) external payable returns (bytes32 id);
}
