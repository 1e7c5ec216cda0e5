// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {HeldEvidence, Receipt, SampleResult} from "../libraries/Values.sol";
import {Finality} from "./IVerdictReader.sol";

/// @notice How far a request is.
enum RequestStatus {
    None,
    Asked, // the fee is here
    Answered, // the fee is credited to who recomputed, and what they did not earn to the buyer
    Refunded // the fee is credited to the buyer
}

/// @notice What a deployment asks for a verdict on demand.
struct Price {
    uint128 base; // wei for a request: what asking the provider costs, whatever comes of it
    uint64 perToken; // wei for each prompt and output token
    uint32 perEpoch; // requests that one epoch answers, at most
    uint32 reach; // epochs that a batch may be older than the epoch that answers
}

/// @notice A request that a receipt be verified.
struct Request {
    address buyer;
    uint64 epoch; // in which it is answered, which is not the receipt's
    RequestStatus status;
    uint8 verdict; // once answered
    uint8 class;
    uint64 leaf; // at which the receipt stands in its batch
    uint128 fee; // wei
    bytes32 batchId;
    bytes32 receiptHash;
}

/// @notice What a sample's verdict rests on, as hashes: DigestLib.held of it stands in the sample's line.
struct Held {
    bytes32 receipt;
    bytes32 provider; // its evidence; zero if nobody has it
    HeldEvidence[] committee; // in the order drawn; evidence is zero of who did not reveal
}

/// @notice What is known of a receipt that was asked about, now.
struct Answer {
    bytes32 requestId; // the last one; zero if nobody asked
    RequestStatus status;
    uint8 verdict; // posp.Verdict, if it was answered: 1 pass, 2 fail, 3 inconclusive, 4 unavailable
    uint8 class; // posp.Class
    Finality finality; // of the certificate: None before there is one, never Contested
    uint64 certifiedAt; // block; zero if it is not
    uint64 age; // blocks since
}

/// @title IOnDemand
/// @notice A buyer pays to have one receipt verified. The operators of an epoch answer the requests that were made before
/// it closed, together with its samples: committees are drawn by the epoch's beacon, which nobody knew then. An answer
/// charges nobody and moves no standing, since the buyer chose what was looked at.
interface IOnDemand {
    /// @notice A request was made, and is to be answered by that epoch.
    event Requested(
        bytes32 indexed requestId,
        uint64 indexed epoch,
        bytes32 indexed receiptHash,
        address buyer,
        bytes32 batchId,
        uint64 leaf,
        uint256 fee
    );
    /// @notice A request was answered.
    event Answered(bytes32 indexed requestId, bytes32 indexed receiptHash, uint8 verdict, uint8 class);
    /// @notice A request was not answered in time.
    event Unanswered(bytes32 indexed requestId);
    /// @notice A part of a request's fee is an account's now.
    event Credited(bytes32 indexed requestId, address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice The price is zero, or no request could be made.
    error PriceRefused();
    /// @notice The receipt's nonce does not commit to this buyer and secret.
    error NotBuyer(address buyer);
    /// @notice The fee is another one.
    error WrongFee(uint256 paid, uint256 fee);
    /// @notice The batch is of a later epoch than the one that would answer, or older than it by more than the reach.
    error OutOfReach(uint64 batchEpoch, uint64 epoch);
    /// @notice The epoch has as many requests as it answers.
    error EpochFull(uint64 epoch);
    /// @notice The receipt was drawn: its verdict costs nothing.
    error AlreadyDrawn(bytes32 sampleId);
    /// @notice Another epoch than the batch's would answer, and whether the receipt is drawn there is not known: ask again
    /// once its beacon is fixed.
    error NotDrawnYet(uint64 batchEpoch);
    /// @notice Somebody asked about the receipt, and it was answered or will be.
    error AlreadyAsked(bytes32 requestId);
    /// @notice There is no such request, or its fee is gone.
    error NotAsked(bytes32 requestId);
    /// @notice The answer came too late: the buyer can have its fee back.
    error TooLate(bytes32 requestId);
    /// @notice The fee cannot be had back before this block.
    error TooEarly(uint256 refundableAt);
    /// @notice The line is not the request's in the certified result.
    error LineRefused(bytes32 requestId);
    /// @notice It is not what the line rests on.
    error HeldRefused(bytes32 requestId);
    error NothingOwed(address account);
    error PaymentRefused(address account);

    /// @notice What a request about a receipt costs, in wei: the base, and so much for each of its tokens.
    function quote(Receipt calldata receipt) external view returns (uint256 fee);

    /// @notice Asks that a receipt be verified, by who bought it: the receipt's nonce is buyerNonce(sender, secret). The fee
    /// is paid with it, and is exactly what quote says.
    /// @param batchId The batch in which the receipt stands.
    /// @param proof Its siblings, from the leaf up.
    function request(Receipt calldata receipt, bytes32 batchId, bytes32[] calldata proof, bytes32 secret)
        external
        payable
        returns (bytes32 requestId);

    /// @notice Answers a request by its line in the certified result of its epoch, until deadlineOf. Anybody may. Each
    /// member of the committee that recomputed is credited an equal part of the fee; of a receipt that was not opened
    /// (UNAVAILABLE), each that revealed anything an equal part of the base. The rest is the buyer's.
    function settle(
        bytes32 requestId,
        SampleResult calldata line,
        uint64 lineIndex,
        bytes32[] calldata lineProof,
        Held calldata held
    ) external;

    /// @notice Credits the fee to the buyer: as soon as the request's epoch is void, or after deadlineOf. Anybody may.
    function refund(bytes32 requestId) external;

    /// @notice Pays an account what it is owed. Anybody may: an operator's account may be one that sends nothing.
    function withdraw(address account) external;

    function price() external view returns (Price memory);

    /// @notice The epoch that answers what is asked in this block.
    function answeringEpoch() external view returns (uint64);

    /// @notice The last block in which a request can be settled.
    function deadlineOf(bytes32 requestId) external view returns (uint256);

    function requestOf(bytes32 requestId) external view returns (Request memory);

    /// @notice The requests that an epoch answers, in the order in which they were made.
    function requests(uint64 epoch) external view returns (bytes32[] memory);

    /// @notice How many requests an epoch answers.
    function requestCount(uint64 epoch) external view returns (uint64);

    /// @notice What is known of a receipt that was asked about.
    function answerOf(bytes32 receiptHash) external view returns (Answer memory);

    /// @notice Wei that an account can have paid out.
    function balanceOf(address account) external view returns (uint256);
}
