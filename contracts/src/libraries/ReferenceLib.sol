// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title ReferenceLib
/// @notice The numbers of posp-ref-v1 (docs/reference-program.md, section 1). Its twin is numeric.go of
/// inference/reference.
/// @dev Arithmetic is unchecked: every argument is an element of at most 64 bits or a sum of at most 256 products of
/// two of 32, so that nothing here comes near 255 bits. Functions that are not defined everywhere refuse with
/// OutOfDomain what no run of the program makes.
library ReferenceLib {
    int256 internal constant LOG2E = 1549082005; // Q30
    int256 internal constant LN2 = 744261118; // Q30
    int256 internal constant ONE30 = 1 << 30;
    /// @dev Of attention's exponentials: 1.0 is 2^22.
    uint256 internal constant EXP_BITS = 22;
    int256 internal constant LIMIT24 = 127 << 24;

    /// @notice The function is not defined for this value.
    error OutOfDomain(int256 value);

    /// @notice floor((x + 2^(n-1)) / 2^n): x / 2^n rounded half up.
    function rs(int256 x, uint256 n) internal pure returns (int256) {
        unchecked {
            if (n == 0) return x;
            // forge-lint: disable-next-line(unsafe-typecast)
            return (x + int256(1 << (n - 1))) >> n; // n is at most 64
        }
    }

    /// @notice Clamps to the range of int32.
    function sat(int256 x) internal pure returns (int256) {
        return clamp(x, type(int32).min, type(int32).max);
    }

    /// @notice Clamps to the range of int64.
    function sat64(int256 x) internal pure returns (int256) {
        return clamp(x, type(int64).min, type(int64).max);
    }

    function clamp(int256 x, int256 low, int256 high) internal pure returns (int256) {
        return x < low ? low : x > high ? high : x;
    }

    /// @notice a / b rounded half up, for b > 0.
    function div(int256 a, int256 b) internal pure returns (int256 q) {
        unchecked {
            int256 n = 2 * a + b;
            int256 d = 2 * b;
            q = n / d;
            if (n % d < 0) --q;
        }
    }

    /// @notice e^-x in Q bits for y >= 0 in Q16, where factor is the Q30 number that makes y * factor the exponent
    /// of 2.
    function exp(int256 y, int256 factor, uint256 bits) internal pure returns (int256) {
        require(y >= 0 && y < 1 << 32, OutOfDomain(y));
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            uint256 t = uint256(y * factor); // neither is negative
            uint256 n = t >> 46;
            if (n > 40) return 0;
            // forge-lint: disable-next-line(unsafe-typecast)
            int256 f = int256(t >> 16 & ((1 << 30) - 1)); // 30 bits
            int256 p = 123394;
            p = -1386885 + ((p * f + (1 << 29)) >> 30);
            p = 10304738 + ((p * f + (1 << 29)) >> 30);
            p = -59591844 + ((p * f + (1 << 29)) >> 30);
            p = 257940802 + ((p * f + (1 << 29)) >> 30);
            p = -744261112 + ((p * f + (1 << 29)) >> 30);
            p = 1073741824 + ((p * f + (1 << 29)) >> 30);
            return rs(p, n + 30 - bits);
        }
    }

    /// @notice 1 / sqrt(v / (n * 2^24)) as mantissa * 2^-shift, for v in [1, 2^63) and n in [1, 2^16].
    function rsqrt(int256 v, uint256 n) internal pure returns (int256 mantissa, int256 shift) {
        require(v > 0 && v <= type(int64).max, OutOfDomain(v));
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            uint256 u = uint256(v);
            // The largest s with n * 2^(24+2s) < v * 2^62, which is 4^s <= (v * 2^38 - 1) / n.
            uint256 s = Math.log2(((u << 38) - 1) / n) / 2;
            // forge-lint: disable-next-line(unsafe-typecast)
            return (int256(Math.sqrt((n << (24 + 2 * s)) / u)), int256(s)); // below 2^31 and 51
        }
    }

    /// @notice x times mantissa * 2^-shift (as rsqrt gives it) times weight.
    function norm(int256 x, int256 mantissa, int256 shift, int256 weight) internal pure returns (int256) {
        require(shift >= 4 && shift <= 50, OutOfDomain(shift));
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            return sat(rs(sat(rs(x * mantissa, uint256(shift - 4))) * weight, 20)); // 0 to 46
        }
    }

    /// @notice Sine and cosine, Q30, of an angle in turns, Q64.
    function sincos(uint64 turns) internal pure returns (int256 sin, int256 cos) {
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            int256 x = int256(uint256(turns) >> 32 & ((1 << 30) - 1)); // 30 bits
            (int256 a, int256 b) = (_quarterSine(x), _quarterSine(ONE30 - x));
            uint256 quarter = turns >> 62;
            if (quarter == 0) return (a, b);
            if (quarter == 1) return (b, -a);
            if (quarter == 2) return (-a, -b);
            return (-b, a);
        }
    }

    /// @notice An element y of a head turned by an angle; y1 is its partner, half a head away.
    function rotate(int256 y, int256 y1, int256 sin, int256 cos, bool second) internal pure returns (int256) {
        unchecked {
            return sat(rs(second ? y * cos + y1 * sin : y * cos - y1 * sin, 30));
        }
    }

    /// @notice g * sigmoid(g), Q16.
    function silu(int256 g) internal pure returns (int256) {
        unchecked {
            int256 e = exp(g < 0 ? -g : g, LOG2E, 30);
            return rs(g * div((g < 0 ? e : ONE30) * ONE30, ONE30 + e), 30);
        }
    }

    /// @notice SwiGLU's product.
    function act(int256 gate, int256 up) internal pure returns (int256) {
        unchecked {
            return sat(rs(silu(gate) * up, 16));
        }
    }

    /// @notice log2(s / 2^30) in Q28, for s in [2^30, 2^62).
    function log2(int256 s) internal pure returns (int256) {
        require(s >= ONE30 && s < 1 << 62, OutOfDomain(s));
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            uint256 y = uint256(s); // not negative
            uint256 bits = Math.log2(y) + 1;
            y = bits > 31 ? y >> (bits - 32) : y << 1; // in [2^31, 2^32)
            uint256 result = bits - 31;
            for (uint256 i; i < 28; ++i) {
                y = y * y >> 31;
                uint256 carry = y >> 32;
                result = 2 * result + carry;
                y >>= carry;
            }
            // forge-lint: disable-next-line(unsafe-typecast)
            return int256(result); // 33 bits
        }
    }

    /// @notice The log-probability, Q24 nats, of a token: its logit, the largest, and the sum of exponentials.
    function logprob(int256 logit, int256 largest_, int256 sum) internal pure returns (int256) {
        unchecked {
            return clamp(((logit - largest_) << 8) - rs(log2(sum) * LN2, 34), -LIMIT24, 0);
        }
    }

    /// @notice The distance to the largest logit, Q24.
    function margin(int256 logit, int256 largest_) internal pure returns (int256) {
        unchecked {
            int256 x = (largest_ - logit) << 8;
            return x < LIMIT24 ? x : LIMIT24;
        }
    }

    /// @notice An embedding's weight as activation.
    function embed(int256 q, uint256 exponent) internal pure returns (int256) {
        unchecked {
            return exponent <= 16 ? sat(q << (16 - exponent)) : rs(q, exponent - 16);
        }
    }

    /// @notice log2(e) in Q30 times 2^shift / sqrt(headDim), and the shift that scores take out of the root.
    function attention(uint256 headDim) internal pure returns (int256 factor, uint256 shift) {
        unchecked {
            shift = Math.log2(headDim) / 2;
            // forge-lint: disable-next-line(unsafe-typecast)
            factor = int256(Math.sqrt((uint256(LOG2E * LOG2E) << (2 * shift)) / headDim)); // 31 bits
        }
    }

    // Over elements as they stand in calldata, big-endian, from a position on: 2, 4 or 8 bytes each.

    /// @notice The exact sum of products of two slices of `count` elements; a has 4 bytes, b 2 or 4.
    function dot(uint256 a, uint256 b, uint256 count, uint256 width) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            let shift := sub(256, shl(3, width))
            let sign := sub(width, 1)
            for { let end := add(a, shl(2, count)) } lt(a, end) { a := add(a, 4) } {
                sum := add(sum, mul(sar(224, calldataload(a)), signextend(sign, shr(shift, calldataload(b)))))
                b := add(b, width)
            }
        }
    }

    /// @notice The exact sum of `count` elements of 4 or 8 bytes.
    function sumOf(uint256 at, uint256 count, uint256 width) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            let shift := sub(256, shl(3, width))
            for { let end := add(at, mul(width, count)) } lt(at, end) { at := add(at, width) } {
                sum := add(sum, sar(shift, calldataload(at)))
            }
        }
    }

    /// @notice The largest of `count` elements of 4 bytes.
    function largest(uint256 at, uint256 count) internal pure returns (int256 most) {
        assembly ("memory-safe") {
            most := sar(224, calldataload(at))
            for { let end := add(at, shl(2, count)) } lt(at, end) { at := add(at, 4) } {
                let x := sar(224, calldataload(at))
                if sgt(x, most) { most := x }
            }
        }
    }

    /// @notice One element.
    function element(uint256 at, uint256 width) internal pure returns (int256 x) {
        assembly ("memory-safe") {
            x := sar(sub(256, shl(3, width)), calldataload(at))
        }
    }

    /// @dev sin(pi/2 * x) for x in [0, 1], Q30.
    function _quarterSine(int256 x) private pure returns (int256) {
        unchecked {
            int256 y = rs(x * x, 30);
            int256 p = -3685;
            p = 172072 + rs(p * y, 30);
            p = -5026892 + rs(p * y, 30);
            p = 85569282 + rs(p * y, 30);
            p = -693598666 + rs(p * y, 30);
            p = 1686629713 + rs(p * y, 30);
            return rs(p * x, 30);
        }
    }
}
