// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IVerdictRule
/// @notice What evidence of the reference program says of a provider's, by the policy that a spec names. Policies are
/// published once, so that a dispute need not carry them.
interface IVerdictRule {
    /// @notice A policy can be used.
    event PolicyPublished(bytes32 indexed policyId, uint256 length);

    /// @notice Nobody published this policy.
    error PolicyUnknown(bytes32 policyId);
    /// @notice A policy longer than a contract may be cannot be published.
    error PolicyTooLong(uint256 length);

    /// @notice Keeps a policy. Anybody may; what is no policy is refused when it is used.
    /// @param encoding Its canonical encoding.
    /// @return policyId Its name, the hash of the encoding.
    function publish(bytes calldata encoding) external returns (bytes32 policyId);

    /// @notice The verdict on a claim; see VerdictLib.disputeVerdict.
    /// @param engineClass Of the one who claims.
    /// @param evidence Its evidence.
    /// @param recomputed The program's, of kind full.
    /// @param rule Of sampling.
    function verdictOf(
        bytes32 policyId,
        string calldata engineClass,
        bytes calldata evidence,
        bytes calldata recomputed,
        uint8 rule
    ) external view returns (uint8 verdict, uint8 class, int32 logE);

    /// @notice Whether a policy is published.
    function published(bytes32 policyId) external view returns (bool);
}
