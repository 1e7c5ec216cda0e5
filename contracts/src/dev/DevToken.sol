// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title DevToken
/// @notice The token that is staked on a development chain. Anybody may mint: it is worth nothing.
contract DevToken is ERC20 {
    constructor() ERC20("posp development token", "DEV") {}

    /// @param to Who receives the tokens.
    /// @param amount In base units, 18 decimals.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
