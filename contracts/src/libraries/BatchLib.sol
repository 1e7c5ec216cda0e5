// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Batch, IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {DigestLib} from "./DigestLib.sol";
import {MerkleLib} from "./MerkleLib.sol";
import {SamplerLib} from "./SamplerLib.sol";
import {Receipt} from "./Values.sol";

/// @title BatchLib
/// @notice Where a receipt stands in a batch, and whether it was drawn, from what the BatchRegistry keeps.
library BatchLib {
    /// @notice Where a receipt stands in a batch. Reverts unless it stands where its sequence says. It is of the batch's
    /// epoch or, if its provider missed batches, of one before.
    /// @param registry The BatchRegistry, which is in the receipt's name.
    function locate(
        Batch memory b,
        bytes32 batchId,
        address registry,
        Receipt calldata receipt,
        bytes32[] calldata proof
    ) internal view returns (uint64 leaf) {
        bytes32 receiptHash = DigestLib.receipt(receipt, block.chainid, registry);
        require(
            b.provider != address(0) && receipt.provider == b.provider && receipt.epoch <= b.epoch
                && receipt.sequence >= b.firstSequence,
            IBatchRegistry.ReceiptNotInBatch(batchId, receiptHash)
        );
        leaf = receipt.sequence - b.firstSequence;
        require(
            MerkleLib.verify(b.root, receiptHash, leaf, b.leafCount, proof),
            IBatchRegistry.ReceiptNotInBatch(batchId, receiptHash)
        );
    }

    /// @notice Whether a leaf is sampled, once the beacon is fixed, and as which sample.
    function sampleOf(Batch memory b, bytes32 batchId, address registry, bytes32 beacon, uint64 leaf)
        internal
        view
        returns (bool sampled, uint64 j, bytes32 sampleId)
    {
        if (b.provider == address(0) || beacon == bytes32(0) || leaf >= b.leafCount) return (false, 0, bytes32(0));
        bytes32 seed = DigestLib.seed(block.chainid, registry, b.epoch, batchId, beacon);
        j = SamplerLib.indexOf(seed, b.leafCount, leaf);
        if (j >= SamplerLib.count(b.leafCount, b.ratePpm, b.kMin)) return (false, 0, bytes32(0));
        return (true, j, DigestLib.sampleId(batchId, j, leaf));
    }
}
