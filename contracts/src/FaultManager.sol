// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clock} from "./Clock.sol";
import {PROVIDERS, System, VERIFIERS} from "./System.sol";
import {IAttestationRegistry} from "./interfaces/IAttestationRegistry.sol";
import {IBatchRegistry} from "./interfaces/IBatchRegistry.sol";
import {
    FaultRecord,
    FaultStatus,
    IFaultManager,
    Line,
    Penalties,
    WithheldOpening
} from "./interfaces/IFaultManager.sol";
import {IRefundPool} from "./interfaces/IRefundPool.sol";
import {IServiceManager} from "./interfaces/IServiceManager.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {Schedule} from "./libraries/ScheduleLib.sol";
import {BatchResult, Fault} from "./libraries/Values.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title FaultManager
contract FaultManager is IFaultManager, Clock, ReentrancyGuard {
    uint8 private constant STATISTICAL = 1;
    uint8 private constant WITHHOLDING = 2;
    uint8 private constant OPERATOR_EVIDENCE = 3;
    uint8 private constant FAIL_CONFIRMED = 4;
    uint8 private constant SIGNED_FALSEHOOD = 5;
    uint8 private constant EQUIVOCATION = 6;
    uint8 private constant OMISSION = 7;
    /// @dev EigenLayer's amounts may round a smaller slash to nothing.
    uint256 private constant MIN_WAD = 1e15;
    uint256 private constant WAD = 1e18;

    IBatchRegistry private immutable BATCH_REGISTRY;
    IServiceManager private immutable SERVICE_MANAGER;
    IRefundPool private immutable REFUND_POOL;
    IAttestationRegistry private immutable ATTESTATION_REGISTRY;
    address private immutable DISPUTE_GAME;
    address private immutable PRIVATE_DISPUTE_GAME;
    address private immutable SIGNER_FAULTS;
    address private immutable RECEIPT_FAULTS;
    uint64 private immutable STATISTICAL_WAD;
    uint64 private immutable WITHHOLDING_WAD;
    uint64 private immutable WITHHOLDING_CAP_WAD;
    uint64 private immutable OPERATOR_WAD;

    mapping(bytes32 faultId => FaultRecord) private _faults;
    mapping(address subject => uint256) private _jailing;
    mapping(address subject => uint256) private _withholdings;
    mapping(bytes32 sampleId => uint64) private _taken; // by a dispute, off the standing
    /// @inheritdoc IFaultManager
    mapping(bytes32 batchId => uint256) public faultsOf;

    constructor(System memory system, Penalties memory p) Clock(IBatchRegistry(system.batchRegistry).schedule()) {
        uint64[4] memory wads = [p.statisticalWad, p.withholdingWad, p.withholdingCapWad, p.operatorWad];
        for (uint256 i; i < wads.length; ++i) {
            require(wads[i] >= MIN_WAD && wads[i] <= WAD, PenaltyRefused(wads[i]));
        }
        require(p.withholdingCapWad >= p.withholdingWad, PenaltyRefused(p.withholdingCapWad));
        BATCH_REGISTRY = IBatchRegistry(system.batchRegistry);
        SERVICE_MANAGER = IServiceManager(system.serviceManager);
        REFUND_POOL = IRefundPool(system.refundPool);
        ATTESTATION_REGISTRY = IAttestationRegistry(system.attestationRegistry);
        DISPUTE_GAME = system.disputeGame;
        PRIVATE_DISPUTE_GAME = system.privateDisputeGame;
        SIGNER_FAULTS = system.signerFaults;
        RECEIPT_FAULTS = system.receiptFaults;
        STATISTICAL_WAD = p.statisticalWad;
        WITHHOLDING_WAD = p.withholdingWad;
        WITHHOLDING_CAP_WAD = p.withholdingCapWad;
        OPERATOR_WAD = p.operatorWad;
    }

    modifier onlyGames() {
        _requireGame();
        _;
    }

    /// @inheritdoc IFaultManager
    function record(uint64 epoch, Fault[] calldata faults, uint64[] calldata excess) external {
        require(msg.sender == address(ATTESTATION_REGISTRY), NotAttestationRegistry(msg.sender));
        uint64 executableAt = SafeCast.toUint64(block.number + _schedule().contestBlocks);
        for (uint256 i; i < faults.length; ++i) {
            Fault calldata f = faults[i];
            require(f.kind >= STATISTICAL && f.kind <= OPERATOR_EVIDENCE, KindUnknown(f.kind));
            bytes32 id = DigestLib.faultId(epoch, f);
            require(_faults[id].status == FaultStatus.None, FaultExists(id));
            _record(id, epoch, f, executableAt);
            if (excess[i] != 0) _faults[id].excess = excess[i];
        }
    }

    /// @inheritdoc IFaultManager
    function hold(bytes32 faultId) external onlyGames returns (bool) {
        FaultRecord storage f = _faults[faultId];
        if (f.status != FaultStatus.Open) return false;
        emit FaultHeld(faultId, ++f.holds);
        return true;
    }

    /// @inheritdoc IFaultManager
    function release(bytes32 faultId, bytes32 sampleId, uint64 less) external onlyGames {
        FaultRecord storage f = _faults[faultId];
        emit FaultHeld(faultId, --f.holds);
        if (less == 0 || f.status != FaultStatus.Open || _taken[sampleId] != 0) return;
        if (less > f.excess) return _clear(faultId);
        _taken[sampleId] = less;
        f.excess -= less;
        emit FaultReduced(faultId, sampleId, f.excess);
    }

    /// @inheritdoc IFaultManager
    function weigh(bytes32 faultId, Line[] calldata lines) external {
        FaultRecord storage f = _requireOpen(faultId);
        require(f.kind == STATISTICAL, NotStatistical(faultId));
        bytes32 batchId = f.batchId;
        uint64 epoch = BATCH_REGISTRY.batch(batchId).epoch;
        (, BatchResult memory found,) = ATTESTATION_REGISTRY.batchVerdict(batchId);
        require(lines.length == found.samples, LinesRefused(lines.length));
        uint256 most;
        for (uint64 j; j < lines.length; ++j) {
            Line calldata l = lines[j];
            require(
                l.sample.sampleId == DigestLib.sampleId(batchId, j, l.leaf)
                    && ATTESTATION_REGISTRY.verifySample(epoch, l.sample, l.index, l.proof),
                LinesRefused(j)
            );
            int256 up = int256(l.sample.logE) - int256(uint256(_taken[l.sample.sampleId]));
            // forge-lint: disable-next-line(unsafe-typecast)
            if (up > 0) most += uint256(up); // positive
        }
        require(most == 0 || most < f.excess, BorneOut(most));
        f.excess = SafeCast.toUint64(most);
        emit FaultWeighed(faultId, f.excess);
        if (most == 0) _clear(faultId);
    }

    /// @inheritdoc IFaultManager
    function charge(uint64 epoch, Fault calldata f) external returns (bool) {
        if (f.kind == FAIL_CONFIRMED) _requireGame();
        else _requireAccuser(f.kind);
        bytes32 id = DigestLib.faultId(epoch, f);
        if (_faults[id].status != FaultStatus.None) return false;
        _record(id, epoch, f, SafeCast.toUint64(block.number + _window(f.kind)));
        return true;
    }

    /// @inheritdoc IFaultManager
    function clear(bytes32 faultId) external {
        require(msg.sender == SIGNER_FAULTS || msg.sender == RECEIPT_FAULTS, NotDispute(msg.sender));
        _requireAccuser(_requireOpen(faultId).kind);
        _clear(faultId);
    }

    /// @inheritdoc IFaultManager
    function answerWithholding(bytes32 faultId, WithheldOpening calldata o) external {
        FaultRecord storage f = _requireOpen(faultId);
        require(f.kind == WITHHOLDING, NotWithholding(faultId));
        require(block.number < f.executableAt, WindowClosed(f.executableAt));
        uint64 leaf = BATCH_REGISTRY.locate(f.batchId, o.receipt, o.proof);
        bytes32 sample = DigestLib.sampleId(f.batchId, o.j, leaf);
        require(sample == f.ref, WrongSample(sample, f.ref));
        _requirePart(DigestLib.request(o.request), o.receipt.requestHash);
        _requirePart(DigestLib.output(o.output), o.receipt.outputHash);
        _requirePart(DigestLib.evidence(o.evidence.salt, o.evidence.evidence), o.receipt.evidenceHash);
        _clear(faultId);
        ATTESTATION_REGISTRY.shown(f.batchId, o.j, leaf);
    }

    /// @inheritdoc IFaultManager
    function execute(bytes32 faultId) external nonReentrant {
        FaultRecord storage f = _requireOpen(faultId);
        require(block.number >= f.executableAt, WindowOpen(f.executableAt));
        require(f.holds == 0, FaultIsHeld(faultId, f.holds));
        f.status = FaultStatus.Executed;
        (address subject, uint8 kind, bytes32 batchId) = (f.subject, f.kind, f.batchId);
        (uint32 set, uint256 wad, string memory why) = _penalty(kind, subject);
        if (kind == WITHHOLDING || kind == OMISSION) ++_withholdings[subject];
        if (kind == SIGNED_FALSEHOOD) ++_jailing[subject];
        (uint256 slashId, uint256 shares) = SERVICE_MANAGER.slash(set, subject, wad, why);
        require(shares != 0, NothingSlashed(faultId));
        f.slashId = SafeCast.toUint192(slashId);
        if (set == PROVIDERS) REFUND_POOL.open(faultId, batchId, slashId, shares);
        emit FaultExecuted(faultId, subject, slashId, wad, shares);
    }

    /// @inheritdoc IFaultManager
    function fault(bytes32 faultId) external view returns (FaultRecord memory) {
        return _faults[faultId];
    }

    /// @inheritdoc IFaultManager
    function faultIdOf(uint64 epoch, Fault calldata f) external pure returns (bytes32) {
        return DigestLib.faultId(epoch, f);
    }

    /// @inheritdoc IFaultManager
    function jailed(address subject) external view returns (bool) {
        return _jailing[subject] != 0;
    }

    /// @inheritdoc IFaultManager
    function bears(bytes32 batchId, address subject) external view returns (bool faulted, bool jailed_) {
        return (faultsOf[batchId] != 0, _jailing[subject] != 0);
    }

    /// @inheritdoc IFaultManager
    function penalties() external view returns (Penalties memory) {
        return Penalties({
            statisticalWad: STATISTICAL_WAD,
            withholdingWad: WITHHOLDING_WAD,
            withholdingCapWad: WITHHOLDING_CAP_WAD,
            operatorWad: OPERATOR_WAD
        });
    }

    /// @dev The one way in which a charge comes to be.
    function _record(bytes32 id, uint64 epoch, Fault calldata f, uint64 executableAt) private {
        _faults[id] = FaultRecord({
            status: FaultStatus.Open,
            kind: f.kind,
            subject: f.subject,
            executableAt: executableAt,
            holds: 0,
            batchId: f.batchId,
            ref: f.ref,
            excess: 0,
            slashId: 0
        });
        if (_jailsAtOnce(f.kind)) ++_jailing[f.subject];
        if (f.batchId != bytes32(0)) ++faultsOf[f.batchId];
        emit FaultRecorded(id, f.subject, epoch, f.kind, f.batchId, f.ref, executableAt);
    }

    /// @dev The one way in which a charge falls.
    function _clear(bytes32 faultId) private {
        FaultRecord storage f = _faults[faultId];
        f.status = FaultStatus.Cleared;
        if (_jailsAtOnce(f.kind)) --_jailing[f.subject];
        if (f.batchId != bytes32(0)) --faultsOf[f.batchId];
        emit FaultCleared(faultId, f.subject);
    }

    function _penalty(uint8 kind, address subject) private view returns (uint32 set, uint256 wad, string memory why) {
        if (kind == STATISTICAL) return (PROVIDERS, STATISTICAL_WAD, "posp: statistical fault");
        if (kind == FAIL_CONFIRMED) return (PROVIDERS, STATISTICAL_WAD, "posp: verdict FAIL confirmed");
        if (kind == EQUIVOCATION) return (PROVIDERS, STATISTICAL_WAD, "posp: equivocation");
        if (kind == SIGNED_FALSEHOOD) return (VERIFIERS, OPERATOR_WAD, "posp: signed a false result");
        if (kind == OPERATOR_EVIDENCE) return (VERIFIERS, OPERATOR_WAD, "posp: operator evidence");
        wad = WITHHOLDING_WAD;
        for (uint256 n = _withholdings[subject]; n > 0 && wad < WITHHOLDING_CAP_WAD; --n) {
            wad *= 2;
        }
        if (wad > WITHHOLDING_CAP_WAD) wad = WITHHOLDING_CAP_WAD;
        return (PROVIDERS, wad, kind == OMISSION ? "posp: omission" : "posp: withholding");
    }

    /// @dev Anybody can make the other charges, or provoke them, against the honest, who answer them.
    function _jailsAtOnce(uint8 kind) private pure returns (bool) {
        return kind != WITHHOLDING && kind != SIGNED_FALSEHOOD && kind != OMISSION;
    }

    function _requireGame() private view {
        require(msg.sender == DISPUTE_GAME || msg.sender == PRIVATE_DISPUTE_GAME, NotDispute(msg.sender));
    }

    /// @dev Who makes a charge of this kind, and takes it back.
    function _requireAccuser(uint8 kind) private view {
        bool ofReceipts = kind == EQUIVOCATION || kind == OMISSION;
        require(ofReceipts || kind == SIGNED_FALSEHOOD, KindUnknown(kind));
        require(msg.sender == (ofReceipts ? RECEIPT_FAULTS : SIGNER_FAULTS), NotDispute(msg.sender));
    }

    /// @dev Blocks in which to answer. What a game or two signatures show has no answer. Who has missed a batch answers
    /// by the next one, which must have had its time.
    function _window(uint8 kind) private view returns (uint256) {
        if (kind == FAIL_CONFIRMED || kind == EQUIVOCATION) return 0;
        Schedule memory s = _schedule();
        return kind == OMISSION ? s.contestBlocks + s.epochBlocks + s.graceBlocks : s.contestBlocks;
    }

    function _requireOpen(bytes32 faultId) private view returns (FaultRecord storage f) {
        f = _faults[faultId];
        require(f.status == FaultStatus.Open, FaultNotOpen(faultId, f.status));
    }

    function _requirePart(bytes32 hash, bytes32 expected) private pure {
        require(hash == expected, WrongPart(hash, expected));
    }
}
