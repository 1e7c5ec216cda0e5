// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HiddenOutput, HiddenRequest} from "../libraries/Values.sol";
import {Assertion, IDispute, Run, Sampled, Subject} from "./IDispute.sol";

/// @notice Everything that an assertion is made from, with commitments in the place of the text.
struct PrivateContest {
    Sampled sampled;
    HiddenRequest request;
    HiddenOutput output;
    Run run;
}

/// @title IPrivateDisputeGame
/// @notice Disputes under private specs: rows are hidden, and the last move is a proof (docs/privacy.md).
interface IPrivateDisputeGame is IDispute {
    /// @notice A verdict is contested. The commitment to the salts is the assertion's.
    /// @param prompt Root of the hidden row of tokens on which the program ran; how many they are, its program says.
    /// @param recomputed The program's evidence, as it is asserted.
    event PrivatelyContested(
        bytes32 indexed id,
        address indexed asserter,
        bytes32 indexed sampleId,
        Assertion assertion,
        Subject subject,
        bytes32 prompt,
        bytes32 output,
        bytes recomputed,
        uint256 closesAt
    );

    /// @notice The verdict rests on the text itself, which is not to be seen here.
    error TextDecides(uint8 class);
    /// @notice What is shown of a hidden block is 11 field elements, by the asserter itself.
    error ShownRefused();

    /// @notice Contests a certified line by asserting what the reference program's evidence is, for a bond: a verdict
    /// that is no FAIL but should be, or a FAIL, or whatever raised the standing, that should not. The charge that rests
    /// on the sample, if there is one, is stayed.
    /// @return id The assertion's name.
    function contest(PrivateContest calldata c) external payable returns (bytes32 id);
}
