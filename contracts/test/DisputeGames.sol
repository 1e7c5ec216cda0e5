// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PROVIDERS} from "../src/System.sol";
import {Assertion, AssertionState, AssertionStatus, IDispute, Subject, Turn} from "../src/interfaces/IDispute.sol";
import {Contest} from "../src/interfaces/IDisputeGame.sol";
import {FaultStatus, IFaultManager, Line} from "../src/interfaces/IFaultManager.sol";
import {IVerdictRule} from "../src/interfaces/IVerdictRule.sol";
import {MerkleLib} from "../src/libraries/MerkleLib.sol";
import {TraceLib} from "../src/libraries/TraceLib.sol";
import {Fault} from "../src/libraries/Values.sol";
import {DisputeBase} from "./DisputeBase.sol";

/// @notice A player that asks for its money again when it gets it.
contract Reentrant {
    IDispute private immutable game;
    bytes public answer;
    bool public refusing;

    constructor(IDispute game_) payable {
        game = game_;
    }

    function challenge(Assertion calldata a) external {
        game.challenge{value: 1 ether}(a);
    }

    function withdraw() external {
        game.withdraw();
    }

    function refuse() external {
        refusing = true;
    }

    receive() external payable {
        require(!refusing);
        (bool ok, bytes memory why) = address(game).call(abi.encodeCall(game.withdraw, ()));
        require(!ok);
        answer = why;
    }
}

