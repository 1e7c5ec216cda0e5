// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS, System, VERIFIERS} from "./System.sol";
import {
    CreateSetParams,
    IAVSRegistrar,
    IAllocationManager,
    IKeyRegistrar,
    OperatorSet,
    SlashingParams
} from "./interfaces/IEigenLayer.sol";
import {IOperatorTable} from "./interfaces/IOperatorTable.sol";
import {IServiceManager} from "./interfaces/IServiceManager.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title ServiceManager
contract ServiceManager is IServiceManager {
    uint8 private constant BN254 = 2;

    IAllocationManager private immutable ALLOCATION_MANAGER;
    IOperatorTable private immutable OPERATOR_TABLE;
    address private immutable FAULT_MANAGER;
    address private immutable STRATEGY;

    /// @dev Introduces itself to EigenLayer: who calls the AllocationManager is the AVS, and an AVS that names no
    /// registrar is its own.
    constructor(System memory system, string memory metadataURI) {
        IAllocationManager allocationManager = IAllocationManager(system.allocationManager);
        ALLOCATION_MANAGER = allocationManager;
        OPERATOR_TABLE = IOperatorTable(system.operatorTable);
        FAULT_MANAGER = system.faultManager;
        STRATEGY = system.strategy;

        allocationManager.updateAVSMetadataURI(address(this), metadataURI);
        CreateSetParams[] memory sets = new CreateSetParams[](1);
        sets[0] = CreateSetParams(PROVIDERS, _one(system.strategy), address(this));
        address[] memory recipients = _one(system.refundPool);
        allocationManager.createRedistributingOperatorSets(address(this), sets, recipients);
        sets[0].operatorSetId = VERIFIERS;
        allocationManager.createOperatorSets(address(this), sets);
        IKeyRegistrar(system.keyRegistrar).configureOperatorSet(OperatorSet(address(this), VERIFIERS), BN254);
    }

    modifier onlyAllocationManager(address avs) {
        require(msg.sender == address(ALLOCATION_MANAGER), NotAllocationManager(msg.sender));
        require(avs == address(this), WrongAVS(avs));
        _;
    }

    /// @inheritdoc IAVSRegistrar
    function registerOperator(address operator, address avs, uint32[] calldata operatorSetIds, bytes calldata)
        external
        onlyAllocationManager(avs)
    {
        for (uint256 i; i < operatorSetIds.length; ++i) {
            uint32 id = operatorSetIds[i];
            require(slashableStake(id, operator) != 0, NoSlashableStake(operator, id));
            if (id == VERIFIERS) OPERATOR_TABLE.admit(operator);
        }
    }

    /// @inheritdoc IAVSRegistrar
    function deregisterOperator(address operator, address avs, uint32[] calldata operatorSetIds)
        external
        onlyAllocationManager(avs)
    {
        for (uint256 i; i < operatorSetIds.length; ++i) {
            if (operatorSetIds[i] == VERIFIERS) OPERATOR_TABLE.dismiss(operator);
        }
    }

    /// @inheritdoc IServiceManager
    function slash(uint32 operatorSetId, address operator, uint256 wad, string calldata description)
        external
        returns (uint256 slashId, uint256 shares)
    {
        require(msg.sender == FAULT_MANAGER, NotFaultManager(msg.sender));
        uint256[] memory wads = new uint256[](1);
        wads[0] = wad;
        uint256[] memory slashed;
        (slashId, slashed) = ALLOCATION_MANAGER.slashOperator(
            address(this), SlashingParams(operator, operatorSetId, _one(STRATEGY), wads, description)
        );
        shares = slashed[0];
    }

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }

    /// @inheritdoc IServiceManager
    function slashableStake(uint32 operatorSetId, address operator) public view returns (uint256) {
        return ALLOCATION_MANAGER.getMinimumSlashableStake(
            OperatorSet(address(this), operatorSetId), _one(operator), _one(STRATEGY), SafeCast.toUint32(block.number)
        )[0][0];
    }

    function _one(address a) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = a;
    }
}
