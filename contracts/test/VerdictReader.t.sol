// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchRegistry} from "../src/interfaces/IBatchRegistry.sol";
import {BatchVerdict, Finality, IVerdictReader, Shown, Verdict} from "../src/interfaces/IVerdictReader.sol";
import {DigestLib} from "../src/libraries/DigestLib.sol";
import {PospLib} from "../src/libraries/PospLib.sol";
import {SamplerLib} from "../src/libraries/SamplerLib.sol";
import {BatchResult, Fault, Receipt, Result, SampleResult, Standing} from "../src/libraries/Values.sol";
import {Base} from "./Base.sol";

/// @notice A contract that relies on verdicts, as PospLib has it.
contract Relying {
    IVerdictReader private immutable READER;

    constructor(IVerdictReader reader) {
        READER = reader;
    }

    function passed(Shown calldata s, uint64 maxAge) external view returns (Verdict memory) {
        return PospLib.requirePassed(READER, s, maxAge);
    }

    function earned(Receipt calldata r, uint64 epoch, bytes32[] calldata proof, uint64 maxAge)
        external
        view
        returns (BatchVerdict memory)
    {
        return PospLib.requireEarned(READER, r, epoch, proof, maxAge);
    }

    function promised(Receipt calldata r, address provider, bytes32 specId, bytes32 nonce) external pure {
        PospLib.requirePromise(r, provider, specId, nonce);
    }

    function atLarge(BatchVerdict memory b) external pure {
        PospLib.requireAtLarge(b);
    }
}

/// @notice Batches whose lines are what a test wants.
abstract contract Lines is Base {
    uint64 internal constant LEAVES = 12; // six are drawn
    uint8 internal constant PASS = 1;
    uint8 internal constant FAIL = 2;
    uint8 internal constant INCONCLUSIVE = 3;
    uint8 internal constant UNAVAILABLE = 4;

    bytes32 internal batchId;
    SampleResult[] internal lines; // by j
    uint64[] internal leaves; // likewise
    uint64 internal epoch; // of the batch; its receipts are of epoch 0

    function setUp() public virtual override {
        super.setUp();
        table.snapshot();
        epoch = committedIn();
        vm.roll(clock.start(epoch));
        bytes32 root = libs.merkleRoot(leavesOf(provider, 0, 0, LEAVES));
        vm.prank(provider);
        batchId = batches.commitBatch(provider, epoch, 0, root, LEAVES);
        fixBeacon(epoch);
    }

    function committedIn() internal pure virtual returns (uint64) {
        return 0;
    }

    function judge(uint8[6] memory verdicts) internal {
        judge(verdicts, new Fault[](0));
    }

    function judge(uint8[6] memory verdicts, Fault[] memory charges) internal {
        bytes32 seed = DigestLib.seed(block.chainid, address(batches), epoch, batchId, BEACON);
        BatchResult memory b = BatchResult(batchId, provider, 6, 0, 0, 0, 0);
        for (uint64 j; j < 6; ++j) {
            uint64 leaf = SamplerLib.leafAt(seed, LEAVES, j);
            leaves.push(leaf);
            lines.push(SampleResult(DigestLib.sampleId(batchId, j, leaf), verdicts[j], verdicts[j], 0, "held"));
            if (verdicts[j] == PASS) ++b.passed;
            if (verdicts[j] == FAIL) ++b.failed;
            if (verdicts[j] == INCONCLUSIVE) ++b.inconclusive;
            if (verdicts[j] == UNAVAILABLE) ++b.unavailable;
        }
        Result memory r = resultOf(epoch, b);
        r.sampleRoot = libs.merkleRoot(lineHashes());
        r.standings = new Standing[](1);
        r.standings[0] = Standing(provider, SPEC, charges.length == 0 ? 4_711 : FAULT_LINE);
        r.faults = charges;
        submit(r);
    }

    function lineHashes() private view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](lines.length);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = libs.sampleResult(lines[i]);
        }
    }

    function show(uint64 leaf) internal view returns (Shown memory s) {
        s.receipt = receiptOf(provider, 0, leaf);
        s.epoch = epoch;
        s.receiptProof = proofOf(leavesOf(provider, 0, 0, LEAVES), leaf);
        for (uint64 j; j < leaves.length; ++j) {
            if (leaves[j] != leaf) continue;
            (s.line, s.lineIndex, s.lineProof) = (lines[j], j, proofOf(lineHashes(), j));
        }
    }

    /// @dev The leaf of sample j.
    function drawn(uint256 j) internal view returns (Shown memory) {
        return show(leaves[j]);
    }

    /// @dev A leaf that was not drawn.
    function undrawn() internal view returns (Shown memory) {
        for (uint64 leaf; leaf < LEAVES; ++leaf) {
            (bool sampled,,) = batches.sampleOf(batchId, leaf);
            if (!sampled) return show(leaf);
        }
        revert("all drawn");
    }

    function finish() internal {
        vm.roll(block.number + clock.contestBlocks);
    }

    /// @dev As a game does it.
    function contest() internal {
        vm.prank(sys.disputeGame);
        registry.contest(batchId);
    }

    function conclude(uint256 j, uint8 to) internal {
        vm.prank(sys.disputeGame);
        registry.conclude(batchId, uint64(j), leaves[j], lines[j].verdict, to);
    }
}

