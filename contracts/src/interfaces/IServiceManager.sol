// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAVSRegistrar} from "./IEigenLayer.sol";

/// @title IServiceManager
/// @notice The AVS in EigenLayer: its identity, its registrar and its slasher. As the AVS it is its own registrar
/// without saying so.
interface IServiceManager is IAVSRegistrar {
    /// @notice Only EigenLayer's AllocationManager may call.
    error NotAllocationManager(address caller);
    /// @notice Only the FaultManager may call.
    error NotFaultManager(address caller);
    /// @notice The registration is for another AVS.
    error WrongAVS(address avs);
    /// @notice The operator has nothing to lose in the set it joins.
    error NoSlashableStake(address operator, uint32 operatorSetId);

    /// @notice Slashes.
    /// @param wad Of the operator's stake that is allocated to the set.
    /// @return slashId EigenLayer's number of it, in the set.
    /// @return shares What was slashed; zero if there was nothing.
    function slash(uint32 operatorSetId, address operator, uint256 wad, string calldata description)
        external
        returns (uint256 slashId, uint256 shares);

    /// @notice What an operator can lose in a set now.
    function slashableStake(uint32 operatorSetId, address operator) external view returns (uint256);
}
