// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SamplerLib} from "../src/libraries/SamplerLib.sol";
import {Checks} from "./Vm.sol";

/// @notice The permutation of SamplerLib, which is written for gas, against PROTOCOL section 4, which is written to be
/// read. That Go draws the same is tested by vectors (Vectors.t.sol) and at random (differential_test.go).
contract SamplerLibTest is Checks {
    function forward(bytes32 seed, uint256 h, uint256 x) private pure returns (uint256) {
        uint256 mask = (1 << h) - 1;
        (uint256 left, uint256 right) = (x >> h, x & mask);
        for (uint256 r; r < 6; ++r) {
            (left, right) = (right, left ^ (uint256(keccak256(abi.encode(seed, r, right))) & mask));
        }
        return left << h | right;
    }

    function testFuzz_ThePermutationIsTheProtocols(bytes32 seed, uint256 h, uint256 x) public pure {
        h = bound(h, 1, 32);
        x &= (1 << (2 * h)) - 1;
        uint256 y = forward(seed, h, x);
        eq(SamplerLib.permute(seed, h, x), y);
        eq(SamplerLib.invert(seed, h, y), x);
    }

    /// @dev What is allocated after it is where it would be without it, and empty.
    function testFuzz_MemoryStaysAsItWas(bytes32 seed, uint64 x) public pure {
        bytes memory before = abi.encode(seed, x);
        bytes32 hash = keccak256(before);
        SamplerLib.invert(seed, 32, SamplerLib.permute(seed, 32, x));
        bytes memory afterwards = abi.encode(x, seed);
        eq(keccak256(before), hash);
        eq(keccak256(afterwards), keccak256(abi.encode(x, seed)));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_EachLeafIsDrawnOnce(bytes32 seed, uint64 n) public pure {
        n = uint64(bound(n, 1, 70));
        uint256 drawn;
        for (uint64 j; j < n; ++j) {
            uint64 leaf = SamplerLib.leafAt(seed, n, j);
            yes(leaf < n && drawn >> leaf & 1 == 0, "of the batch, and new");
            drawn |= 1 << leaf;
            eq(SamplerLib.indexOf(seed, n, leaf), j);
        }
    }
}
