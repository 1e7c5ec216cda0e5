// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {System} from "./System.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {IExampleMarket, Job, JobStatus} from "./interfaces/IExampleMarket.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {BatchVerdict, Finality, IVerdictReader} from "./interfaces/IVerdictReader.sol";
import {PospLib} from "./libraries/PospLib.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {Receipt} from "./libraries/Values.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title ExampleMarket
contract ExampleMarket is IExampleMarket, Clock, ReentrancyGuard {
    IVerdictReader private immutable READER;
    IFaultManager private immutable FAULT_MANAGER;
    /// @notice Blocks to settle in, after the last verdict of a job's deadline epoch is final.
    uint64 public immutable settleBlocks;

    mapping(bytes32 jobId => Job) private _jobs;
    /// @inheritdoc IExampleMarket
    mapping(address account => uint256) public balanceOf;

    constructor(System memory system, IVerdictReader reader, uint64 settleBlocks_)
        Clock(IBatchRegistry(system.batchRegistry).schedule())
    {
        READER = reader;
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
    function show(bytes32 jobId, Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external {
        Job storage j = _escrowed(jobId);
        BatchVerdict memory b = _verdict(jobId, j, receipt, epoch, proof);
        j.status = JobStatus.Shown;
        emit JobShown(jobId, b.batchId);
    }

    /// @inheritdoc IExampleMarket
    function settle(bytes32 jobId, Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof) external {
        Job storage j = _jobs[jobId];
        require(j.status == JobStatus.Escrowed || j.status == JobStatus.Shown, NotEscrowed(jobId));
        BatchVerdict memory b = _verdict(jobId, j, receipt, epoch, proof);
        require(b.finality == Finality.Final || b.finality == Finality.Void, NotFinal(b.batchId));
        _release(jobId, PospLib.earned(b) ? JobStatus.Paid : JobStatus.Refunded);
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

    /// @dev A batch is no verdict on what was bargained for, unless the receipt is of the bargain.
    function _verdict(bytes32 jobId, Job storage j, Receipt calldata receipt, uint64 epoch, bytes32[] calldata proof)
        private
        view
        returns (BatchVerdict memory)
    {
        require(epoch <= j.deadlineEpoch, WrongReceipt(jobId));
        PospLib.requirePromise(receipt, j.provider, j.specId, j.clientNonce);
        return READER.ofBatch(receipt, epoch, proof);
    }

    function _release(bytes32 jobId, JobStatus status) private {
        Job storage j = _jobs[jobId];
        j.status = status;
        address to = status == JobStatus.Paid ? j.provider : j.buyer;
        balanceOf[to] += j.payment;
        emit JobSettled(jobId, status, to, j.payment);
    }
}
