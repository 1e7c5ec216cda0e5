// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IVerdictRule} from "./interfaces/IVerdictRule.sol";
import {VerdictLib} from "./libraries/VerdictLib.sol";

/// @title VerdictRule
contract VerdictRule is IVerdictRule {
    /// @dev Code may have so many bytes (EIP-170), one of which is the STOP before the policy.
    uint256 private constant LONGEST = 24_575;

    /// @dev A policy is kept as the code of an account that does nothing: reading it costs a fortieth of calldata.
    mapping(bytes32 policyId => address) private _policies;

    /// @inheritdoc IVerdictRule
    function publish(bytes calldata encoding) external returns (bytes32 policyId) {
        require(encoding.length <= LONGEST, PolicyTooLong(encoding.length));
        policyId = keccak256(encoding);
        if (_policies[policyId] != address(0)) return policyId;
        // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: returns what stands behind it.
        bytes memory code =
            bytes.concat(hex"61", bytes2(uint16(encoding.length + 1)), hex"80600a5f395ff3", hex"00", encoding);
        address at;
        assembly ("memory-safe") {
            at := create(0, add(code, 32), mload(code))
        }
        assert(at != address(0)); // as much gas as it may cost was there, or the call fails
        _policies[policyId] = at;
        emit PolicyPublished(policyId, encoding.length);
    }

    /// @inheritdoc IVerdictRule
    function verdictOf(
        bytes32 policyId,
        string calldata engineClass,
        bytes calldata evidence,
        bytes calldata recomputed,
        uint8 rule
    ) external view returns (uint8, uint8, int32) {
        address at = _policies[policyId];
        require(at != address(0), PolicyUnknown(policyId));
        bytes memory policy;
        assembly ("memory-safe") {
            let length := sub(extcodesize(at), 1)
            policy := mload(0x40)
            mstore(policy, length)
            extcodecopy(at, add(policy, 32), 1, length)
            mstore(0x40, add(add(policy, 32), and(add(length, 31), not(31))))
        }
        return this.byPolicy(policy, policyId, engineClass, evidence, recomputed, rule);
    }

    /// @notice The same by a policy that the caller shows.
    function byPolicy(
        bytes calldata policy,
        bytes32 policyId,
        string calldata engineClass,
        bytes calldata evidence,
        bytes calldata recomputed,
        uint8 rule
    ) external pure returns (uint8, uint8, int32) {
        return VerdictLib.disputeVerdict(policy, policyId, engineClass, evidence, recomputed, rule);
    }

    /// @inheritdoc IVerdictRule
    function published(bytes32 policyId) external view returns (bool) {
        return _policies[policyId] != address(0);
    }
}
