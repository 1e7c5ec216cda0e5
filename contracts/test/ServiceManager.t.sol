// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS, VERIFIERS} from "../src/System.sol";
import {IServiceManager} from "../src/interfaces/IServiceManager.sol";
import {Base} from "./Base.sol";

/// @notice See ServiceManager.tree.
contract ServiceManagerTest is Base {
    function test_ItIntroducesItselfToEigenLayer() public view {
        address avs = address(services);
        eq(eigen.slasher(avs, PROVIDERS), avs);
        eq(eigen.slasher(avs, VERIFIERS), avs);
        eq(eigen.recipient(avs, PROVIDERS), address(pool));
        eq(eigen.recipient(avs, VERIFIERS), address(0));
        eq(eigen.curve(avs, VERIFIERS), 2);
        eq(eigen.curve(avs, PROVIDERS), 0);
        yes(services.supportsAVS(avs), "itself");
        yes(!services.supportsAVS(address(this)), "nobody else");
    }

    function test_RevertWhen_AStrangerSlashes() public {
        vm.expectPartialRevert(IServiceManager.NotFaultManager.selector);
        services.slash(PROVIDERS, provider, 1e18, "");
    }

    function test_RevertWhen_AStrangerRegistersAnOperator() public {
        uint32[] memory ids = new uint32[](1);
        vm.expectPartialRevert(IServiceManager.NotAllocationManager.selector);
        services.registerOperator(provider, address(services), ids, "");
        vm.expectPartialRevert(IServiceManager.NotAllocationManager.selector);
        services.deregisterOperator(provider, address(services), ids);
        vm.prank(address(eigen));
        vm.expectPartialRevert(IServiceManager.WrongAVS.selector);
        services.registerOperator(provider, address(this), ids, "");
    }

    function test_RevertWhen_AProviderHasNothingToLose() public {
        vm.expectPartialRevert(IServiceManager.NoSlashableStake.selector);
        eigen.join(sys.serviceManager, PROVIDERS, buyer);
    }

    function test_StakeIsReadForTheSet() public view {
        eq(services.slashableStake(PROVIDERS, provider), 1_000e18);
        eq(services.slashableStake(VERIFIERS, provider), 0);
        eq(services.slashableStake(VERIFIERS, operator(3)), 40);
    }
}
