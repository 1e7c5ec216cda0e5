// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Dispute} from "./Dispute.sol";
import {System} from "./System.sol";
import {Assertion, Stakes, Subject} from "./interfaces/IDispute.sol";
import {Contest, IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IStepVerifier} from "./interfaces/IStepVerifier.sol";
import {IVerdictRule} from "./interfaces/IVerdictRule.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {GraphLib} from "./libraries/GraphLib.sol";
import {OpeningLib} from "./libraries/OpeningLib.sol";
import {TraceLib} from "./libraries/TraceLib.sol";

/// @title DisputeGame
contract DisputeGame is Dispute, IDisputeGame {
    constructor(System memory system, IStepVerifier verifier, IVerdictRule rule, Stakes memory s)
        Dispute(system, verifier, rule, s)
    {}

    /// @inheritdoc IDisputeGame
    function contest(Contest calldata c) external payable bonded returns (bytes32 id) {
        Subject memory s;
        Assertion memory a;
        _sample(c.sampled, s);
        _requirePart(DigestLib.request(c.request), c.sampled.receipt.requestHash);
        _requirePart(DigestLib.output(c.output), c.sampled.receipt.outputHash);
        _model(c.run, c.sampled.receipt, s, GraphLib.PUBLIC);
        uint8 class = OpeningLib.check(c.run.spec, s.specId, c.sampled.receipt, c.request, c.output);
        require(class == OpeningLib.NONE, OpeningRefused(class));
        s.rule = c.request.rule;
        bytes32[4] memory ends;
        (ends[0], ends[1]) = (_rowRoot(c.request.tokens), _rowRoot(c.output.tokens));
        uint256 closesAt;
        (id, closesAt) = _assert(c.sampled, c.run, s, a, ends);
        _announce(id, a, s, c, closesAt);
    }

    function _announce(bytes32 id, Assertion memory a, Subject memory s, Contest calldata c, uint256 closesAt) private {
        emit Contested(id, msg.sender, s.sampleId, a, s, c.request.tokens, c.output.tokens, c.run.recomputed, closesAt);
    }

    function _fold(bool, bytes32[] calldata nodes) internal pure override returns (bytes32) {
        return TraceLib.fold(nodes);
    }

    function _climb(bool, bytes32 child, uint256 index, bytes32[] calldata siblings)
        internal
        pure
        override
        returns (bytes32)
    {
        return TraceLib.climb(child, index, siblings);
    }

    function _shown(bytes32, bool, bytes32 node, bytes calldata data) internal pure override returns (bytes32) {
        _below(TraceLib.blockHash(data), node);
        return node;
    }
}
