// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Evidence, EvidenceLib} from "../libraries/EvidenceLib.sol";
import {FixedLib} from "../libraries/FixedLib.sol";
import {Policy, PolicyLib} from "../libraries/PolicyLib.sol";
import {Comparison, Judgement, Sample, VerdictLib} from "../libraries/VerdictLib.sol";

/// @title Verdicts
/// @notice VerdictLib and what it is made of, callable: tests hold it against package verdict. It is deployed nowhere.
contract Verdicts {
    function exp(uint256 x) external pure returns (uint256) {
        return FixedLib.exp(x);
    }

    function ln(uint64 y) external pure returns (int256) {
        return FixedLib.ln(y);
    }

    function checkPolicy(bytes calldata policy, bytes32 id) external pure {
        PolicyLib.decode(policy, id);
    }

    function checkEvidence(bytes calldata evidence) external pure returns (uint256 kind, uint256 positions) {
        Evidence memory e = EvidenceLib.decode(evidence);
        return (e.kind, e.positions);
    }

    function compare(bytes calldata policy, bytes calldata claim, bytes calldata own)
        external
        pure
        returns (Comparison memory)
    {
        return VerdictLib.compare(PolicyLib.decode(policy), EvidenceLib.decode(claim), EvidenceLib.decode(own));
    }

    function compareMembers(bytes calldata policy, bytes calldata a, bytes calldata b) external pure returns (int256) {
        return VerdictLib.compareMembers(PolicyLib.decode(policy), EvidenceLib.decode(a), EvidenceLib.decode(b));
    }

    function mix(bytes calldata policy, int256 raw) external pure returns (int256) {
        return VerdictLib.mix(PolicyLib.decode(policy), raw);
    }

    function judge(bytes calldata policy, Sample calldata sample) external pure returns (Judgement memory) {
        return VerdictLib.judge(PolicyLib.decode(policy), sample);
    }

    function disputeVerdict(
        bytes calldata policy,
        bytes32 policyId,
        string calldata engineClass,
        bytes calldata claim,
        bytes calldata own,
        uint8 rule
    ) external pure returns (uint8 verdict, uint8 class, int32 logE) {
        return VerdictLib.disputeVerdict(policy, policyId, engineClass, claim, own, rule);
    }

    function advance(uint64 standing, int32 logE) external pure returns (uint64) {
        return VerdictLib.advance(standing, logE);
    }

    function line(uint64 n) external pure returns (uint64) {
        return VerdictLib.line(n);
    }
}
