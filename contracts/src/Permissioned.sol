// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAllocationManager, IPermissionController} from "./interfaces/IEigenLayer.sol";

/// @title Permissioned
/// @notice Who may act for an account, by EigenLayer's PermissionController: its admins (itself, while it has named
/// none), and whom they appointed for a function. So the account that holds the stake can be a multisig, or cold.
abstract contract Permissioned {
    IPermissionController private immutable PERMISSION_CONTROLLER;

    /// @notice The caller may not call this function for the account.
    error NotPermitted(address account, address caller);

    constructor(address allocationManager) {
        PERMISSION_CONTROLLER = IAllocationManager(allocationManager).permissionController();
    }

    modifier onlyFor(address account) {
        require(
            PERMISSION_CONTROLLER.canCall(account, msg.sender, address(this), msg.sig),
            NotPermitted(account, msg.sender)
        );
        _;
    }
}
