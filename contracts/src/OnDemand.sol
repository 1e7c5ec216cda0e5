// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {Epoch, IAttestationRegistry, Status} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {Answer, Held, IOnDemand, Price, Request, RequestStatus} from "./interfaces/IOnDemand.sol";
import {Finality} from "./interfaces/IVerdictReader.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {HeldEvidence, Receipt, SampleResult} from "./libraries/Values.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title OnDemand
contract OnDemand is IOnDemand, Clock {
    uint8 private constant UNAVAILABLE = 4;
    /// @dev Evidence of version 1 and kind none: "not opened to me".
    bytes32 private constant NONE = keccak256(hex"010000000000");

    IBatchRegistry private immutable BATCH_REGISTRY;
    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    uint128 private immutable BASE;
    uint64 private immutable PER_TOKEN;
    uint32 private immutable PER_EPOCH;
    uint32 private immutable REACH;

    mapping(bytes32 requestId => Request) private _requests;
    mapping(uint64 epoch => bytes32[] requestIds) private _asked;
    mapping(bytes32 receiptHash => bytes32 requestId) private _lastAbout;
    /// @inheritdoc IOnDemand
    mapping(address account => uint256) public balanceOf;

    constructor(System memory system, Price memory price_) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        require(price_.base != 0 && price_.perToken != 0 && price_.perEpoch != 0, PriceRefused());
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        (BASE, PER_TOKEN, PER_EPOCH, REACH) = (price_.base, price_.perToken, price_.perEpoch, price_.reach);
    }

    /// @inheritdoc IOnDemand
    function request(Receipt calldata receipt, bytes32 batchId, bytes32[] calldata proof, bytes32 secret)
        external
        payable
        returns (bytes32 requestId)
    {
        require(receipt.clientNonce == DigestLib.buyerNonce(msg.sender, secret), NotBuyer(msg.sender));
        uint256 fee = quote(receipt);
        require(msg.value == fee, WrongFee(msg.value, fee));
        uint64 leaf = BATCH_REGISTRY.locate(batchId, receipt, proof);
        uint64 epoch = answeringEpoch();
        _requireReach(batchId, leaf, epoch);
        require(_asked[epoch].length < PER_EPOCH, EpochFull(epoch));

        bytes32 receiptHash = DigestLib.receipt(receipt, block.chainid, address(BATCH_REGISTRY));
        requestId = _lastAbout[receiptHash];
        require(requestId == 0 || _requests[requestId].status == RequestStatus.Refunded, AlreadyAsked(requestId));
        // One epoch's requests can be refunded only when it takes none any more, so an id is never there twice.
        requestId = DigestLib.onDemand(block.chainid, address(this), epoch, receiptHash);
        _lastAbout[receiptHash] = requestId;
        _asked[epoch].push(requestId);
        _requests[requestId] = Request({
            buyer: msg.sender,
            epoch: epoch,
            status: RequestStatus.Asked,
            verdict: 0,
            class: 0,
            leaf: leaf,
            fee: SafeCast.toUint128(fee),
            batchId: batchId,
            receiptHash: receiptHash
        });
        emit Requested(requestId, epoch, receiptHash, msg.sender, batchId, leaf, fee);
    }

    /// @inheritdoc IOnDemand
    function settle(
        bytes32 requestId,
        SampleResult calldata line,
        uint64 lineIndex,
        bytes32[] calldata lineProof,
        Held calldata held
    ) external {
        Request storage r = _open(requestId);
        require(block.number <= deadlineOf(requestId), TooLate(requestId));
        // The request is to its sample what a batch is to one of its own.
        require(
            line.sampleId == DigestLib.sampleId(requestId, 0, r.leaf)
                && ATTESTATION_REGISTRY.verifySample(r.epoch, line, lineIndex, lineProof),
            LineRefused(requestId)
        );
        require(line.evidence == DigestLib.held(held.receipt, held.provider, held.committee), HeldRefused(requestId));
        (r.status, r.verdict, r.class) = (RequestStatus.Answered, line.verdict, line.class);
        emit Answered(requestId, r.receiptHash, line.verdict, line.class);
        _share(requestId, r, line.verdict == UNAVAILABLE, held.committee);
    }

    /// @inheritdoc IOnDemand
    function refund(bytes32 requestId) external {
        Request storage r = _open(requestId);
        (Status status,) = ATTESTATION_REGISTRY.epochStatus(r.epoch);
        uint256 deadline = deadlineOf(requestId);
        require(status == Status.Void || block.number > deadline, TooEarly(deadline + 1));
        r.status = RequestStatus.Refunded;
        emit Unanswered(requestId);
        _credit(requestId, r.buyer, r.fee);
    }

    /// @inheritdoc IOnDemand
    /// @dev What is owed is zero before it is paid, so that there is nothing to take by calling again.
    function withdraw(address account) external {
        uint256 amount = balanceOf[account];
        require(amount != 0, NothingOwed(account));
        balanceOf[account] = 0;
        emit Withdrawn(account, amount);
        (bool ok,) = account.call{value: amount}("");
        require(ok, PaymentRefused(account));
    }

    /// @inheritdoc IOnDemand
    function price() external view returns (Price memory) {
        return Price({base: BASE, perToken: PER_TOKEN, perEpoch: PER_EPOCH, reach: REACH});
    }

    /// @inheritdoc IOnDemand
    function quote(Receipt calldata receipt) public view returns (uint256) {
        return BASE + uint256(PER_TOKEN) * (uint256(receipt.promptTokens) + receipt.outputTokens);
    }

    /// @inheritdoc IOnDemand
    function answeringEpoch() public view returns (uint64) {
        Schedule memory s = _schedule();
        uint256 first = s.close(0);
        // forge-lint: disable-next-line(unsafe-typecast)
        return block.number < first ? 0 : uint64((block.number - first) / s.epochBlocks + 1); // block numbers are far from 2^64
    }

    /// @inheritdoc IOnDemand
    function deadlineOf(bytes32 requestId) public view returns (uint256) {
        Schedule memory s = _schedule();
        return s.certifyDeadline(_requests[requestId].epoch) + s.contestBlocks;
    }

    /// @inheritdoc IOnDemand
    function requestOf(bytes32 requestId) external view returns (Request memory) {
        return _requests[requestId];
    }

    /// @inheritdoc IOnDemand
    function requests(uint64 epoch) external view returns (bytes32[] memory) {
        return _asked[epoch];
    }

    /// @inheritdoc IOnDemand
    function requestCount(uint64 epoch) external view returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(_asked[epoch].length); // at most PER_EPOCH
    }

    /// @inheritdoc IOnDemand
    function answerOf(bytes32 receiptHash) external view returns (Answer memory a) {
        a.requestId = _lastAbout[receiptHash];
        Request storage r = _requests[a.requestId];
        (a.status, a.verdict, a.class) = (r.status, r.verdict, r.class);
        if (a.status == RequestStatus.None) return a;
        (Status status, Epoch memory kept) = ATTESTATION_REGISTRY.epochStatus(r.epoch);
        if (status == Status.Void) a.finality = Finality.Void;
        if (kept.certifiedAt == 0) return a;
        a.finality = status == Status.Final ? Finality.Final : Finality.Certified;
        a.certifiedAt = kept.certifiedAt;
        // forge-lint: disable-next-line(unsafe-typecast)
        a.age = uint64(block.number - kept.certifiedAt); // block numbers are far from 2^64
    }

    function _open(bytes32 requestId) private view returns (Request storage r) {
        r = _requests[requestId];
        require(r.status == RequestStatus.Asked, NotAsked(requestId));
    }

    /// @dev A receipt that was drawn has a verdict, or will have one; and what was revealed of it could be copied by
    /// whoever sits in a second committee. Until the beacon of its batch's epoch is fixed nobody knows whether it is drawn:
    /// till then that epoch alone answers, in which all commit before anybody reveals.
    function _requireReach(bytes32 batchId, uint64 leaf, uint64 epoch) private view {
        uint64 made = BATCH_REGISTRY.batch(batchId).epoch;
        require(made <= epoch && epoch - made <= REACH, OutOfReach(made, epoch));
        (bool drawn,, bytes32 sampleId) = BATCH_REGISTRY.sampleOf(batchId, leaf);
        bool open = made != epoch && BATCH_REGISTRY.beacon(made) == bytes32(0);
        if (!drawn && !open) return;
        (Status status,) = ATTESTATION_REGISTRY.epochStatus(made);
        require(!open || status == Status.Void, NotDrawnYet(made));
        require(open || status == Status.Void, AlreadyDrawn(sampleId));
    }

    /// @dev Every wei of the fee goes to somebody, once. Who says that nothing was opened is paid only for having asked,
    /// and only if most said so: it would be the cheapest answer.
    function _share(bytes32 requestId, Request storage r, bool unopened, HeldEvidence[] calldata committee) private {
        uint256 left = r.fee;
        if (committee.length != 0) {
            uint256 part = (unopened ? BASE : r.fee) / committee.length;
            for (uint256 i; i < committee.length; ++i) {
                bytes32 evidence = committee[i].evidence;
                if (evidence == 0 || (evidence == NONE && !unopened)) continue;
                left -= part;
                _credit(requestId, committee[i].operator, part);
            }
        }
        if (left != 0) _credit(requestId, r.buyer, left);
    }

    function _credit(bytes32 requestId, address account, uint256 amount) private {
        balanceOf[account] += amount;
        emit Credited(requestId, account, amount);
    }
}
