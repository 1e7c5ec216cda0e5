// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeGame} from "../src/DisputeGame.sol";
import {PROVIDERS} from "../src/System.sol";
import {Assertion, AssertionStatus, IDispute, Stakes, Subject, Turn} from "../src/interfaces/IDispute.sol";
import {Contest} from "../src/interfaces/IDisputeGame.sol";
import {IStepVerifier} from "../src/interfaces/IStepVerifier.sol";
import {OpeningLib} from "../src/libraries/OpeningLib.sol";
import {TraceLib} from "../src/libraries/TraceLib.sol";
import {DisputeGames} from "./DisputeGames.sol";

/// @notice See DisputeGame.tree.
/// forge-config: default.fuzz.runs = 32
contract DisputeGameTest is DisputeGames {
    /// @dev Whatever of a contest is not what was certified, is refused.
    /// forge-config: default.fuzz.runs = 64
    function test_RevertWhen_AContestIsNotOfTheSample(uint256 what) public {
        what = bound(what, 0, 16);
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        bytes4 why = IDispute.WrongSample.selector;
        if (what == 0) c.sampled.j = 1;
        if (what == 1) c.sampled.sampleIndex = 1;
        if (what == 2) c.sampled.sample.verdict = PASS;
        if (what == 3) c.sampled.sample = otherLine();
        if (what > 3 && what < 8) why = IDispute.WrongPart.selector;
        if (what == 4) c.request.salt = "other";
        if (what == 5) c.output.tokens = hex"0000000900000021";
        if (what == 6) c.sampled.evidence.evidence = far;
        if (what == 7) c.request.rule = 2;
        if (what > 7 && what < 12) why = IDispute.WrongModel.selector;
        if (what == 8) c.run.spec.weightsRoot = "other";
        if (what == 9) c.run.arch.rowsRoot = "other";
        if (what == 10) c.run.arch.layers = 2;
        if (what == 11) c.run.spec.referenceVersion = "";
        if (what > 11 && what < 15) why = IDispute.ReferenceRefused.selector;
        if (what == 12) c.run.recomputed = near;
        if (what == 13) c.run.recomputed = bytes.concat(c.run.recomputed, hex"00000000");
        if (what == 14) c.run.recomputed[1] = 0x03;
        if (what > 14) why = TraceLib.NotUnderRoot.selector;
        if (what == 15) c.run.recomputed[9] = bytes1(uint8(c.run.recomputed[9]) ^ 1);
        if (what == 16) c.run.ends[2] = "other";
        vm.prank(asserter);
        vm.expectPartialRevert(why);
        post(c);
    }

    function test_RevertWhen_TheOpeningIsWrongByItself() public {
        spec.eos = uint32(bytes4(answer)); // the first token of the two: it should have ended the answer
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectRevert(abi.encodeWithSelector(IDispute.OpeningRefused.selector, OpeningLib.TRUNCATED));
        post(c);
    }

    /// @dev An assertion is one of this chain and this contract.
    function test_AnIdNamesTheChainAndTheContract() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        DisputeGame other_ = new DisputeGame(sys, IStepVerifier(address(1)), rule, stakes());
        yes(other_.idOf(a) != id, "another contract");
        vm.chainId(77);
        yes(game.idOf(a) != id, "another chain");
        vm.prank(challenger);
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        game.challenge{value: 1 ether}(a);
    }

    /// @dev Wherever a challenger goes, the honest asserter proves it wrong, at every operation.
    /// forge-config: default.fuzz.runs = 64
    function test_TheHonestAsserterWinsAtEveryOperation(uint256 i) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, rowRoots);
        Case memory c = caseAt(bound(i, 0, caseCount() - 1));
        challengeAs(challenger, a);
        toProof(id, challenger, a, rowRoots, c, false);
        game.prove(a, challenger, c.proof);
        yes(game.game(id, challenger).turn == Turn.Over, "over");
        eq(game.assertion(id).won, 1);
        eq(game.balanceOf(challenger), 0);
        vm.roll(block.number + stakes().challengeBlocks);
        game.conclude(a, s);
        eq(game.balanceOf(asserter), 2 ether);
        yes(!faults.jailed(provider), "cleared");
    }

    /// @dev Whatever number it lies about, the asserter cannot prove it, and the assertion falls.
    /// forge-config: default.fuzz.runs = 64
    function test_ALieAtAnyOperationIsFound(uint256 i) public {
        certify(FAIL, near);
        // Rows 0, 1 and the last two are checked by the contest itself: they come first and last of the cases.
        Case memory c = caseAt(bound(i, 2, caseCount() - 3));
        bytes32[] memory trace = lying(c);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(asserter, trace);
        challengeAs(challenger, a);
        toProof(id, challenger, a, trace, c, true);
        vm.expectPartialRevert(IDispute.NotProved.selector);
        game.prove(a, challenger, c.lyingProof);
        vm.expectPartialRevert(TraceLib.NotUnderRoot.selector);
        game.prove(a, challenger, c.proof);
        vm.expectPartialRevert(IDispute.NotLate.selector);
        game.settle(a, challenger);
        vm.roll(game.game(id, challenger).deadline + 1);
        vm.expectPartialRevert(IDispute.TooLate.selector);
        game.prove(a, challenger, c.lyingProof);
        game.settle(a, challenger);
        eq(game.balanceOf(challenger), 2 ether);
        eq(game.balanceOf(asserter), 0);
        yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
        vm.roll(block.number + stakes().challengeBlocks);
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        game.conclude(a, s);
        // The charge is not stayed any more, and is executed.
        vm.roll(faults.fault(faults.faultIdOf(epoch, charge())).executableAt);
        faults.execute(faults.faultIdOf(epoch, charge()));
        eq(eigen.stake(sys.serviceManager, PROVIDERS, provider), 500e18);
    }

    function test_NamingPaddingLoses(bool inRow) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        if (inRow) {
            Case memory c = caseAt(2); // an embedding: five blocks
            toRow(id, challenger, a, rowRoots, c.row);
            revealIn(id, challenger, c.blocks);
            pickIn(id, challenger, a, c.blocks, 6);
        } else {
            for (uint256 i; i < 2; ++i) {
                revealIn(id, challenger, rowRoots);
                pickIn(id, challenger, a, rowRoots, 127);
            }
        }
        yes(game.game(id, challenger).turn == Turn.Over, "over");
        eq(game.assertion(id).won, 1);
    }

    /// @dev A trace with something in its padding could send honest challengers where nothing is wrong.
    function test_SomethingInThePaddingLoses(bool inRow) public {
        certify(FAIL, near);
        Case memory c = caseAt(2);
        bytes32[] memory blocks = new bytes32[](8);
        for (uint256 i; i < 8; ++i) {
            blocks[i] = i < 5 ? c.blocks[i] : bytes32(i);
        }
        bytes32[] memory trace = lying(c.row, top(blocks));
        (bytes32 id, Assertion memory a,) = contestAs(asserter, trace);
        challengeAs(challenger, a);
        toRow(id, challenger, a, trace, c.row);
        revealIn(id, challenger, blocks);
        if (inRow) {
            pickIn(id, challenger, a, blocks, 6);
            yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
            eq(game.balanceOf(challenger), 2 ether);
        } else {
            pickIn(id, challenger, a, blocks, 4); // where nothing is wrong
            game.show(id, challenger, c.data);
        }
    }

    function test_RevertWhen_ABlockIsNotTheBlock() public {
        certify(FAIL, near);
        Case memory c = caseAt(3);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        toRow(id, challenger, a, rowRoots, c.row);
        vm.expectPartialRevert(IDispute.WrongNode.selector);
        game.show(id, challenger, c.lie);
        game.show(id, challenger, c.data);
        vm.prank(challenger);
        vm.expectPartialRevert(IDispute.NoSuchIndex.selector);
        game.name(id, 64);
    }

    /// @dev A challenger that names what is beyond the row's end loses.
    function test_NamingAnElementBeyondTheRowLoses() public {
        certify(FAIL, near);
        Case memory c = caseAt(4); // two elements
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        toRow(id, challenger, a, rowRoots, c.row);
        game.show(id, challenger, c.data);
        nameAs(challenger, id, 2);
        game.prove(a, challenger, c.data);
        eq(game.assertion(id).won, 1);
    }

    function test_RevertWhen_StakesAreRefused() public {
        for (uint256 what; what < 5; ++what) {
            Stakes memory s = stakes();
            if (what == 0) s.bond = 0;
            if (what == 1) s.challengeBlocks = 0;
            if (what == 2) s.moveBlocks = 0;
            if (what == 3) s.challengeBlocks = type(uint64).max;
            if (what == 4) s.moveBlocks = 1 << 32;
            vm.expectRevert(IDispute.StakesRefused.selector);
            new DisputeGame(sys, IStepVerifier(address(1)), rule, s);
        }
    }
}
