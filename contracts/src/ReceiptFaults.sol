// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {Batch, IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IAllocationManager} from "./interfaces/IEigenLayer.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {IKeyRegistry, Purpose} from "./interfaces/IKeyRegistry.sol";
import {IReceiptFaults, Place} from "./interfaces/IReceiptFaults.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {Fault, Receipt} from "./libraries/Values.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ReceiptFaults
contract ReceiptFaults is IReceiptFaults, Clock {
    uint8 private constant EQUIVOCATION = 6;
    uint8 private constant OMISSION = 7;

    IAllocationManager private immutable ALLOCATION_MANAGER;
    IBatchRegistry private immutable BATCH_REGISTRY;
    IFaultManager private immutable FAULT_MANAGER;
    IKeyRegistry private immutable KEY_REGISTRY;

    mapping(bytes32 faultId => bytes32[2]) private _wronged;
    /// @inheritdoc IReceiptFaults
    mapping(address provider => mapping(uint64 sequence => bytes32 faultId)) public equivocation;

    constructor(System memory system) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        ALLOCATION_MANAGER = IAllocationManager(system.allocationManager);
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        KEY_REGISTRY = IKeyRegistry(system.keyRegistry);
    }

    /// @inheritdoc IReceiptFaults
    function chargeEquivocation(
        Receipt calldata first,
        bytes calldata firstSignature,
        Receipt calldata second,
        bytes calldata secondSignature
    ) external returns (bytes32 faultId) {
        bytes32 one = _signed(first, firstSignature);
        bytes32 two = _signed(second, secondSignature);
        require(
            one != two && first.provider == second.provider && first.sequence == second.sequence, NoEquivocation()
        );
        faultId = equivocation[first.provider][first.sequence];
        require(faultId == 0, AlreadyCharged(faultId));
        faultId = _charge(first, EQUIVOCATION, bytes32(uint256(first.sequence)));
        equivocation[first.provider][first.sequence] = faultId;
        _wronged[faultId] = [one, two];
        emit Equivocated(faultId, first.provider, first.sequence, one, two);
    }

    /// @inheritdoc IReceiptFaults
    function chargeReplaced(Receipt calldata receipt, bytes calldata signature, Place calldata place)
        external
        returns (bytes32 faultId)
    {
        bytes32 hash = _signed(receipt, signature);
        (bytes32 batchId, Batch memory b, uint64 index) = _covering(receipt, place.epoch);
        require(MerkleLib.verifyLeaf(b.root, place.leaf, index, b.leafCount, place.proof), NotThere(batchId, place.leaf));
        require(place.leaf != MerkleLib.leaf(hash), NotOmitted(hash));
        return _omitted(receipt, hash);
    }

    /// @inheritdoc IReceiptFaults
    function chargeUncovered(Receipt calldata receipt, bytes calldata signature) external returns (bytes32 faultId) {
        bytes32 hash = _signed(receipt, signature);
        uint64 next = BATCH_REGISTRY.nextSequence(receipt.provider);
        require(receipt.sequence >= next, Covered(receipt.sequence, next));
        uint256 chargeableAt = _schedule().close(receipt.epoch) + _schedule().epochBlocks;
        require(block.number >= chargeableAt, TooEarly(chargeableAt));
        return _omitted(receipt, hash);
    }

    /// @inheritdoc IReceiptFaults
    function answerOmission(Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external {
        bytes32 hash = _hash(receipt);
        (bytes32 batchId, Batch memory b, uint64 index) = _covering(receipt, epoch);
        require(MerkleLib.verify(b.root, hash, index, b.leafCount, proof), NotThere(batchId, MerkleLib.leaf(hash)));
        bytes32 faultId = DigestLib.faultId(receipt.epoch, OMISSION, receipt.provider, 0, hash);
        emit OmissionAnswered(faultId, batchId, index);
        FAULT_MANAGER.clear(faultId);
    }

    /// @inheritdoc IReceiptFaults
    function wronged(bytes32 faultId) external view returns (bytes32 first, bytes32 second) {
        bytes32[2] storage w = _wronged[faultId];
        return (w[0], w[1]);
    }

    function _omitted(Receipt calldata receipt, bytes32 hash) private returns (bytes32 faultId) {
        faultId = _charge(receipt, OMISSION, hash);
        _wronged[faultId][0] = hash;
        emit Omitted(faultId, receipt.provider, receipt.sequence, hash);
    }

    function _charge(Receipt calldata receipt, uint8 kind, bytes32 ref) private returns (bytes32 faultId) {
        Fault memory f = Fault({kind: kind, subject: receipt.provider, batchId: 0, ref: ref});
        faultId = DigestLib.faultId(receipt.epoch, kind, receipt.provider, 0, ref);
        require(FAULT_MANAGER.charge(receipt.epoch, f), AlreadyCharged(faultId));
    }

    /// @dev The batch that covers a receipt's sequence, which is one, since batches are contiguous. It need not be that of
    /// the receipt's epoch.
    function _covering(Receipt calldata receipt, uint64 epoch)
        private
        view
        returns (bytes32 batchId, Batch memory b, uint64 index)
    {
        batchId = BATCH_REGISTRY.batchOf(receipt.provider, epoch);
        b = BATCH_REGISTRY.batch(batchId);
        require(
            b.provider != address(0) && receipt.sequence >= b.firstSequence
                && receipt.sequence - b.firstSequence < b.leafCount,
            NotCovered(receipt.sequence, batchId)
        );
        index = receipt.sequence - b.firstSequence;
    }

    function _hash(Receipt calldata receipt) private view returns (bytes32) {
        return DigestLib.receipt(receipt, block.chainid, address(BATCH_REGISTRY));
    }

    /// @dev A receipt's hash, if it is signed by its provider's receipt key of the receipt's epoch, which cannot change any
    /// more once the epoch has started. What stood behind the promise may be gone after DEALLOCATION_DELAY; a key that
    /// leaks after that is worth nothing.
    function _signed(Receipt calldata receipt, bytes calldata signature) private view returns (bytes32 hash) {
        uint256 last = _schedule().close(receipt.epoch) + ALLOCATION_MANAGER.DEALLOCATION_DELAY();
        require(block.number <= last, TooLate(last));
        hash = _hash(receipt);
        require(signature.length == 65, SignatureMalformed());
        uint8 v = uint8(signature[64]);
        (address signer, ECDSA.RecoverError why,) =
            ECDSA.tryRecover(hash, v < 2 ? v + 27 : v, bytes32(signature[:32]), bytes32(signature[32:64]));
        require(why == ECDSA.RecoverError.NoError, SignatureMalformed());
        address key = KEY_REGISTRY.keyAt(receipt.provider, Purpose.Receipts, receipt.epoch);
        require(signer == key, NotTheProviders(hash, signer, key));
    }
}
