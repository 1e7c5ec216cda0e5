// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {Answer, RequestStatus} from "../interfaces/IOnDemand.sol";
import {BatchVerdict, Finality, IVerdictReader, Shown, Verdict} from "../interfaces/IVerdictReader.sol";
import {Receipt} from "./Values.sol";

/// @title PospLib
/// @notice What a contract that relies on verdicts requires of them, in one line each.
library PospLib {
    uint8 internal constant UNSAMPLED = 0;
    uint8 internal constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 internal constant INCONCLUSIVE = 3;
    uint8 internal constant UNAVAILABLE = 4;

    /// @notice The receipt is not of the bargain: another provider, model or nonce.
    error AnotherPromise(bytes32 clientNonce);
    /// @notice The verdict can still change, or there is none.
    error NotFinal(bytes32 batchId, Finality finality);
    /// @notice The verdict is final, and is not PASS.
    error NotPassed(bytes32 batchId, uint8 verdict);
    /// @notice A charge rests on the batch.
    error Faulted(bytes32 batchId);
    /// @notice The batch's samples do not bear out that its receipts are worth their price.
    error NotEarned(bytes32 batchId);
    /// @notice The provider of the batch bears a fault.
    error Jailed(bytes32 batchId);

    /// @notice The receipt promises what was bargained for. A verdict says nothing about that.
    function requirePromise(Receipt calldata r, address provider, bytes32 specId, bytes32 clientNonce) internal pure {
        require(
            r.provider == provider && r.specId == specId && r.clientNonce == clientNonce, AnotherPromise(r.clientNonce)
        );
    }

    /// @notice This receipt was drawn, recomputed and found good, for good, and no charge rests on its batch.
    /// @dev Most receipts are never drawn, and UNSAMPLED is not passed: a market that pays per receipt wants
    /// requireEarned.
    /// @param maxAge In blocks since the certificate.
    function requirePassed(IVerdictReader reader, Shown calldata s, uint64 maxAge)
        internal
        view
        returns (Verdict memory v)
    {
        v = reader.ofReceiptNoOlderThan(s, maxAge);
        _requireFinal(v.batch);
        require(v.verdict == PASS, NotPassed(v.batch.batchId, v.verdict));
        require(!v.batch.faulted, Faulted(v.batch.batchId));
    }

    /// @notice A buyer had this receipt recomputed, and it was found good, for good. It says nothing of the batch.
    /// @param maxAge In blocks since the certificate.
    function requireVerified(IVerdictReader reader, Receipt calldata r, uint64 maxAge)
        internal
        view
        returns (Answer memory a)
    {
        a = reader.onDemand(r);
        require(a.status == RequestStatus.Answered && a.finality == Finality.Final, NotFinal(a.requestId, a.finality));
        require(a.age <= maxAge, IVerdictReader.TooOld(a.age, maxAge));
        require(a.verdict == PASS, NotPassed(a.requestId, a.verdict));
    }

    /// @notice The receipt stands in a batch that has earned its payment, for good: see earned.
    /// @param epoch Of the batch that it stands in: later than its own if its provider missed batches.
    /// @param maxAge In blocks since the certificate.
    function requireEarned(
        IVerdictReader reader,
        Receipt calldata r,
        uint64 epoch,
        bytes32[] calldata proof,
        uint64 maxAge
    ) internal view returns (BatchVerdict memory b) {
        b = reader.ofBatchNoOlderThan(r, epoch, proof, maxAge);
        _requireFinal(b);
        require(!b.faulted, Faulted(b.batchId));
        require(earned(b), NotEarned(b.batchId));
    }

    /// @notice The provider of the receipt bears no fault. Of no use alone: who never served has none either.
    function requireAtLarge(BatchVerdict memory b) internal pure {
        require(!b.jailed, Jailed(b.batchId));
    }

    /// @notice Whether a batch has earned its payment: no charge rests on it, none of its samples failed or was withheld,
    /// and most passed. What was not measured is not paid.
    function earned(BatchVerdict memory b) internal pure returns (bool) {
        return b.finality == Finality.Final && !b.faulted && b.failed == 0 && b.unavailable == 0
            && 2 * uint256(b.passed) > b.samples;
    }

    function _requireFinal(BatchVerdict memory b) private pure {
        require(b.finality == Finality.Final, NotFinal(b.batchId, b.finality));
    }
}
