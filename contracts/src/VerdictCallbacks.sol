// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IVerdictCallbacks, IVerdictConsumer} from "./interfaces/IVerdictCallbacks.sol";
import {Finality, IVerdictReader, Shown, Verdict} from "./interfaces/IVerdictReader.sol";
import {CallbackLib} from "./libraries/CallbackLib.sol";

/// @title VerdictCallbacks
contract VerdictCallbacks is IVerdictCallbacks {
    /// @notice So much a callback may ask for at most.
    uint32 public constant MAX_GAS = 2_000_000;

    IVerdictReader private immutable READER;

    /// @inheritdoc IVerdictCallbacks
    mapping(address consumer => mapping(bytes32 receiptHash => uint32 gasCap)) public subscription;

    constructor(IVerdictReader reader) {
        READER = reader;
    }

    /// @inheritdoc IVerdictCallbacks
    function subscribe(bytes32 receiptHash, uint32 gasCap) external {
        require(gasCap != 0 && gasCap <= MAX_GAS, GasCapRefused(gasCap));
        subscription[msg.sender][receiptHash] = gasCap;
        emit Subscribed(msg.sender, receiptHash, gasCap);
    }

    /// @inheritdoc IVerdictCallbacks
    function deliver(address consumer, Shown calldata shown) external returns (bool) {
        return _deliver(consumer, shown);
    }

    /// @inheritdoc IVerdictCallbacks
    function deliverAll(address[] calldata consumers, Shown[] calldata shown) external {
        require(consumers.length == shown.length, LengthsDiffer(consumers.length, shown.length));
        for (uint256 i; i < consumers.length; ++i) {
            _deliver(consumers[i], shown[i]);
        }
    }

    /// @dev The subscription is gone before the consumer is called, so that it is told once.
    function _deliver(address consumer, Shown calldata shown) private returns (bool ok) {
        bytes32 receiptHash = READER.receiptHash(shown.receipt);
        uint32 gasCap = subscription[consumer][receiptHash];
        require(gasCap != 0, NotSubscribed(consumer, receiptHash));
        Verdict memory v = READER.ofReceipt(shown);
        require(
            v.batch.finality == Finality.Final || v.batch.finality == Finality.Void, NotFinal(v.batch.batchId)
        );
        delete subscription[consumer][receiptHash];
        ok = CallbackLib.notify(consumer, gasCap, abi.encodeCall(IVerdictConsumer.onVerdict, (receiptHash, v)));
        emit Delivered(consumer, receiptHash, v.verdict, ok);
    }
}
