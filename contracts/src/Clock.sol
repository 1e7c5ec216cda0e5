// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Schedule} from "./libraries/ScheduleLib.sol";

/// @title Clock
/// @notice The deployment's schedule, in the code of each contract that goes by it.
abstract contract Clock {
    uint64 private immutable GENESIS;
    uint64 private immutable EPOCH_BLOCKS;
    uint64 private immutable GRACE_BLOCKS;
    uint64 private immutable BEACON_DELAY;
    uint64 private immutable COMMIT_BLOCKS;
    uint64 private immutable REVEAL_BLOCKS;
    uint64 private immutable CERTIFY_BLOCKS;
    uint64 private immutable CONTEST_BLOCKS;

    constructor(Schedule memory s) {
        s.check();
        GENESIS = s.genesis;
        EPOCH_BLOCKS = s.epochBlocks;
        GRACE_BLOCKS = s.graceBlocks;
        BEACON_DELAY = s.beaconDelay;
        COMMIT_BLOCKS = s.commitBlocks;
        REVEAL_BLOCKS = s.revealBlocks;
        CERTIFY_BLOCKS = s.certifyBlocks;
        CONTEST_BLOCKS = s.contestBlocks;
    }

    /// @dev _schedule().contestBlocks, without the others.
    function _contestBlocks() internal view returns (uint64) {
        return CONTEST_BLOCKS;
    }

    function _schedule() internal view returns (Schedule memory) {
        return Schedule({
            genesis: GENESIS,
            epochBlocks: EPOCH_BLOCKS,
            graceBlocks: GRACE_BLOCKS,
            beaconDelay: BEACON_DELAY,
            commitBlocks: COMMIT_BLOCKS,
            revealBlocks: REVEAL_BLOCKS,
            certifyBlocks: CERTIFY_BLOCKS,
            contestBlocks: CONTEST_BLOCKS
        });
    }
}
