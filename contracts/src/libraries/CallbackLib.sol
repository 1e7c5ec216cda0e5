// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

/// @title CallbackLib
/// @notice Tells a contract something without being at its mercy: whatever it does, the caller goes on.
library CallbackLib {
    /// @dev What the caller keeps to itself beyond the 64th part that a call always leaves it (EIP-150): enough for an
    /// event after the call, and for the call itself.
    uint256 internal constant RESERVE = 40_000;

    /// @notice Less gas was sent along than the callback was promised.
    error GasTooLow(uint256 available, uint256 needed);

    /// @notice Calls with exactly `gasCap` gas, and looks at nothing that comes back: it may revert, use up its gas, or
    /// answer with megabytes.
    /// @dev Reverts if so much gas is not there, since otherwise whoever sends the transaction could choose it so that the
    /// callee fails and the caller goes on.
    /// @return ok Whether the callee was content. False, too, if there is no code.
    function notify(address callee, uint256 gasCap, bytes memory data) internal returns (bool ok) {
        if (callee.code.length == 0) return false;
        uint256 needed = gasCap + gasCap / 63 + RESERVE;
        require(gasleft() >= needed, GasTooLow(gasleft(), needed));
        assembly ("memory-safe") {
            ok := call(gasCap, callee, 0, add(data, 32), mload(data), 0, 0)
        }
    }
}
