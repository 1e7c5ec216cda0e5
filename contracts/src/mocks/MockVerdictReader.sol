// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {Answer} from "../interfaces/IOnDemand.sol";
import {BatchVerdict, IVerdictReader, Shown, Verdict} from "../interfaces/IVerdictReader.sol";
import {DigestLib} from "../libraries/DigestLib.sol";
import {Receipt} from "../libraries/Values.sol";

/// @title MockVerdictReader
/// @notice For tests of contracts that rely on verdicts: it says of a receipt what it was told to say, to the proofs it
/// pays no heed. Never deploy it where money is.
contract MockVerdictReader is IVerdictReader {
    /// @notice Nothing was set for this receipt: the real one reverts, too, of a receipt that is in no batch.
    error NothingSet(bytes32 receiptHash);

    mapping(bytes32 receiptHash => Verdict) private _verdicts;
    mapping(bytes32 receiptHash => bool) private _set;
    mapping(bytes32 receiptHash => Answer) private _answers;

    /// @notice What is said of a receipt from now on. Ages are counted from `certifiedAt`; the other fields are said as they
    /// are.
    function set(Receipt calldata receipt, Verdict calldata v) external {
        bytes32 hash = receiptHash(receipt);
        _verdicts[hash] = v;
        _set[hash] = true;
    }

    /// @notice What is said of it on demand from now on. Ages are counted as above.
    function setAnswer(Receipt calldata receipt, Answer calldata a) external {
        _answers[receiptHash(receipt)] = a;
    }

    /// @inheritdoc IVerdictReader
    function onDemand(Receipt calldata receipt) external view returns (Answer memory a) {
        a = _answers[receiptHash(receipt)];
        // forge-lint: disable-next-line(unsafe-typecast)
        if (a.certifiedAt != 0) a.age = uint64(block.number - a.certifiedAt); // far from 2^64
    }

    /// @inheritdoc IVerdictReader
    function ofReceipt(Shown calldata s) public view returns (Verdict memory) {
        return _of(s.receipt);
    }

    /// @inheritdoc IVerdictReader
    function ofReceiptNoOlderThan(Shown calldata s, uint64 maxAge) external view returns (Verdict memory v) {
        v = _of(s.receipt);
        _requireAge(v.batch, maxAge);
    }

    /// @inheritdoc IVerdictReader
    function ofBatch(Receipt calldata receipt, uint64, bytes32[] calldata) external view returns (BatchVerdict memory) {
        return _of(receipt).batch;
    }

    /// @inheritdoc IVerdictReader
    function ofBatchNoOlderThan(Receipt calldata receipt, uint64, bytes32[] calldata, uint64 maxAge)
        external
        view
        returns (BatchVerdict memory b)
    {
        b = _of(receipt).batch;
        _requireAge(b, maxAge);
    }

    /// @inheritdoc IVerdictReader
    function receiptHash(Receipt calldata receipt) public view returns (bytes32) {
        return DigestLib.receipt(receipt, block.chainid, address(this));
    }

    function _of(Receipt calldata receipt) private view returns (Verdict memory v) {
        bytes32 hash = receiptHash(receipt);
        require(_set[hash], NothingSet(hash));
        v = _verdicts[hash];
        // forge-lint: disable-next-line(unsafe-typecast)
        if (v.batch.certifiedAt != 0) v.batch.age = uint64(block.number - v.batch.certifiedAt); // far from 2^64
    }

    function _requireAge(BatchVerdict memory b, uint64 maxAge) private pure {
        require(b.certifiedAt != 0, NotCertified(b.batchId));
        require(b.age <= maxAge, TooOld(b.age, maxAge));
    }
}
