// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EvidenceLib} from "./EvidenceLib.sol";
import {NumbersLib} from "./NumbersLib.sol";

/// @notice A question of a policy, and where its lists lie in calldata; Intervals have no classes.
struct Question {
    uint256 classes;
    uint256 classCount;
    uint256 edges;
    uint256 edgeCount;
    uint256 tables; // the first entry of the first table
    uint256 tableCount;
    uint256 stride; // bytes from a table's first entry to the next table's
}

/// @notice A policy that has been checked, as verdict.Policy.
struct Policy {
    Question model;
    Question choice;
    Question interval;
    Question margin;
    uint256 lambdaPpm;
    int256 cap; // Q16 nats, as passAt and failAt
    uint256 minPositions;
    int256 passAt;
    int256 failAt;
    uint256 wrongModel; // Q24 nats
    uint256 pairs; // where the first pair lies in calldata
    uint256 pairCount;
}

/// @title PolicyLib
/// @notice Reads a policy's canonical encoding (docs/protocol.md, Policy and verdict), and refuses all that is no such
/// encoding or is refused by verdict.Policy.Check. Tables stay in calldata.
library PolicyLib {
    bytes14 private constant NAME = "posp.policy.v2";
    uint256 internal constant MAX_EDGES = 1 << 10;
    uint256 internal constant MAX_TABLES = 1 << 8;
    uint256 internal constant MAX_LOG_E = 40 << 16; // of a table's entry, either side, and of the cap
    uint256 private constant MILLION = 1_000_000;

    error MalformedPolicy();
    error WrongPolicy(bytes32 id);

    /// @dev What has been read of the encoding, and where it ends.
    struct Reader {
        uint256 at;
        uint256 end;
    }

    /// @notice The policy that has the id.
    function decode(bytes calldata encoding, bytes32 id) internal pure returns (Policy memory) {
        bytes32 found = keccak256(encoding);
        if (found != id) revert WrongPolicy(found);
        return decode(encoding);
    }

    /// @notice The policy of an encoding.
    function decode(bytes calldata encoding) internal pure returns (Policy memory p) {
        if (encoding.length < 14 || bytes14(encoding) != NAME) revert MalformedPolicy();
        uint256 start = NumbersLib.start(encoding);
        Reader memory r = Reader(start + 14, start + encoding.length);
        p.model = question(r);
        p.choice = question(r);
        p.interval = intervals(r);
        p.margin = question(r);
        p.lambdaPpm = unsigned(r);
        p.cap = signed(r);
        p.minPositions = unsigned(r);
        p.passAt = signed(r);
        p.failAt = signed(r);
        int256 wrongModel = signed(r);
        p.pairCount = unsigned(r);
        p.pairs = r.at;
        for (uint256 i; i < p.pairCount; ++i) {
            skip(r, unsigned(r));
            skip(r, unsigned(r));
        }
        skip(r, 16); // samples and positions, which nothing rests on here
        uint256 confidencePpm = unsigned(r);
        p.wrongModel = uint256(wrongModel);
        if (
            r.at != r.end || p.model.tableCount == 0 || (p.choice.tableCount == 0 && p.interval.tableCount == 0)
                || p.lambdaPpm == 0 || p.lambdaPpm >= MILLION || p.cap <= 0 || p.cap > int256(MAX_LOG_E)
                || p.failAt <= 0 || p.failAt > p.cap || p.passAt >= p.failAt || wrongModel <= 0
                || confidencePpm > MILLION
        ) revert MalformedPolicy();
    }

    /// @notice Whether the policy was calibrated for providers of the engine class, whoever recomputes.
    function covers(Policy memory p, string memory claimed) internal pure returns (bool) {
        return covers(p, claimed, "");
    }

    /// @notice The same for one engine class that recomputes; "" stands for any.
    function covers(Policy memory p, string memory claimed, string memory recomputed) internal pure returns (bool) {
        (bytes32 left, bytes32 right) = (keccak256(bytes(claimed)), keccak256(bytes(recomputed)));
        bool any = bytes(recomputed).length == 0;
        uint256 at = p.pairs;
        bytes32 name;
        for (uint256 i; i < p.pairCount; ++i) {
            (name, at) = text(at);
            bool same = name == left;
            (name, at) = text(at);
            if (same && (any || name == right)) return true;
        }
        return false;
    }

    function question(Reader memory r) private pure returns (Question memory q) {
        (q.classes, q.classCount) = ascending(r, 0x7fffffff);
        (q.edges, q.edgeCount) = ascending(r, 0x7fffffff);
        (uint256 at, uint256 n) = tables(r, q, (q.classCount + 1) * (q.edgeCount + 1));
        // The tables' lengths are among the numbers; they are below the limit.
        if (!NumbersLib.within(at, n, MAX_LOG_E, MAX_LOG_E)) revert MalformedPolicy();
    }

    function intervals(Reader memory r) private pure returns (Question memory q) {
        (q.edges, q.edgeCount) = ascending(r, EvidenceLib.UNIT - 1);
        (uint256 at, uint256 n) = tables(r, q, q.edgeCount + 2);
        if (!NumbersLib.nonzero(at, n)) revert MalformedPolicy();
    }

    /// @dev A list of numbers in (0, most] that ascend.
    function ascending(Reader memory r, uint256 most) private pure returns (uint256 at, uint256 n) {
        n = unsigned(r);
        if (n > MAX_EDGES) revert MalformedPolicy();
        at = r.at;
        skip(r, 4 * n);
        if (n == 0) return (at, n);
        if (NumbersLib.unsigned(at) == 0 || !NumbersLib.within(at, n, 0, most) || !NumbersLib.ascend(at, n)) {
            revert MalformedPolicy();
        }
    }

    /// @dev Tables of as many entries, each behind that number: where the first one begins, and all their numbers.
    function tables(Reader memory r, Question memory q, uint256 entries) private pure returns (uint256 at, uint256 n) {
        uint256 count = unsigned(r);
        if (count > MAX_TABLES) revert MalformedPolicy();
        at = r.at;
        n = count * (entries + 1);
        skip(r, 4 * n);
        (q.tables, q.tableCount, q.stride) = (at + 4, count, 4 * entries + 4);
        for (uint256 t; t < count; ++t) {
            if (NumbersLib.unsigned(at + t * q.stride) != entries) revert MalformedPolicy();
        }
    }

    function signed(Reader memory r) private pure returns (int256 x) {
        x = NumbersLib.signed(r.at);
        skip(r, 4);
    }

    function unsigned(Reader memory r) private pure returns (uint256 x) {
        x = NumbersLib.unsigned(r.at);
        skip(r, 4);
    }

    function skip(Reader memory r, uint256 n) private pure {
        if (n > r.end - r.at) revert MalformedPolicy();
        r.at += n;
    }

    /// @dev The hash of the string at a place, and the place behind it.
    function text(uint256 at) private pure returns (bytes32 name, uint256 next) {
        uint256 n = NumbersLib.unsigned(at);
        next = at + 4 + n;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, add(at, 4), n)
            name := keccak256(free, n)
        }
    }
}
