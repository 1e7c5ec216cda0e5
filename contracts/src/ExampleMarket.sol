// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {IAttestationRegistry, Status} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IExampleMarket, Job, JobStatus} from "./interfaces/IExampleMarket.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {BatchResult, Receipt} from "./libraries/Values.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title ExampleMarket
contract ExampleMarket is IExampleMarket, Clock, ReentrancyGuard {
    IBatchRegistry private immutable BATCH_REGISTRY;
    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    IFaultManager private immutable FAULT_MANAGER;
    /// @notice Blocks to settle in, after the last verdict of a job's deadline epoch is final.
    uint64 public immutable settleBlocks;

    mapping(bytes32 jobId => Job) private _jobs;
    /// @inheritdoc IExampleMarket
    mapping(address account => uint256) public balanceOf;

    constructor(System memory system, uint64 settleBlocks_) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        settleBlocks = settleBlocks_;
    }

    /// @inheritdoc IExampleMarket
    function open(address provider, bytes32 specId, bytes32 clientNonce, uint64 deadlineEpoch)
        external
        payable
        returns (bytes32 jobId)
    {
        require(!FAULT_MANAGER.jailed(provider), ProviderJailed(provider));
        require(msg.value != 0 && block.number < _schedule().close(deadlineEpoch), JobRefused());
        // The buyer is in the name, so nobody can take a nonce away by opening a job with it first.
        jobId = keccak256(abi.encode(msg.sender, provider, clientNonce));
        require(_jobs[jobId].status == JobStatus.None, JobExists(jobId));
        _jobs[jobId] = Job({
            status: JobStatus.Escrowed,
            buyer: msg.sender,
            provider: provider,
            deadlineEpoch: deadlineEpoch,
            payment: msg.value,
            specId: specId,
            clientNonce: clientNonce
        });
        emit JobOpened(jobId, msg.sender, provider, clientNonce, msg.value);
    }

    /// @inheritdoc IExampleMarket
    function settle(bytes32 jobId, Receipt calldata receipt, bytes32[] calldata proof) external {
        Job storage j = _escrowed(jobId);
        require(
            receipt.clientNonce == j.clientNonce && receipt.provider == j.provider && receipt.specId == j.specId
                && receipt.epoch <= j.deadlineEpoch,
            WrongReceipt(jobId)
        );
        bytes32 batchId = BATCH_REGISTRY.batchOf(j.provider, receipt.epoch);
        BATCH_REGISTRY.locate(batchId, receipt, proof);
        (Status status, BatchResult memory result, bool faulted) = ATTESTATION_REGISTRY.batchVerdict(batchId);
        require(status == Status.Final, NotFinal(batchId));
        // What was not measured is not paid: most of the samples must have passed, and none failed.
        bool earned =
            !faulted && result.failed == 0 && result.unavailable == 0 && 2 * uint256(result.passed) > result.samples;
        _release(jobId, earned ? JobStatus.Paid : JobStatus.Refunded);
    }

    /// @inheritdoc IExampleMarket
    function reclaim(bytes32 jobId) external {
        Job storage j = _escrowed(jobId);
        Schedule memory s = _schedule();
        uint256 last = s.certifyDeadline(j.deadlineEpoch) + s.contestBlocks + settleBlocks;
        require(block.number > last, TooEarly(last));
        _release(jobId, JobStatus.Refunded);
    }

    /// @inheritdoc IExampleMarket
    function withdraw() external nonReentrant {
        uint256 amount = balanceOf[msg.sender];
        require(amount != 0, NothingOwed(msg.sender));
        balanceOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok, PaymentRefused(msg.sender));
    }

    /// @inheritdoc IExampleMarket
    function job(bytes32 jobId) external view returns (Job memory) {
        return _jobs[jobId];
    }

    function _escrowed(bytes32 jobId) private view returns (Job storage j) {
        j = _jobs[jobId];
        require(j.status == JobStatus.Escrowed, NotEscrowed(jobId));
    }

    function _release(bytes32 jobId, JobStatus status) private {
        Job storage j = _jobs[jobId];
        j.status = status;
        address to = status == JobStatus.Paid ? j.provider : j.buyer;
        balanceOf[to] += j.payment;
        emit JobSettled(jobId, status, to, j.payment);
    }
}
