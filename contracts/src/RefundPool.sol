// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS, System} from "./System.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IStrategy, IStrategyManager, OperatorSet} from "./interfaces/IEigenLayer.sol";
import {IReceiptFaults} from "./interfaces/IReceiptFaults.sol";
import {IRefundPool, Pot} from "./interfaces/IRefundPool.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {Receipt} from "./libraries/Values.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @title RefundPool
contract RefundPool is IRefundPool, ReentrancyGuard {
    using SafeERC20 for IERC20;
    using BitMaps for BitMaps.BitMap;

    IBatchRegistry private immutable BATCH_REGISTRY;
    IStrategyManager private immutable STRATEGY_MANAGER;
    address private immutable STRATEGY;
    address private immutable SERVICE_MANAGER;
    address private immutable FAULT_MANAGER;
    IReceiptFaults private immutable RECEIPT_FAULTS;
    IERC20 private immutable TOKEN;
    /// @inheritdoc IRefundPool
    uint256 public immutable compensation;

    mapping(bytes32 faultId => Pot) private _pots;
    mapping(bytes32 faultId => BitMaps.BitMap) private _claimed;
    /// @inheritdoc IRefundPool
    uint256 public owed;

    constructor(System memory system, uint256 compensation_) {
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        STRATEGY_MANAGER = IStrategyManager(system.strategyManager);
        STRATEGY = system.strategy;
        SERVICE_MANAGER = system.serviceManager;
        FAULT_MANAGER = system.faultManager;
        RECEIPT_FAULTS = IReceiptFaults(system.receiptFaults);
        compensation = compensation_;
        TOKEN = IERC20(IStrategy(system.strategy).underlyingToken());
    }

    /// @inheritdoc IRefundPool
    function open(bytes32 faultId, bytes32 batchId, uint256 slashId, uint256 shares) external {
        require(msg.sender == FAULT_MANAGER, NotFaultManager(msg.sender));
        _pots[faultId] = Pot({
            batchId: batchId,
            leafCount: batchId == 0 ? _wronged(faultId) : BATCH_REGISTRY.batch(batchId).leafCount,
            collected: false,
            slashId: slashId,
            shares: shares,
            amount: 0
        });
        emit PotOpened(faultId, batchId, slashId, shares);
    }

    /// @inheritdoc IRefundPool
    /// @dev Anybody may have EigenLayer send a slash's tokens here without telling us. Then the slash has no shares
    /// left to fetch, and its tokens are among those that no pot has booked: the pot takes what its shares are worth,
    /// never more than is unbooked. What others are owed is out of reach in both cases.
    function collect(bytes32 faultId) external nonReentrant returns (uint256 amount) {
        Pot storage p = _pot(faultId);
        require(!p.collected, AlreadyCollected(faultId));
        p.collected = true;
        OperatorSet memory set = OperatorSet(SERVICE_MANAGER, PROVIDERS);
        uint256 before = TOKEN.balanceOf(address(this));
        if (STRATEGY_MANAGER.getBurnOrRedistributableShares(set, p.slashId, STRATEGY) != 0) {
            STRATEGY_MANAGER.clearBurnOrRedistributableShares(set, p.slashId);
            amount = TOKEN.balanceOf(address(this)) - before;
        } else {
            amount = Math.min(IStrategy(STRATEGY).sharesToUnderlyingView(p.shares), before - owed);
        }
        if (p.batchId == 0) amount = Math.min(amount, compensation * p.leafCount);
        p.amount = amount;
        owed += amount;
        emit PotCollected(faultId, amount);
    }

    /// @inheritdoc IRefundPool
    function claim(bytes32 faultId, Receipt calldata receipt, bytes32[] calldata proof, address buyer, bytes32 secret)
        external
        nonReentrant
        returns (uint256 amount)
    {
        Pot storage p = _collected(faultId);
        _requireBuyer(receipt, buyer, secret);
        return _pay(faultId, p, BATCH_REGISTRY.locate(p.batchId, receipt, proof), buyer);
    }

    /// @inheritdoc IRefundPool
    function compensate(bytes32 faultId, Receipt calldata receipt, address buyer, bytes32 secret)
        external
        nonReentrant
        returns (uint256 amount)
    {
        Pot storage p = _collected(faultId);
        _requireBuyer(receipt, buyer, secret);
        bytes32 hash = DigestLib.receipt(receipt, block.chainid, address(BATCH_REGISTRY));
        (bytes32 first, bytes32 second) = RECEIPT_FAULTS.wronged(faultId);
        require(hash == first || hash == second, NotWronged(faultId, hash));
        return _pay(faultId, p, hash == first ? 0 : 1, buyer);
    }

    /// @inheritdoc IRefundPool
    function pot(bytes32 faultId) external view returns (Pot memory) {
        return _pots[faultId];
    }

    /// @inheritdoc IRefundPool
    function claimed(bytes32 faultId, uint64 leaf) external view returns (bool) {
        return _claimed[faultId].get(leaf);
    }

    /// @inheritdoc IRefundPool
    function token() external view returns (address) {
        return address(TOKEN);
    }

    function _pot(bytes32 faultId) private view returns (Pot storage p) {
        p = _pots[faultId];
        require(p.shares != 0, PotUnknown(faultId));
    }

    function _collected(bytes32 faultId) private view returns (Pot storage p) {
        p = _pot(faultId);
        require(p.collected, NotCollected(faultId));
    }

    /// @dev How many receipts a fault of receipts wronged.
    function _wronged(bytes32 faultId) private view returns (uint64) {
        (, bytes32 second) = RECEIPT_FAULTS.wronged(faultId);
        return second == 0 ? 1 : 2;
    }

    function _requireBuyer(Receipt calldata receipt, address buyer, bytes32 secret) private pure {
        require(receipt.clientNonce == DigestLib.buyerNonce(buyer, secret), NotBuyer(buyer));
    }

    /// @dev An equal share, once, to the buyer alone, whoever sends.
    function _pay(bytes32 faultId, Pot storage p, uint64 leaf, address buyer) private returns (uint256 amount) {
        require(!_claimed[faultId].get(leaf), AlreadyClaimed(faultId, leaf));
        _claimed[faultId].set(leaf);
        amount = p.amount / p.leafCount;
        owed -= amount;
        emit Refunded(faultId, buyer, leaf, amount);
        TOKEN.safeTransfer(buyer, amount);
    }
}
