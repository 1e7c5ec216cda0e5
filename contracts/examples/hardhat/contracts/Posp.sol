// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

// What the tests deploy of the package.
import {VerdictCallbacks} from "@proof-of-sampling/contracts/src/VerdictCallbacks.sol";
import {MockVerdictReader} from "@proof-of-sampling/contracts/src/mocks/MockVerdictReader.sol";
