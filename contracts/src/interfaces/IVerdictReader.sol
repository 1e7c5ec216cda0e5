// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {Receipt, SampleResult} from "../libraries/Values.sol";
import {Answer} from "./IOnDemand.sol";

/// @notice How much of a batch's verdict can still change.
enum Finality {
    None, // its epoch is not certified yet
    Certified, // it is, and may be contested
    Contested, // a dispute about it is under way, whether or not the contest window is over
    Final, // nothing can change it
    Void // its epoch was never certified, and cannot be any more
}

/// @notice A receipt, where it stands in its batch and, if it was sampled, its line in the certified result.
struct Shown {
    Receipt receipt;
    uint64 epoch; // of the batch that it stands in: later than its own if its provider missed batches
    bytes32[] receiptProof; // siblings, from the leaf up
    SampleResult line; // ignored unless the receipt was sampled and the batch's epoch certified
    uint64 lineIndex; // in the epoch's sample tree
    bytes32[] lineProof;
}

/// @notice What is known of a receipt's batch and of its provider, now.
struct BatchVerdict {
    bytes32 batchId;
    uint64 leaf; // at which the receipt stands
    Finality finality;
    uint64 certifiedAt; // block; zero if it is not
    uint64 age; // blocks since; zero if it is not certified
    uint32 samples; // how many were drawn; zero, as those below, if it is not certified
    uint32 passed; // less what was overturned, as those below
    uint32 failed;
    uint32 inconclusive;
    uint32 unavailable;
    bool faulted; // a charge against the provider rests on this batch, and was not answered
    bool jailed; // the provider bears a fault, of whatever batch
    uint64 standing; // of the provider under the receipt's spec: Q16 nats, a fault at AttestationRegistry.quorum().faultLine
}

/// @notice What is known of one receipt, now.
struct Verdict {
    uint8 verdict; // posp.Verdict: 0 unsampled (or not certified), 1 pass, 2 fail, 3 inconclusive, 4 unavailable
    uint8 class; // posp.Class, as certified; 0 if the verdict was overturned
    bool sampled; // known once the epoch's beacon is
    bool overturned; // the verdict is not the certified one
    bytes32 sampleId; // zero if not sampled
    BatchVerdict batch;
}

/// @title IVerdictReader
/// @notice What a market asks: one view from a receipt and its proofs to everything that is known of it. A verdict is of
/// what the receipt says: whoever relies on one must check that provider, specId and clientNonce are those that were
/// bargained for (PospLib.requirePromise).
interface IVerdictReader {
    /// @notice The receipt was sampled: its line must be shown, or a FAIL could be passed off as unsampled.
    error LineMissing(bytes32 sampleId);
    /// @notice The line is not in the certified result at that index.
    error LineRefused(bytes32 sampleId);
    /// @notice The epoch is not certified, so that there is no verdict to be of any age.
    error NotCertified(bytes32 batchId);
    /// @notice The certificate is older than was asked for.
    error TooOld(uint256 age, uint256 maxAge);

    /// @notice What is known of a receipt. Reverts with IBatchRegistry.ReceiptNotInBatch if it stands nowhere.
    function ofReceipt(Shown calldata s) external view returns (Verdict memory);

    /// @notice The same, if it is certified, at most so many blocks ago.
    function ofReceiptNoOlderThan(Shown calldata s, uint64 maxAge) external view returns (Verdict memory);

    /// @notice What is known of a receipt's batch: what an unsampled receipt is paid by.
    /// @param epoch Of the batch that it stands in: later than its own if its provider missed batches.
    function ofBatch(Receipt calldata receipt, uint64 epoch, bytes32[] calldata receiptProof)
        external
        view
        returns (BatchVerdict memory);

    /// @notice The same, if it is certified, at most so many blocks ago.
    function ofBatchNoOlderThan(Receipt calldata receipt, uint64 epoch, bytes32[] calldata receiptProof, uint64 maxAge)
        external
        view
        returns (BatchVerdict memory);

    /// @notice What came of asking that a receipt be verified (IOnDemand). It is apart from ofReceipt: the buyer chose what was
    /// looked at, so it says something of this receipt and nothing of its batch or provider.
    function onDemand(Receipt calldata receipt) external view returns (Answer memory);

    /// @notice The name of a receipt: what its provider signed.
    function receiptHash(Receipt calldata receipt) external view returns (bytes32);
}
