// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The clock of a deployment, in blocks. Its twin is posp.Schedule.
struct Schedule {
    uint64 genesis; // first block of epoch 0
    uint64 epochBlocks; // length of an epoch
    uint64 graceBlocks; // after serving ends, for the last batch
    uint64 beaconDelay; // at least 1, so that nobody commits knowing it
    uint64 commitBlocks; // to recompute, after the beacon block
    uint64 revealBlocks; // to reveal, after the commit deadline
    uint64 certifyBlocks; // to certify, after the reveal deadline
    uint64 contestBlocks; // from the certificate to finality
}

using ScheduleLib for Schedule global;

/// @title ScheduleLib
/// @notice When an epoch's phases begin and end. Block numbers are uint256, so no epoch overflows them.
library ScheduleLib {
    /// @notice An epoch could not run by this schedule.
    error ScheduleRefused();

    function check(Schedule memory s) internal pure {
        require(
            s.epochBlocks != 0 && s.beaconDelay != 0 && s.commitBlocks != 0 && s.revealBlocks != 0
                && s.certifyBlocks != 0,
            ScheduleRefused()
        );
    }

    function start(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return s.genesis + uint256(epoch) * s.epochBlocks;
    }

    /// @notice The first block in which no batch of the epoch is accepted any more.
    function close(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return start(s, epoch) + s.epochBlocks + s.graceBlocks;
    }

    /// @notice The block whose prevrandao is the epoch's beacon.
    function beaconBlock(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return close(s, epoch) + s.beaconDelay;
    }

    function commitDeadline(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return beaconBlock(s, epoch) + s.commitBlocks;
    }

    function revealDeadline(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return commitDeadline(s, epoch) + s.revealBlocks;
    }

    /// @notice The last block in which a certificate is accepted; after it an epoch without one is void.
    function certifyDeadline(Schedule memory s, uint64 epoch) internal pure returns (uint256) {
        return revealDeadline(s, epoch) + s.certifyBlocks;
    }
}
