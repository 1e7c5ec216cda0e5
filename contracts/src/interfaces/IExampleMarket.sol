// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Receipt} from "../libraries/Values.sol";

/// @notice How far a job is.
enum JobStatus {
    None,
    Escrowed,
    Shown, // its receipt was shown; it waits for the verdict
    Paid,
    Refunded
}

/// @notice A job that a buyer paid for.
struct Job {
    JobStatus status;
    address buyer;
    address provider;
    uint64 deadlineEpoch; // the last epoch whose batch may hold the receipt
    uint256 payment; // wei
    bytes32 specId; // that the receipt must carry
    bytes32 clientNonce; // likewise
}

/// @title IExampleMarket
/// @notice An escrow that settles by the verdict: what a market needs to do, and no more.
interface IExampleMarket {
    event JobOpened(
        bytes32 indexed jobId, address indexed buyer, address indexed provider, bytes32 clientNonce, uint256 payment
    );
    /// @notice The job's receipt stands in a batch: it cannot be reclaimed for want of one any more.
    event JobShown(bytes32 indexed jobId, bytes32 indexed batchId);
    event JobSettled(bytes32 indexed jobId, JobStatus indexed status, address indexed to, uint256 payment);
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice The provider bears a fault.
    error ProviderJailed(address provider);
    /// @notice A job has a payment, and a deadline that is not over.
    error JobRefused();
    /// @notice The buyer has a job with this provider and nonce.
    error JobExists(bytes32 jobId);
    /// @notice There is no such job, or it is settled, or, of what only a job without a receipt can be asked, shown.
    error NotEscrowed(bytes32 jobId);
    /// @notice The receipt is not this job's, or its batch is of an epoch after the deadline.
    error WrongReceipt(bytes32 jobId);
    /// @notice The batch's verdict is not final: it is not certified yet, or contested, or may be.
    error NotFinal(bytes32 batchId);
    /// @notice The job can be reclaimed after this block.
    error TooEarly(uint256 reclaimableAfter);
    /// @notice There is nothing to withdraw.
    error NothingOwed(address account);
    /// @notice The account does not take the payment.
    error PaymentRefused(address account);

    /// @notice Escrows the payment sent along, for an answer whose receipt carries the nonce.
    /// @return jobId keccak(abi(buyer, provider, clientNonce)).
    function open(address provider, bytes32 specId, bytes32 clientNonce, uint64 deadlineEpoch)
        external
        payable
        returns (bytes32 jobId);

    /// @notice Shows that the job's receipt stands in a batch, so that the job waits for its verdict, however long a
    /// dispute about it takes. Anybody may.
    /// @param epoch Of the batch, which is the deadline's at the latest.
    function show(bytes32 jobId, Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external;

    /// @notice Settles by the final verdict of the batch that the job's receipt stands in (PospLib.earned): the provider
    /// is paid if no sample failed or was withheld, most passed and no charge stands, else the buyer is refunded, as it
    /// is if the epoch is void. Anybody may.
    /// @param epoch Of the batch, which is the deadline's at the latest.
    function settle(bytes32 jobId, Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external;

    /// @notice Refunds a job whose receipt nobody showed in time. Anybody may.
    function reclaim(bytes32 jobId) external;

    /// @notice Pays out what the caller is owed.
    function withdraw() external;

    function job(bytes32 jobId) external view returns (Job memory);

    /// @notice What an account may withdraw, in wei.
    function balanceOf(address account) external view returns (uint256);
}
