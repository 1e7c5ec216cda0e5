// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What the default sampling rate rests on. Shares are in millionths, money in any one unit.
struct Economics {
    uint32 detectionPpm; // d: how often a sampled cheat is caught
    uint32 falsePositivePpm; // f: how often an honest sample is not
    uint32 collusionPpm; // r: the fraction of validators that collude
    uint32 validators; // n: of a sample
    uint128 reward; // R: for a job
    uint128 slash; // S: what a fault costs
    uint128 cost; // C: of doing the job
    uint32 savedPpm; // s: the share of the cost that cheating saves
}

/// @title EconomicsLib
/// @notice Refuses parameters by which honesty is not the best strategy (PROTOCOL section 8).
library EconomicsLib {
    uint256 private constant PPM = 1_000_000;

    /// @notice Cheating pays, or pays within a tenth of not: p d (1 - r^n) (R + S) <= 1.1 s C.
    error CheatingPays(uint256 expectedLoss, uint256 gain);
    /// @notice Honesty does not pay: 1.1 p f (R + S) >= R - C.
    error HonestyDoesNotPay(uint256 expectedLoss, uint256 gain);

    /// @param ratePpm p, the share of jobs that is sampled.
    function check(Economics memory e, uint32 ratePpm) internal pure {
        // r^n, rounded up after each factor; beyond 32 validators there is only rounding left.
        uint256 colluding = PPM;
        for (uint256 i; i < e.validators && i < 32; ++i) {
            colluding = (colluding * e.collusionPpm + PPM - 1) / PPM;
        }
        uint256 honest = colluding < PPM ? PPM - colluding : 0;
        uint256 stake = uint256(e.reward) + e.slash;
        uint256 loss = uint256(ratePpm) * e.detectionPpm * honest * stake / PPM; // scaled by 1e12
        uint256 gain = uint256(e.savedPpm) * e.cost * PPM;
        require(10 * loss > 11 * gain, CheatingPays(loss, gain));

        loss = uint256(ratePpm) * e.falsePositivePpm * stake; // scaled by 1e12
        gain = e.reward > e.cost ? uint256(e.reward - e.cost) * PPM * PPM : 0;
        require(11 * loss < 10 * gain, HonestyDoesNotPay(loss, gain));
    }
}
