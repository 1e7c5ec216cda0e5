// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {NumbersLib} from "./NumbersLib.sol";

/// @notice Evidence that lies in calldata: kind, number of positions, and where its first column begins. A column is
/// 4 bytes in two's complement for each position; the columns follow each other.
struct Evidence {
    uint256 kind;
    uint256 positions;
    uint256 at;
}

/// @title EvidenceLib
/// @notice Reads evidence as package posp encodes it (docs/protocol.md).
library EvidenceLib {
    uint256 internal constant NONE = 0;
    uint256 internal constant LOG_PROBS = 1;
    uint256 internal constant FULL = 2;
    uint256 internal constant INTERVALS = 3;

    uint256 internal constant MAX_POSITIONS = 1 << 17;
    uint256 internal constant UNIT = 1 << 30; // probability 1
    uint256 internal constant MOST = 127 << 24; // nats in Q24 that a number is clipped to

    error MalformedEvidence();

    /// @notice Reads evidence, and refuses what posp.DecodeEvidence refuses.
    function decode(bytes calldata b) internal pure returns (Evidence memory e) {
        bool ok;
        (e, ok) = tryDecode(b);
        if (!ok) revert MalformedEvidence();
    }

    /// @notice The same; ok is false for bytes that are no evidence.
    function tryDecode(bytes calldata b) internal pure returns (Evidence memory e, bool ok) {
        if (b.length < 6 || b[0] != 0x01) return (e, false);
        e.kind = uint8(b[1]);
        uint256 n = uint32(bytes4(b[2:6]));
        (e.positions, e.at) = (n, NumbersLib.start(b) + 6);
        // The kinds' numbers are those of their columns.
        if (e.kind > INTERVALS || (e.kind == NONE && n != 0) || n > MAX_POSITIONS || b.length != 6 + 4 * e.kind * n) {
            return (e, false);
        }
        if (e.kind >= LOG_PROBS) ok = NumbersLib.within(e.at, n, MOST, 0);
        else ok = true;
        if (e.kind == FULL) {
            ok = ok && NumbersLib.within(column(e, 1), n, 0, MOST);
        } else if (e.kind == INTERVALS) {
            ok = ok && NumbersLib.within(column(e, 1), 2 * n, 0, UNIT)
                && NumbersLib.sumsWithin(column(e, 1), column(e, 2), n, UNIT);
        }
    }

    /// @notice Where a column begins: 0 log-probabilities, 1 margins or below, 2 mass.
    function column(Evidence memory e, uint256 i) internal pure returns (uint256) {
        return e.at + 4 * i * e.positions;
    }
}
