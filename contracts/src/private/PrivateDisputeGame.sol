// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Dispute} from "../Dispute.sol";
import {System} from "../System.sol";
import {Assertion, Stakes, Subject} from "../interfaces/IDispute.sol";
import {IPrivateDisputeGame, PrivateContest} from "../interfaces/IPrivateDisputeGame.sol";
import {IStepVerifier} from "../interfaces/IStepVerifier.sol";
import {IVerdictRule} from "../interfaces/IVerdictRule.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {GraphLib} from "../libraries/GraphLib.sol";
import {OpeningLib} from "../libraries/OpeningLib.sol";
import {TraceLib} from "../libraries/TraceLib.sol";
import {HiddenRows} from "./HiddenRows.sol";

/// @title PrivateDisputeGame
contract PrivateDisputeGame is Dispute, IPrivateDisputeGame {
    /// @dev A masked block: 11 lanes.
    uint256 private constant SHOWN = 352;
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant FIELD = (1 << 253) - 1; // hashes are cut to what a field element holds

    HiddenRows private immutable HIDDEN_ROWS;

    constructor(System memory system, IStepVerifier verifier, IVerdictRule rule, Stakes memory s, HiddenRows hiddenRows)
        Dispute(system, verifier, rule, s)
    {
        HIDDEN_ROWS = hiddenRows;
    }

    /// @inheritdoc IPrivateDisputeGame
    function contest(PrivateContest calldata c) external payable bonded returns (bytes32 id) {
        Subject memory s;
        Assertion memory a;
        _sample(c.sampled, s);
        uint8 class = c.sampled.sample.class;
        // A class says something of a FAIL alone: on another line it must not keep anybody from contesting.
        require(c.sampled.sample.verdict != FAIL || !OpeningLib.isOfText(class), TextDecides(class));
        _requirePart(DigestLib.request(c.request, c.sampled.receipt.promptTokens), c.sampled.receipt.requestHash);
        _requirePart(DigestLib.output(c.output, c.sampled.receipt.outputTokens), c.sampled.receipt.outputHash);
        _model(c.run, c.sampled.receipt, s, GraphLib.HIDDEN);
        class = OpeningLib.check(c.run.spec, s.specId, c.sampled.receipt, c.request, c.output);
        require(class == OpeningLib.NONE, OpeningRefused(class));
        s.rule = c.request.rule;
        a.seed = c.request.seedCommitment;
        bytes32[4] memory ends;
        (ends[0], ends[1]) = (c.request.tokens, c.output.tokens);
        uint256 closesAt;
        (id, closesAt) = _assert(c.sampled, c.run, s, a, ends);
        _announce(id, a, s, c, closesAt);
    }

    function _announce(bytes32 id, Assertion memory a, Subject memory s, PrivateContest calldata c, uint256 closesAt)
        private
    {
        emit PrivatelyContested(
            id, msg.sender, s.sampleId, a, s, c.request.tokens, c.output.tokens, c.run.recomputed, closesAt
        );
    }

    function _fold(bool hidden, bytes32[] calldata nodes) internal view override returns (bytes32) {
        return hidden ? HIDDEN_ROWS.fold(nodes) : TraceLib.fold(nodes);
    }

    function _climb(bool hidden, bytes32 child, uint256 index, bytes32[] calldata siblings)
        internal
        view
        override
        returns (bytes32)
    {
        return hidden ? HIDDEN_ROWS.climb(child, index, siblings) : TraceLib.climb(child, index, siblings);
    }

    /// @dev What it says of a hidden block is checked by the proof, which is held to it by point and value: docs/privacy.md.
    /// Until then anything passes, so that it must come from the asserter: what another wrote there, it could not prove.
    function _shown(bytes32 id, bool hidden, bytes32 node, bytes calldata data)
        internal
        view
        override
        returns (bytes32)
    {
        if (!hidden) {
            _below(TraceLib.blockHash(data), node);
            return node;
        }
        require(msg.sender == _asserter(id) && data.length == SHOWN, ShownRefused());
        uint256 point = uint256(keccak256(bytes.concat(node, data))) & FIELD;
        uint256 value;
        for (uint256 i = SHOWN; i > 0; i -= 32) {
            uint256 lane = uint256(bytes32(data[i - 32:i]));
            require(lane < R, ShownRefused());
            value = addmod(mulmod(value, point, R), lane, R);
        }
        return keccak256(abi.encode(node, point, value));
    }
}
