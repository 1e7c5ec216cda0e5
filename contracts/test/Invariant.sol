// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What anybody may do with a deployment, in any order, and what holds after each.
interface IHandler {
    function setUp() external;

    /// @notice Functions that forge calls, with anything.
    function moves() external pure returns (bytes4[] memory);

    /// @notice Reverts if a contract owes more than it has, or less than is accounted for.
    function check() external view;
}

/// @notice Money is conserved, whatever is done.
abstract contract MoneyInvariant {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    IHandler internal handler;

    function made() internal virtual returns (IHandler);

    function setUp() public {
        handler = made();
        handler.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), handler.moves());
    }

    function invariant_MoneyIsConserved() public view virtual {
        handler.check();
    }
}
