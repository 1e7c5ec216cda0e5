// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {IVerdictCallbacks, IVerdictConsumer} from
    "@proof-of-sampling/contracts/src/interfaces/IVerdictCallbacks.sol";
import {Finality, Verdict} from "@proof-of-sampling/contracts/src/interfaces/IVerdictReader.sol";
import {PospLib} from "@proof-of-sampling/contracts/src/libraries/PospLib.sol";

/// @title Ledger
/// @notice Counts what became of the answers that it was asked to follow: it is called when a verdict is final.
contract Ledger is IVerdictConsumer {
    IVerdictCallbacks public immutable callbacks;
    uint256 public passed;
    uint256 public failed;
    uint256 public unknown; // not drawn, not measured, or of an epoch that was never certified

    error NotCallbacks(address caller);

    constructor(IVerdictCallbacks callbacks_) {
        callbacks = callbacks_;
    }

    function follow(bytes32 receiptHash) external {
        callbacks.subscribe(receiptHash, 100_000);
    }

    /// @inheritdoc IVerdictConsumer
    function onVerdict(bytes32, Verdict calldata v) external {
        require(msg.sender == address(callbacks), NotCallbacks(msg.sender));
        if (v.batch.finality == Finality.Final && v.verdict == PospLib.PASS) ++passed;
        else if (v.batch.finality == Finality.Final && v.verdict == PospLib.FAIL) ++failed;
        else ++unknown;
    }
}