/// @notice What holds of every game of disputes: see DisputeGame.tree.
abstract contract DisputeGames is DisputeBase {
    // contest

    function test_ATrueContestThatNobodyRefutesClearsTheCharge() public {
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        yes(faults.jailed(provider), "jailed");
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        eq(a.traceRoot, honestRoot);
        eq(faults.fault(faultId).holds, 1);
        eq(registry.contests(batchId), 1);

        vm.roll(faults.fault(faultId).executableAt);
        vm.expectPartialRevert(IFaultManager.FaultIsHeld.selector);
        faults.execute(faultId);
        game.conclude(a, s);
        yes(game.assertion(id).status == AssertionStatus.Stood, "stood");
        yes(faults.fault(faultId).status == FaultStatus.Cleared, "cleared");
        yes(!faults.jailed(provider), "free");
        eq(faults.fault(faultId).holds, 0);
        eq(registry.contests(batchId), 0);
        eq(registry.overturned(batchId, sampled, sampledLeaf), PASS);
        eq(game.balanceOf(asserter), 1 ether);
        vm.prank(asserter);
        game.withdraw();
        eq(asserter.balance, 100 ether);
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 1_000e18);
    }

    /// @dev Its provider missed a batch, or three: the sample is of the epoch in which it was committed.
    function test_ALateReceiptIsContestedWhereItStands() public {
        (epoch, late) = (3, 3);
        certify(FAIL, near);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        eq(s.epoch, 3);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        yes(game.assertion(id).status == AssertionStatus.Stood, "stood");
        yes(!faults.jailed(provider), "free");
        eq(registry.overturned(batchId, sampled, sampledLeaf), PASS);
    }

    function test_RevertWhen_ALateReceiptIsContestedElsewhere() public {
        (epoch, late) = (2, 1);
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        c.sampled.epoch = 1; // the receipt's
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.NotContestable.selector);
        post(c);
    }

    function test_AContestOfAPassThatStandsIsAFaultToExecute() public {
        certify(PASS, far);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        eq(s.verdict, FAIL);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        Fault memory f = Fault(4, provider, batchId, line.sampleId);
        yes(faults.jailed(provider), "jailed");
        faults.execute(faults.faultIdOf(epoch, f));
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 500e18);
        eq(pool.pot(faults.faultIdOf(epoch, f)).batchId, batchId); // for the buyers of the batch
        // Who comes second gets its bond back, and changes nothing.
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        game.conclude(a, s);
    }

    function test_TwoContestsOfOneSampleAreOneFault() public {
        certify(PASS, far);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        (, Assertion memory b,) = contestAs(second, rowRoots);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        game.conclude(b, s);
        eq(game.balanceOf(second), 1 ether);
        eq(faults.faultsOf(batchId), 1);
    }

    function test_RevertWhen_NothingWouldChange() public {
        certify(PASS, near); // the committee was right
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.NothingContradicted.selector);
        post(c);
        ++epoch;
        certify(FAIL, far); // and here too
        c = contestOf(far, rowRoots);
        vm.expectPartialRevert(IDispute.NothingContradicted.selector);
        vm.prank(asserter);
        post(c);
    }

    function test_RevertWhen_ThePolicyWasNotCalibratedForTheProgram() public {
        spec.engineClass = "another engine";
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.NothingContradicted.selector);
        post(c);
    }

    function test_RevertWhen_ThePolicyIsNotPublished() public {
        spec.policyId = "another policy";
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IVerdictRule.PolicyUnknown.selector);
        post(c);
    }

    function test_RevertWhen_TheWindowIsOver() public {
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.roll(faults.fault(faults.faultIdOf(epoch, charge())).executableAt);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.NotContestable.selector);
        post(c);
    }

    function test_RevertWhen_TheBondIsNotTheBond(uint96 sent) public {
        if (sent == 1 ether) ++sent;
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.deal(asserter, sent);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.WrongBond.selector);
        post(c, sent);
    }

    function test_RevertWhen_TheSameIsAssertedTwice() public {
        certify(FAIL, near);
        contestAs(asserter, rowRoots);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        post(c);
    }

    /// @dev What fell is not asserted again by the same account, whatever became of the charge meanwhile. Another account
    /// may, for another bond, until the contest window is over.
    function test_WhatFellIsNotAssertedAgain() public {
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        (, Assertion memory b, Subject memory s) = contestAs(second, rowRoots);
        challengeAs(challenger, a);
        vm.roll(block.number + stakes().challengeBlocks);
        game.settle(a, challenger); // the asserter was silent
        yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongStatus.selector, id, AssertionStatus.Fallen));
        post(c);
        // The charge has fallen by the other's: it stays nothing now, and the id is the same.
        game.conclude(b, s);
        yes(faults.fault(faultId).status == FaultStatus.Cleared, "cleared");
        vm.prank(asserter);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongStatus.selector, id, AssertionStatus.Fallen));
        post(c);
        (id,,) = contestAs(address(this), rowRoots);
        yes(!game.assertion(id).stayed, "nothing waits for it");
        eq(faults.fault(faultId).holds, 0);
    }

    // what a charge rests on

    function concluded(address who) private {
        (, Assertion memory a, Subject memory s) = contestAs(who, rowRoots);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
    }

    /// @dev A charge falls when what disputes took off the standing is more than it was over the line, and each sample
    /// counts once.
    function test_OneOfTwoSamplesDoesNotClearACharge() public {
        (failedBy, standing) = (1_000_000, FAULT_LINE + 1_200_000);
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        eq(faults.fault(faultId).excess, 1_200_000);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        (, Assertion memory b, Subject memory same) = contestAs(second, rowRoots);
        choose(1);
        (, Assertion memory c, Subject memory t) = contestAs(asserter, rowRoots);
        eq(faults.fault(faultId).holds, 3);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        uint64 left = faults.fault(faultId).excess;
        // forge-lint: disable-next-line(unsafe-typecast)
        eq(left, 1_200_000 - uint256(int256(1_000_000 - s.logE)));
        game.conclude(b, same);
        eq(faults.fault(faultId).excess, left);
        yes(faults.jailed(provider), "the other sample is enough");
        game.conclude(c, t);
        yes(!faults.jailed(provider), "free");
        eq(faults.fault(faultId).holds, 0);
    }

    /// @dev A provider that cheated elsewhere is not free because one FAIL was wrong.
    function test_ACheaterIsNotClearedByOneWrongFail() public {
        (failedBy, standing) = (1_000_000, FAULT_LINE + 1_200_000);
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        concluded(asserter);
        vm.roll(faults.fault(faultId).executableAt);
        faults.execute(faultId);
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 500e18);
    }

    function lines() private returns (Line[] memory list) {
        list = new Line[](2);
        for (uint64 j; j < 2; ++j) {
            choose(j);
            list[j] = Line(line, sampledLeaf, j, new bytes32[](1));
            list[j].proof[0] = MerkleLib.leaf(libs.sampleResult(otherLine()));
        }
        choose(0);
    }

    /// @dev A quorum that certifies any standing cannot hold a provider by it: the lines are what it rests on.
    function test_AStandingIsHeldToItsLines(bool first) public {
        (failedBy, standing) = (1_000_000, type(uint64).max);
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        Line[] memory list = lines();
        if (first) {
            faults.weigh(faultId, list);
            eq(faults.fault(faultId).excess, 2_000_000);
            vm.expectPartialRevert(IFaultManager.BorneOut.selector);
            faults.weigh(faultId, list);
        }
        concluded(asserter);
        if (!first) faults.weigh(faultId, list);
        yes(faults.fault(faultId).excess <= 1_000_000, "one is left");
        yes(faults.jailed(provider), "and is enough");
    }

    function test_AFalseStandingFallsWithItsLines(bool first) public {
        (failedBy, standing) = (1_000_000, type(uint64).max);
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        Line[] memory list = lines();
        if (first) faults.weigh(faultId, list);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        choose(1);
        (, Assertion memory b, Subject memory t) = contestAs(asserter, rowRoots);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        game.conclude(b, t);
        if (!first) {
            yes(faults.jailed(provider), "by the standing that was certified");
            faults.weigh(faultId, list);
        }
        yes(!faults.jailed(provider), "free");
    }

    function test_RevertWhen_LinesAreNotTheBatchs() public {
        (failedBy, standing) = (1_000_000, type(uint64).max);
        certify(FAIL, near);
        bytes32 faultId = faults.faultIdOf(epoch, charge());
        Line[] memory list = lines();
        list[1] = list[0];
        vm.expectRevert(abi.encodeWithSelector(IFaultManager.LinesRefused.selector, 1));
        faults.weigh(faultId, list);
        list = lines();
        list[0].sample.logE = 1;
        vm.expectRevert(abi.encodeWithSelector(IFaultManager.LinesRefused.selector, 0));
        faults.weigh(faultId, list);
        vm.expectRevert(abi.encodeWithSelector(IFaultManager.LinesRefused.selector, 0));
        faults.weigh(faultId, new Line[](0));
    }

    /// @dev What raised the standing is contested, whatever it was called.
    function test_AChargeThatRestsOnInconclusiveSamples() public {
        certify(INCONCLUSIVE, near);
        concluded(asserter);
        yes(!faults.jailed(provider), "free");
        ++epoch;
        failedBy = -1; // it raised nothing
        certify(INCONCLUSIVE, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.NothingContradicted.selector);
        post(c);
    }

    // games

    /// @dev The last two rows are what the contest hashed: another trace has another root.
    function test_RevertWhen_TheEvidenceIsNotTheTraces() public {
        certify(FAIL, near);
        Contest memory c = contestOf(near, lying(rowRoots.length - 1, "a lie"));
        c.run.ends = endsOf(rowRoots);
        c.run.ends[0] = "other";
        vm.prank(asserter);
        vm.expectPartialRevert(TraceLib.NotUnderRoot.selector);
        post(c);
    }

    /// forge-config: default.fuzz.runs = 64
    function test_SilenceLoses(uint256 move) public {
        move = bound(move, 0, 12);
        certify(FAIL, near);
        Case memory c = caseAt(2);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        for (uint256 i; i < move; ++i) {
            Turn turn = game.game(id, challenger).turn;
            bool inRow = game.game(id, challenger).blocks != 0;
            if (turn == Turn.Reveal) {
                revealIn(id, challenger, inRow ? c.blocks : rowRoots);
            } else if (turn == Turn.Pick) {
                pickIn(id, challenger, a, inRow ? c.blocks : rowRoots, inRow ? c.blockIndex : c.row);
            } else if (turn == Turn.Show) {
                vm.prank(asserter);
                game.show(id, challenger, c.data);
            } else if (turn == Turn.Name) {
                nameAs(challenger, id, c.element);
            }
        }
        Turn last = game.game(id, challenger).turn;
        bool challengers = last == Turn.Pick || last == Turn.Name;
        vm.roll(game.game(id, challenger).deadline);
        vm.expectPartialRevert(IDispute.NotLate.selector);
        game.settle(a, challenger);
        vm.roll(block.number + 1);
        vm.prank(address(0xbeef)); // anybody may
        game.settle(a, challenger);
        eq(game.balanceOf(challenger), challengers ? 0 : 2 ether);
        eq(game.balanceOf(asserter), 0); // it is paid when its assertion is over
        eq(game.assertion(id).won, challengers ? 1 : 0);
        yes(
            game.assertion(id).status == (challengers ? AssertionStatus.Pending : AssertionStatus.Fallen),
            "the side that was silent lost"
        );
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.settle(a, challenger);
    }

    function nameAs(address who, bytes32 id, uint8 element) internal {
        vm.prank(who);
        game.name(id, element);
    }

    function test_RevertWhen_AMoveIsNotTheTurns() public {
        certify(FAIL, near);
        Case memory c = caseAt(2);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        bytes32[] memory none = new bytes32[](4);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.reveal(id, challenger, none); // there is no game
        challengeAs(challenger, a);
        vm.startPrank(challenger);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.pick(id, 0, 0, none);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.name(id, 0);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.show(id, challenger, c.data);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.prove(a, challenger, c.proof);
        vm.stopPrank();
        revealIn(id, challenger, rowRoots);
        vm.prank(asserter); // another one's game
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.pick(id, 0, 0, none);
        vm.expectPartialRevert(IDispute.WrongTurn.selector);
        game.reveal(id, challenger, none);
    }

    /// forge-config: default.fuzz.runs = 64
    function test_RevertWhen_NodesAreNotBelowTheNode(uint256 which, bytes32 other_) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        bytes32[] memory nodes = new bytes32[](32);
        for (uint256 i; i < 32; ++i) {
            nodes[i] = nodeOf(rowRoots, 2, i);
        }
        which = bound(which, 0, 31);
        vm.assume(other_ != nodes[which]);
        nodes[which] = other_;
        vm.expectPartialRevert(IDispute.WrongNode.selector);
        game.reveal(id, challenger, nodes);
        vm.expectPartialRevert(TraceLib.NodesRefused.selector);
        game.reveal(id, challenger, new bytes32[](16));

        revealIn(id, challenger, rowRoots);
        bytes32[] memory siblings = new bytes32[](ROUND);
        for (uint256 i; i < ROUND; ++i) {
            siblings[i] = nodeOf(rowRoots, 2 + i, (which >> i) ^ 1);
        }
        vm.startPrank(challenger);
        vm.expectPartialRevert(IDispute.WrongNode.selector);
        game.pick(id, which, other_, siblings);
        bytes32 right = nodeOf(rowRoots, 2, which);
        vm.expectPartialRevert(IDispute.NoSuchIndex.selector);
        game.pick(id, which + 32, right, siblings);
        vm.expectPartialRevert(IDispute.NoSuchIndex.selector);
        game.pick(id, which, right, new bytes32[](4));
        vm.expectPartialRevert(IDispute.WrongLevel.selector);
        game.pickRow(a, which, right, siblings);
        vm.stopPrank();
    }

    function test_RevertWhen_AChallengeIsLateOrASecondOne() public {
        certify(FAIL, near);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        vm.prank(challenger);
        vm.expectPartialRevert(IDispute.GameExists.selector);
        game.challenge{value: 1 ether}(a);
        vm.roll(block.number + stakes().challengeBlocks);
        vm.prank(second);
        vm.expectPartialRevert(IDispute.ChallengesClosed.selector);
        game.challenge{value: 1 ether}(a);
        vm.expectPartialRevert(IDispute.NotOver.selector);
        game.conclude(a, s);
    }

    function test_RevertWhen_AnAssertionIsConcludedEarlyOrWithAnotherSubject() public {
        certify(FAIL, near);
        (, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        vm.expectPartialRevert(IDispute.NotOver.selector);
        game.conclude(a, s);
        vm.roll(block.number + stakes().challengeBlocks);
        s.provider = other;
        vm.expectPartialRevert(IDispute.WrongSubject.selector);
        game.conclude(a, s);
        a.subject = keccak256(abi.encode(s));
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        game.conclude(a, s);
    }

    /// @dev One honest challenger is enough, and a lying one beside it neither helps nor hinders.
    function test_TwoChallengersOfOneLie() public {
        certify(FAIL, near);
        Case memory lie = caseAt(10);
        Case memory elsewhere = caseAt(5);
        bytes32[] memory trace = lying(lie);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, trace);
        challengeAs(challenger, a);
        challengeAs(second, a);
        toProof(id, challenger, a, trace, lie, true);
        toRow(id, second, a, trace, elsewhere.row);
        vm.roll(game.game(id, challenger).deadline + 1);
        game.settle(a, challenger);
        eq(game.balanceOf(challenger), 2 ether);
        game.settle(a, second); // moot now: its own bond back
        eq(game.balanceOf(second), 1 ether);
        eq(game.balanceOf(asserter), 0);
        eq(address(game).balance, 3 ether);
        eq(game.assertion(id).games, 0);
    }

    /// @dev A challenger who wins after the assertion fell has its bond, and no more: there is one to pay with.
    function test_TheSecondWinnerHasItsBondBack() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        challengeAs(second, a);
        vm.roll(block.number + stakes().moveBlocks + 1);
        game.settle(a, second);
        game.settle(a, challenger);
        eq(game.balanceOf(second), 2 ether);
        eq(game.balanceOf(challenger), 1 ether);
        yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
    }

    /// @dev Lying challengers cannot keep an assertion from standing, and pay for trying.
    function test_GriefersPay() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        for (uint160 i; i < 10; ++i) {
            address griefer = address(0xee00 + i);
            vm.deal(griefer, 1 ether);
            challengeAs(griefer, a);
            revealIn(id, griefer, rowRoots);
        }
        vm.roll(block.number + stakes().challengeBlocks + stakes().moveBlocks);
        for (uint160 i; i < 10; ++i) {
            game.settle(a, address(0xee00 + i));
        }
        game.conclude(a, s);
        eq(game.balanceOf(asserter), 11 ether);
    }

    /// @dev What an asserter won before its assertion fell is its own.
    function test_WhatWasWonBeforeTheFallIsPaid() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        challengeAs(second, a);
        revealIn(id, challenger, rowRoots); // and to the second it does not answer
        vm.roll(block.number + stakes().moveBlocks + 1);
        game.settle(a, challenger);
        eq(game.balanceOf(asserter), 0);
        game.settle(a, second);
        yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
        eq(game.balanceOf(asserter), 1 ether);
        eq(game.balanceOf(second), 2 ether);
        eq(game.balanceOf(challenger), 0);
        eq(address(game).balance, 3 ether);
    }

    /// @dev So many games that an assertion has won, with the bonds of those who lost them: more than a test can play.
    function wonBefore(bytes32 id, uint16 won) private {
        AssertionState memory s = game.assertion(id);
        uint256 slot = uint256(s.status) | uint256(s.level) << 8 | (s.stayed ? 1 << 16 : 0) | uint256(s.games) << 24
            | uint256(won) << 48 | uint256(s.closesAt) << 64 | uint256(uint160(s.asserter)) << 96;
        vm.store(address(game), keccak256(abi.encode(id, 0)), bytes32(slot)); // Dispute._assertions
        s.won = won;
        eq(keccak256(abi.encode(game.assertion(id))), keccak256(abi.encode(s)));
        vm.deal(address(game), address(game).balance + uint256(won) * 1 ether);
    }

    /// @dev More wins than can be counted are paid at once: none is lost, none paid twice, whether it stands or falls.
    function test_WinsBeyondCountingArePaidAtOnce(bool falls) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        wonBefore(id, type(uint16).max - 1);
        address[3] memory griefers = [challenger, second, address(0xee00)];
        vm.deal(griefers[2], 1 ether);
        for (uint256 i; i < 3; ++i) {
            challengeAs(griefers[i], a);
            if (i == 0 || !falls) revealIn(id, griefers[i], rowRoots);
        }
        if (falls) revealIn(id, second, rowRoots); // and to the third it does not answer
        vm.roll(block.number + stakes().challengeBlocks + stakes().moveBlocks);
        game.settle(a, griefers[0]);
        eq(game.assertion(id).won, type(uint16).max);
        eq(game.balanceOf(asserter), 0);
        game.settle(a, griefers[1]);
        eq(game.assertion(id).won, type(uint16).max);
        eq(game.balanceOf(asserter), 1 ether);
        game.settle(a, griefers[2]);
        if (falls) eq(game.balanceOf(griefers[2]), 2 ether);
        else game.conclude(a, s);
        uint256 wins = uint256(type(uint16).max) + (falls ? 1 : 2);
        eq(game.balanceOf(asserter), (wins + (falls ? 0 : 1)) * 1 ether); // and its own bond back
        eq(address(game).balance, game.balanceOf(asserter) + game.balanceOf(griefers[2]));
    }

    // money

    function test_RevertWhen_PaymentIsReentered() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        Reentrant r = new Reentrant{value: 1 ether}(game);
        r.challenge(a);
        vm.roll(game.game(id, address(r)).deadline + 1);
        game.settle(a, address(r));
        r.withdraw();
        eq(address(r).balance, 2 ether);
        eq(bytes32(bytes4(r.answer())), bytes32(IDispute.NothingOwed.selector));
        vm.expectPartialRevert(IDispute.NothingOwed.selector);
        r.withdraw();
    }

    function test_APlayerThatRefusesItsMoneyKeepsItsClaim() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        Reentrant r = new Reentrant{value: 1 ether}(game);
        r.challenge(a);
        r.refuse();
        vm.roll(game.game(id, address(r)).deadline + 1);
        game.settle(a, address(r));
        vm.expectPartialRevert(IDispute.PaymentRefused.selector);
        r.withdraw();
        eq(game.balanceOf(address(r)), 2 ether);
    }

    // faults

    function test_RevertWhen_AStrangerTouchesCharges() public {
        Fault memory f = Fault(4, provider, "b", "s");
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.hold("f");
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.release("f", "s", 1);
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.charge(0, f);
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.clear("f");
        f.kind = 5; // which is for SignerFaults
        vm.prank(address(game));
        vm.expectPartialRevert(IFaultManager.NotDispute.selector);
        faults.charge(0, f);
        f.kind = 1;
        vm.prank(address(signers));
        vm.expectPartialRevert(IFaultManager.KindUnknown.selector);
        faults.charge(0, f);
    }
}
