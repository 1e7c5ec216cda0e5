// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title FixedLib
/// @notice Exponential and logarithm of log e-values, to the bit (docs/protocol.md, Policy and verdict). Log e-values are
/// in Q16 nats, of at most a few million. All results round down: no rounding accuses anybody. Its twin is
/// verdict/fixed.go.
library FixedLib {
    uint256 internal constant NAT = 1 << 16;
    uint256 internal constant ONE = 1 << 40; // 1 in Q40

    /// @dev A product of nothing: mantissa 2^63, exponent -63, which is stored 63 higher.
    uint256 internal constant UNIT_PRODUCT = 1 << 63;

    /// @notice exp(-x) in Q40.
    function exp(uint256 x) internal pure returns (uint256 r) {
        unchecked {
            if (x >= 28 * NAT) return 0;
            r = 1 << 63; // each factor is floor(2^63 * exp(-2^(i-16)))
            if (x & 0x000001 != 0) r = (r * 0x7fff80003fffeaaa) >> 63;
            if (x & 0x000002 != 0) r = (r * 0x7fff0000ffff5555) >> 63;
            if (x & 0x000004 != 0) r = (r * 0x7ffe0003fffaaaaf) >> 63;
            if (x & 0x000008 != 0) r = (r * 0x7ffc000fffd555aa) >> 63;
            if (x & 0x000010 != 0) r = (r * 0x7ff8003ffeaaafff) >> 63;
            if (x & 0x000020 != 0) r = (r * 0x7ff000fff555aaa8) >> 63;
            if (x & 0x000040 != 0) r = (r * 0x7fe003ffaaafffbb) >> 63;
            if (x & 0x000080 != 0) r = (r * 0x7fc00ffd55aaa222) >> 63;
            if (x & 0x000100 != 0) r = (r * 0x7f803feaaffeef1c) >> 63;
            if (x & 0x000200 != 0) r = (r * 0x7f00ff55aa8893e5) >> 63;
            if (x & 0x000400 != 0) r = (r * 0x7e03faaffbbe9249) >> 63;
            if (x & 0x000800 != 0) r = (r * 0x7c0fd5aa22d75e45) >> 63;
            if (x & 0x001000 != 0) r = (r * 0x783eafef1c0a8f39) >> 63;
            if (x & 0x002000 != 0) r = (r * 0x70f5a893b608861e) >> 63;
            if (x & 0x004000 != 0) r = (r * 0x63afbe7ab2082ba1) >> 63;
            if (x & 0x008000 != 0) r = (r * 0x4da2cbf1be5827f9) >> 63;
            if (x & 0x010000 != 0) r = (r * 0x2f16ac6c59de6f8d) >> 63;
            if (x & 0x020000 != 0) r = (r * 0x1152aaa3bf81cb9f) >> 63;
            if (x & 0x040000 != 0) r = (r * 0x02582ab704279e8e) >> 63;
            if (x & 0x080000 != 0) r = (r * 0x000afe10820813d6) >> 63;
            if (x & 0x100000 != 0) r = (r * 0x000000f1aaddd774) >> 63;
            return r >> 23;
        }
    }

    /// @notice ln(y / 2^40) in Q16 nats, for 0 < y < 2^64.
    function ln(uint256 y) internal pure returns (int256) {
        unchecked {
            return nats(int256(log2(y)) - (40 << 24));
        }
    }

    /// @notice The binary logarithm in Q24 of y, 0 < y < 2^64, by repeated squaring of the mantissa in Q63.
    function log2(uint256 y) internal pure returns (uint256 result) {
        unchecked {
            uint256 top = bits(y) - 1;
            result = top;
            uint256 mantissa = y << (63 - top);
            for (uint256 i; i < 24; ++i) {
                mantissa *= mantissa;
                uint256 carry = mantissa >> 127;
                mantissa >>= 63 + carry;
                result = (result << 1) | carry;
            }
        }
    }

    /// @notice A binary logarithm in Q24 as nats in Q16: floor(x * ln2 / 2^40), with ln2 one more for a negative x, so that
    /// the product is below the real one on either side.
    function nats(int256 x) internal pure returns (int256) {
        unchecked {
            int256 ln2 = 2977044471; // floor(2^32 * ln 2)
            return (x * (x < 0 ? ln2 + 1 : ln2)) >> 40;
        }
    }

    /// @notice The number of bits of x, below 2^64.
    function bits(uint256 x) internal pure returns (uint256 n) {
        assembly ("memory-safe") {
            n := shl(5, lt(0xffffffff, x))
            n := or(n, shl(4, lt(0xffff, shr(n, x))))
            n := or(n, shl(3, lt(0xff, shr(n, x))))
            x := shr(n, x) // below 2^8: one for each of its bits' powers that it reaches
            n := add(n, add(add(lt(0, x), lt(1, x)), add(lt(3, x), lt(7, x))))
            n := add(n, add(add(lt(15, x), lt(31, x)), add(lt(63, x), lt(127, x))))
        }
    }

    /// @notice A product, times x with 0 < x < 2^64. It is mantissa + 2^64 * (exponent + 63), with 2^63 <= mantissa < 2^64:
    /// the mantissa is rounded down.
    function times(uint256 product, uint256 x) internal pure returns (uint256) {
        unchecked {
            uint256 p = (product & type(uint64).max) * x;
            uint256 n = bits(p >> 64);
            return ((product >> 64) + n) << 64 | p >> n;
        }
    }

    /// @notice A product's binary logarithm in Q24.
    function log2Product(uint256 product) internal pure returns (int256) {
        unchecked {
            return ((int256(product >> 64) - 63) << 24) + int256(log2(product & type(uint64).max));
        }
    }

    /// @notice The logarithm of the mean of exp over logs, which must not be empty.
    function mean(int256[] memory logs) internal pure returns (int256 top) {
        unchecked {
            top = logs[0];
            for (uint256 i = 1; i < logs.length; ++i) {
                if (logs[i] > top) top = logs[i];
            }
            uint256 sum;
            for (uint256 i; i < logs.length; ++i) {
                sum += exp(uint256(top - logs[i]));
            }
            return top + ln(sum / logs.length);
        }
    }

    /// @notice The mean of two.
    function mean(int256 a, int256 b) internal pure returns (int256) {
        unchecked {
            (int256 top, int256 low) = a < b ? (b, a) : (a, b);
            return top + ln((ONE + exp(uint256(top - low))) / 2);
        }
    }
}
