// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {G1Point, G2Point} from "../libraries/BN254Lib.sol";

// The functions of EigenLayer that these contracts call, and the ones by which it calls them.

/// @notice An AVS's set of operators.
struct OperatorSet {
    address avs;
    uint32 id;
}

/// @notice An operator set to create.
struct CreateSetParams {
    uint32 operatorSetId;
    address[] strategies;
    address slasher;
}

/// @notice A slash. Shares of stake are in wad.
struct SlashingParams {
    address operator;
    uint32 operatorSetId;
    address[] strategies;
    uint256[] wadsToSlash;
    string description;
}

interface IPermissionController {
    /// @notice Whether the caller is an admin of the account, or appointed by one for that function.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool);
}

interface IAllocationManager {
    /// @notice Blocks for which stake can be slashed after it was asked back.
    function DEALLOCATION_DELAY() external view returns (uint32);
    function permissionController() external view returns (IPermissionController);
    function updateAVSMetadataURI(address avs, string calldata metadataURI) external;
    function createOperatorSets(address avs, CreateSetParams[] calldata params) external;
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParams[] calldata params,
        address[] calldata redistributionRecipients
    ) external;
    function slashOperator(address avs, SlashingParams calldata params)
        external
        returns (uint256 slashId, uint256[] memory shares);
    function isMemberOfOperatorSet(address operator, OperatorSet calldata operatorSet) external view returns (bool);
    function getMembers(OperatorSet calldata operatorSet) external view returns (address[] memory operators);
    function getMinimumSlashableStake(
        OperatorSet calldata operatorSet,
        address[] calldata operators,
        address[] calldata strategies,
        uint32 futureBlock
    ) external view returns (uint256[][] memory slashableStake);
}

interface IKeyRegistrar {
    /// @param curveType 2 is BN254.
    function configureOperatorSet(OperatorSet calldata operatorSet, uint8 curveType) external;
    function getBN254Key(OperatorSet calldata operatorSet, address operator)
        external
        view
        returns (G1Point memory g1Point, G2Point memory g2Point);
}

interface IStrategyManager {
    function clearBurnOrRedistributableShares(OperatorSet calldata operatorSet, uint256 slashId)
        external
        returns (uint256[] memory amounts);
    function getBurnOrRedistributableShares(OperatorSet calldata operatorSet, uint256 slashId, address strategy)
        external
        view
        returns (uint256 shares);
}

interface IStrategy {
    function underlyingToken() external view returns (address);
    function sharesToUnderlyingView(uint256 shares) external view returns (uint256);
}

interface IAVSRegistrar {
    function registerOperator(address operator, address avs, uint32[] calldata operatorSetIds, bytes calldata data)
        external;
    function deregisterOperator(address operator, address avs, uint32[] calldata operatorSetIds) external;
    function supportsAVS(address avs) external view returns (bool);
}
