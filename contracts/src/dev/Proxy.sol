// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// EigenLayer's contracts stand behind proxies; a development chain deploys them so.
// forge-lint: disable-next-line(unused-import)
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