/// @notice See VerdictReader.tree.
contract VerdictReaderTest is Lines {
    Relying private relying;

    function setUp() public override {
        super.setUp();
        relying = new Relying(reader);
    }

    function test_EachVerdictIsToldFromTheOthers() public {
        judge([PASS, FAIL, INCONCLUSIVE, UNAVAILABLE, PASS, PASS]);
        for (uint256 j; j < 6; ++j) {
            Verdict memory v = reader.ofReceipt(drawn(j));
            yes(v.sampled && !v.overturned, "sampled");
            eq(v.verdict, lines[j].verdict);
            eq(v.class, lines[j].class);
            eq(v.sampleId, lines[j].sampleId);
            eq(v.batch.leaf, leaves[j]);
        }
        Verdict memory u = reader.ofReceipt(undrawn());
        yes(!u.sampled, "not sampled");
        eq(u.verdict, 0);
        eq(u.sampleId, bytes32(0));
        eq(u.batch.passed, 3);
        eq(u.batch.failed, 1);
        eq(u.batch.inconclusive, 1);
        eq(u.batch.unavailable, 1);
        eq(u.batch.batchId, batchId);
    }

    function test_BeforeTheCertificateThereIsNoVerdict() public {
        Verdict memory v = reader.ofReceipt(undrawn());
        yes(v.batch.finality == Finality.None, "none");
        eq(v.verdict, 0);
        eq(v.batch.certifiedAt, 0);
        eq(v.batch.age, 0);
        Shown memory s = undrawn();
        vm.expectPartialRevert(IVerdictReader.NotCertified.selector);
        reader.ofReceiptNoOlderThan(s, type(uint64).max);
        vm.expectPartialRevert(IVerdictReader.NotCertified.selector);
        reader.ofBatchNoOlderThan(s.receipt, s.epoch, s.receiptProof, type(uint64).max);
    }

    function test_FinalityFollowsTheContestWindow() public {
        judge([PASS, PASS, PASS, PASS, PASS, PASS]);
        uint256 at = block.number;
        yes(reader.ofReceipt(drawn(0)).batch.finality == Finality.Certified, "certified");
        finish();
        BatchVerdict memory b = reader.ofReceipt(drawn(0)).batch;
        yes(b.finality == Finality.Final, "final");
        eq(b.certifiedAt, at);
        eq(b.age, clock.contestBlocks);
        eq(b.standing, 4_711);
        yes(!b.faulted && !b.jailed, "free");
    }

    function test_AnEpochWithoutACertificateIsVoid() public {
        vm.roll(clock.certifyDeadline(epoch) + 1);
        Verdict memory v = reader.ofReceipt(undrawn());
        yes(v.batch.finality == Finality.Void, "void");
        eq(v.verdict, 0);
    }

    function test_ADisputeUnderWayKeepsABatchFromFinality() public {
        judge([PASS, FAIL, PASS, PASS, PASS, PASS]);
        contest();
        contest();
        finish();
        yes(reader.ofReceipt(drawn(0)).batch.finality == Finality.Contested, "contested");
        conclude(1, PASS);
        yes(reader.ofReceipt(drawn(0)).batch.finality == Finality.Contested, "contested by another");
        conclude(0, PASS); // which came to nothing
        yes(reader.ofReceipt(drawn(0)).batch.finality == Finality.Final, "final");
    }

    function test_AnOverturnedVerdictIsTheNewOne() public {
        judge([PASS, FAIL, PASS, PASS, PASS, PASS]);
        contest();
        conclude(1, PASS);
        contest();
        conclude(0, FAIL);
        finish();
        Verdict memory v = reader.ofReceipt(drawn(1));
        yes(v.overturned, "overturned");
        eq(v.verdict, PASS);
        eq(v.class, 0);
        v = reader.ofReceipt(drawn(0)); // not the first of the batch
        yes(v.overturned, "overturned too");
        eq(v.verdict, FAIL);
        eq(v.batch.passed, 5);
        eq(v.batch.failed, 1);
        yes(!reader.ofReceipt(drawn(2)).overturned, "the others stand");
    }

    function test_ASampleThatWasFailedCannotBePassedOffAsUnsampled() public {
        judge([PASS, FAIL, PASS, PASS, PASS, PASS]);
        Shown memory s = drawn(1);
        delete s.line;
        delete s.lineProof;
        vm.expectPartialRevert(IVerdictReader.LineMissing.selector);
        reader.ofReceipt(s);
        s = drawn(1);
        Shown memory good = drawn(0);
        (s.line, s.lineIndex, s.lineProof) = (good.line, good.lineIndex, good.lineProof); // another's
        vm.expectPartialRevert(IVerdictReader.LineMissing.selector);
        reader.ofReceipt(s);
        s = drawn(1);
        s.line.verdict = PASS;
        vm.expectPartialRevert(IVerdictReader.LineRefused.selector);
        reader.ofReceipt(s);
    }

    function test_RevertWhen_TheReceiptIsNotInTheBatch() public {
        judge([PASS, PASS, PASS, PASS, PASS, PASS]);
        Shown memory s = drawn(0);
        s.receipt.outputHash = "another answer";
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        reader.ofReceipt(s);
        s = drawn(0);
        s.receipt.provider = other; // who has no batch
        vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
        reader.ofBatch(s.receipt, s.epoch, s.receiptProof);
    }

    function test_NoOlderThan() public {
        judge([PASS, PASS, PASS, PASS, PASS, PASS]);
        vm.roll(block.number + 100);
        Shown memory s = drawn(0);
        eq(reader.ofReceiptNoOlderThan(s, 100).verdict, PASS);
        eq(reader.ofBatchNoOlderThan(s.receipt, s.epoch, s.receiptProof, 100).age, 100);
        vm.expectRevert(abi.encodeWithSelector(IVerdictReader.TooOld.selector, 100, 99));
        reader.ofReceiptNoOlderThan(s, 99);
        vm.expectRevert(abi.encodeWithSelector(IVerdictReader.TooOld.selector, 100, 99));
        reader.ofBatchNoOlderThan(s.receipt, s.epoch, s.receiptProof, 99);
    }

    function test_AChargeIsSeenUntilItFalls() public {
        Fault[] memory charges = new Fault[](1);
        charges[0] = statistical(batchId);
        judge([PASS, PASS, PASS, PASS, PASS, PASS], charges);
        finish();
        Shown memory s = drawn(0);
        BatchVerdict memory b = reader.ofReceipt(s).batch;
        yes(b.faulted && b.jailed, "charged");
        vm.expectPartialRevert(PospLib.Faulted.selector);
        relying.passed(s, type(uint64).max);
        vm.expectPartialRevert(PospLib.Faulted.selector);
        relying.earned(s.receipt, s.epoch, s.receiptProof, type(uint64).max);
        vm.expectPartialRevert(PospLib.Jailed.selector);
        relying.atLarge(b);
    }

    function test_RequirePassedTakesNothingButAPass() public {
        judge([PASS, FAIL, INCONCLUSIVE, UNAVAILABLE, PASS, PASS]);
        Shown memory s = drawn(0);
        vm.expectPartialRevert(PospLib.NotFinal.selector);
        relying.passed(s, type(uint64).max);
        finish();
        eq(relying.passed(s, clock.contestBlocks).sampleId, lines[0].sampleId);
        for (uint256 j = 1; j < 4; ++j) {
            s = drawn(j);
            vm.expectPartialRevert(PospLib.NotPassed.selector);
            relying.passed(s, type(uint64).max);
        }
        s = undrawn();
        vm.expectPartialRevert(PospLib.NotPassed.selector);
        relying.passed(s, type(uint64).max);
        vm.expectPartialRevert(PospLib.NotEarned.selector); // one failed, one was withheld
        relying.earned(s.receipt, s.epoch, s.receiptProof, type(uint64).max);
    }

    function test_RequireEarnedGoesByTheBatch() public {
        judge([PASS, PASS, INCONCLUSIVE, INCONCLUSIVE, PASS, PASS]);
        Shown memory s = undrawn();
        vm.expectPartialRevert(PospLib.NotFinal.selector);
        relying.earned(s.receipt, s.epoch, s.receiptProof, type(uint64).max);
        finish();
        eq(relying.earned(s.receipt, s.epoch, s.receiptProof, clock.contestBlocks).leaf, s.receipt.sequence);
        vm.expectPartialRevert(IVerdictReader.TooOld.selector);
        relying.earned(s.receipt, s.epoch, s.receiptProof, clock.contestBlocks - 1);
        relying.atLarge(reader.ofBatch(s.receipt, s.epoch, s.receiptProof));
    }

    function test_HalfMeasuredIsNotEarned() public {
        judge([PASS, PASS, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE, PASS]);
        finish();
        Shown memory s = undrawn();
        vm.expectPartialRevert(PospLib.NotEarned.selector);
        relying.earned(s.receipt, s.epoch, s.receiptProof, type(uint64).max);
    }

    function test_APromiseIsOfTheBargain() public {
        Receipt memory r = receiptOf(provider, 0, 1);
        relying.promised(r, provider, SPEC, r.clientNonce);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        relying.promised(r, other, SPEC, r.clientNonce);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        relying.promised(r, provider, "another model", r.clientNonce);
        vm.expectPartialRevert(PospLib.AnotherPromise.selector);
        relying.promised(r, provider, SPEC, "another job");
    }

    /// @dev Whatever the verdicts, the view says of each leaf what its line says, and of the others that they were not drawn.
    function testFuzz_EveryLeafIsToldAsItsLine(uint256 dice, uint64 leaf) public {
        uint8[6] memory verdicts;
        for (uint256 j; j < 6; ++j) {
            // forge-lint: disable-next-line(unsafe-typecast)
            verdicts[j] = uint8(1 + (dice >> (8 * j)) % 4);
        }
        judge(verdicts);
        leaf %= LEAVES;
        Verdict memory v = reader.ofReceipt(show(leaf));
        uint8 expected;
        for (uint256 j; j < 6; ++j) {
            if (leaves[j] == leaf) expected = verdicts[j];
        }
        eq(v.verdict, expected);
        yes(v.sampled == (expected != 0), "sampled");
    }
}

/// @notice The same of receipts whose provider missed two batches.
contract LateVerdictReaderTest is VerdictReaderTest {
    function committedIn() internal pure override returns (uint64) {
        return 2;
    }

    function test_RevertWhen_TheBatchIsNotNamed() public {
        judge([PASS, PASS, PASS, PASS, PASS, PASS]);
        Shown memory s = drawn(0);
        for (uint64 e; e < 4; ++e) {
            if (e == epoch) continue;
            s.epoch = e;
            vm.expectPartialRevert(IBatchRegistry.ReceiptNotInBatch.selector);
            reader.ofReceipt(s);
        }
    }
}
