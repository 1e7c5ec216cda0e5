// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {IVerdictReader} from "@proof-of-sampling/contracts/src/interfaces/IVerdictReader.sol";
import {PospLib} from "@proof-of-sampling/contracts/src/libraries/PospLib.sol";
import {Receipt} from "@proof-of-sampling/contracts/src/libraries/Values.sol";

/// @title PayPerAnswer
/// @notice A buyer's escrow for one answer: it goes to the provider once the batch with the answer's receipt has earned it.
contract PayPerAnswer {
    IVerdictReader public immutable reader;
    address public immutable buyer;
    address payable public immutable provider;
    bytes32 public immutable specId; // the model that is paid for
    bytes32 public immutable clientNonce; // of the request
    uint64 public constant MAX_AGE = 50_000; // blocks since the certificate

    constructor(IVerdictReader reader_, address payable provider_, bytes32 specId_, bytes32 clientNonce_) payable {
        (reader, buyer, provider, specId, clientNonce) = (reader_, msg.sender, provider_, specId_, clientNonce_);
    }

    /// @notice Pays the provider. Anybody may.
    /// @param epoch Of the batch: the receipt's, unless the provider missed that one.
    function settle(Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external {
        PospLib.requirePromise(receipt, provider, specId, clientNonce);
        PospLib.requireEarned(reader, receipt, epoch, proof, MAX_AGE);
        (bool ok,) = provider.call{value: address(this).balance}("");
        require(ok);
    }
}
