// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Assertion, AssertionStatus, Game, IDispute, Stakes, Turn} from "../src/interfaces/IDispute.sol";
import {Contest} from "../src/interfaces/IDisputeGame.sol";
import {IPrivateDisputeGame, PrivateContest} from "../src/interfaces/IPrivateDisputeGame.sol";
import {IStepVerifier, Program} from "../src/interfaces/IStepVerifier.sol";
import {OpeningLib} from "../src/libraries/OpeningLib.sol";
import {HiddenOutput, HiddenRequest} from "../src/libraries/Values.sol";
import {DotVerifier} from "../src/private/DotVerifier.sol";
import {HiddenRows} from "../src/private/HiddenRows.sol";
import {Poseidon2Lib} from "../src/private/Poseidon2Lib.sol";
import {PrivateDisputeGame} from "../src/private/PrivateDisputeGame.sol";
import {PrivateStepVerifier} from "../src/private/PrivateStepVerifier.sol";
import {DisputeGames} from "./DisputeGames.sol";

/// @notice See DisputeGame.tree. The rows are the fixture's in number only: what they hide is anything, since nothing but a
/// proof says what it is. Games with proofs are played by Go: contracts/private_test.go.
/// forge-config: default.fuzz.runs = 32
contract PrivateDisputeGameTest is DisputeGames {
    bytes32 private constant SEED_COMMITMENT = bytes32(uint256(77));

    HiddenRows private hidden;
    PrivateStepVerifier private verifier;
    PrivateDisputeGame private privateGame;

    function setUp() public override {
        address[8] memory circuits;
        address any = address(new DotVerifier());
        for (uint256 i; i < 8; ++i) {
            circuits[i] = any;
        }
        hidden = new HiddenRows();
        verifier = new PrivateStepVerifier(circuits);
        super.setUp();
        privateGame = new PrivateDisputeGame(sys, verifier, rule, stakes(), hidden);
        eq(address(privateGame), sys.privateDisputeGame);
        game = privateGame;
        bytes memory version = bytes(spec.referenceVersion);
        bytes memory root = new bytes(64);
        for (uint256 i; i < 64; ++i) {
            root[i] = version[version.length - 64 + i];
        }
        spec.referenceVersion = string.concat("posp-ref-v1-hidden:", string(root));
        for (uint256 i; i < _cases.length; ++i) {
            if (hides(_cases[i].row)) hide(_cases[i]);
        }
        honestRoot = top(rowRoots);
    }

    function privateGameAt(uint256 nonce) internal view override returns (address) {
        return vm.computeCreateAddress(address(this), nonce);
    }

    function hides(uint256 row) internal view override returns (bool) {
        return row + 2 < rowRoots.length;
    }

    function hide(Case storage c) private {
        uint256 count = verifier.blocks(program(), c.row).count;
        yes(verifier.blocks(program(), c.row).hidden, "a hidden row");
        delete c.blocks;
        for (uint256 i; i < count; ++i) {
            c.blocks.push(element(abi.encode(c.row, i)));
        }
        c.blockIndex %= count;
        (c.data, c.lie) = (masked("a block"), masked("another"));
        rowRoots[c.row] = top(c.blocks, true);
    }

    function program() private view returns (Program memory) {
        return Program(arch, 3, 2, true);
    }

    function element(bytes memory what) private pure returns (bytes32) {
        return bytes32(uint256(keccak256(what)) % Poseidon2Lib.R);
    }

    function masked(bytes memory what) private pure returns (bytes memory data) {
        for (uint256 i; i < 11; ++i) {
            data = bytes.concat(data, element(abi.encode(what, i)));
        }
    }

    function lieBlocks(Case memory c) internal view override returns (bytes32[] memory blocks) {
        blocks = super.lieBlocks(c);
        if (hides(c.row)) blocks[c.blockIndex] = element("a lie");
    }

    function hiddenRequest() private view returns (HiddenRequest memory) {
        return HiddenRequest(rowRoots[0], SEED_COMMITMENT, 1, 0, 0, 0, 2, "salt 1");
    }

    function hiddenOutput() private view returns (HiddenOutput memory) {
        return HiddenOutput(rowRoots[1], 2, "salt 2");
    }

    function textHashes() internal view override returns (bytes32, bytes32) {
        return (libs.hiddenRequest(hiddenRequest(), 3), libs.hiddenOutput(hiddenOutput(), 2));
    }

    function seedOf() internal pure override returns (bytes32) {
        return SEED_COMMITMENT;
    }

    function post(Contest memory c, uint256 bond) internal override returns (bytes32) {
        return privateGame.contest{value: bond}(PrivateContest(c.sampled, hiddenRequest(), hiddenOutput(), c.run));
    }

    // contest

    /// @dev Whatever of a contest is not what was certified, is refused.
    /// forge-config: default.fuzz.runs = 64
    function test_RevertWhen_AContestIsNotOfTheSample(uint256 what) public {
        what = bound(what, 0, 14);
        certify(FAIL, near);
        Contest memory p = contestOf(near, rowRoots);
        PrivateContest memory c = PrivateContest(p.sampled, hiddenRequest(), hiddenOutput(), p.run);
        bytes4 why = IDispute.WrongPart.selector;
        if (what == 0) c.request.salt = "other";
        if (what == 1) c.request.tokens = rowRoots[1];
        if (what == 2) c.request.seedCommitment = rowRoots[1];
        if (what == 3) c.request.rule = 2;
        if (what == 4) c.request.maxTokens = 3;
        if (what == 5) c.output.tokens = rowRoots[0];
        if (what == 6) c.output.finish = 1;
        if (what == 7) c.sampled.evidence.evidence = far;
        if (what > 7 && what < 13) why = IDispute.WrongModel.selector;
        if (what == 8) c.run.spec.weightsRoot = "other";
        if (what == 9) c.run.arch.rowsRoot = "other";
        if (what == 10) c.run.arch.layers = 2;
        if (what == 11) c.run.spec.referenceVersion = "posp-ref-v1:";
        if (what == 12) c.run.spec.vocabSize = 71;
        if (what == 13) (c.sampled.j, why) = (1, IDispute.WrongSample.selector);
        if (what == 14) (c.run.recomputed, why) = (near, IDispute.ReferenceRefused.selector);
        vm.prank(asserter);
        vm.expectPartialRevert(why);
        privateGame.contest{value: 1 ether}(c);
    }

    /// @dev Neither game takes the other's specs: their rows are hashed otherwise.
    function test_RevertWhen_TheSpecIsPublic() public {
        bytes memory version = bytes(spec.referenceVersion);
        bytes memory plain = "posp-ref-v1:";
        for (uint256 i = version.length - 64; i < version.length; ++i) {
            plain = bytes.concat(plain, version[i]);
        }
        spec.referenceVersion = string(plain);
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectPartialRevert(IDispute.WrongModel.selector);
        post(c);
    }

    /// @dev What only the text can show is not contested here, whichever way.
    /// forge-config: default.fuzz.runs = 16
    function test_RevertWhen_TheTextDecides(uint8 class) public {
        class = uint8(bound(class, OpeningLib.TRUNCATED, OpeningLib.MALFORMED));
        failedAs = class;
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectRevert(abi.encodeWithSelector(IPrivateDisputeGame.TextDecides.selector, class));
        post(c);
    }

    function test_RevertWhen_TheOpeningIsWrongByItself() public {
        spec.contextLimit = 4; // for three and two tokens
        certify(FAIL, near);
        Contest memory c = contestOf(near, rowRoots);
        vm.prank(asserter);
        vm.expectRevert(abi.encodeWithSelector(IDispute.OpeningRefused.selector, OpeningLib.MALFORMED));
        post(c);
    }

    // games

    /// @dev What is proved is held to what was shown by the value that it has at a point which it decides.
    function test_AShownBlockIsKeptWithItsLeaf() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        Case memory c = caseAt(2);
        toRow(id, challenger, a, rowRoots, c.row);
        yes(game.game(id, challenger).hidden, "hidden");
        while (game.game(id, challenger).level != 0) {
            revealIn(id, challenger, c.blocks);
            pickIn(id, challenger, a, c.blocks, c.blockIndex);
        }
        bytes memory data = masked("it");
        vm.startPrank(asserter);
        vm.expectPartialRevert(IPrivateDisputeGame.ShownRefused.selector);
        game.show(id, challenger, bytes.concat(data, bytes32(0)));
        bytes memory beyond = bytes.concat(data);
        for (uint256 i; i < 32; ++i) {
            beyond[64 + i] = bytes32(Poseidon2Lib.R)[i];
        }
        vm.expectPartialRevert(IPrivateDisputeGame.ShownRefused.selector);
        game.show(id, challenger, beyond);
        game.show(id, challenger, data);
        vm.stopPrank();
        bytes32 leaf = c.blocks[c.blockIndex];
        uint256 point = uint256(keccak256(bytes.concat(leaf, data))) % (1 << 253);
        uint256 value;
        uint256 power = 1;
        for (uint256 i; i < 11; ++i) {
            value = addmod(value, mulmod(uint256(element(abi.encode("it", i))), power, Poseidon2Lib.R), Poseidon2Lib.R);
            power = mulmod(power, point, Poseidon2Lib.R);
        }
        eq(game.game(id, challenger).node, keccak256(abi.encode(leaf, point, value)));
    }

    /// @dev Anything passes for a hidden block until it is proved: whoever else may write there decides the game.
    function test_RevertWhen_AnotherShowsAHiddenBlock(address other) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        vm.assume(other != asserter);
        challengeAs(challenger, a);
        Case memory c = caseAt(2);
        toRow(id, challenger, a, rowRoots, c.row);
        while (game.game(id, challenger).level != 0) {
            revealIn(id, challenger, c.blocks);
            pickIn(id, challenger, a, c.blocks, c.blockIndex);
        }
        vm.prank(other);
        vm.expectRevert(IPrivateDisputeGame.ShownRefused.selector);
        game.show(id, challenger, c.lie);
        vm.prank(challenger);
        vm.expectRevert(IPrivateDisputeGame.ShownRefused.selector);
        game.show(id, challenger, c.lie);
        vm.prank(asserter);
        game.show(id, challenger, c.data);
        yes(game.game(id, challenger).turn == Turn.Name, "shown");
    }

    /// @dev A line that passed names no class that matters: what its signers wrote there shields nobody.
    function test_AClassOfTextShieldsNoPass(uint8 class) public {
        passedAs = uint8(bound(class, OpeningLib.TRUNCATED, OpeningLib.MALFORMED));
        certify(PASS, far);
        Contest memory c = contestOf(far, rowRoots);
        vm.prank(asserter);
        bytes32 id = post(c);
        yes(game.assertion(id).status == AssertionStatus.Pending, "contested");
    }

    /// @dev A node within a hidden row is a field element, and folds by Poseidon2.
    function test_RevertWhen_NodesOfAHiddenRowAreFoldedOtherwise() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        Case memory c = caseAt(2);
        toRow(id, challenger, a, rowRoots, c.row);
        bytes32[] memory nodes = c.blocks;
        nodes[1] = element("another");
        vm.expectPartialRevert(IDispute.WrongNode.selector);
        game.reveal(id, challenger, nodes);
        nodes[1] = bytes32(Poseidon2Lib.R);
        vm.expectPartialRevert(Poseidon2Lib.NotInField.selector);
        game.reveal(id, challenger, nodes);
    }

    /// @dev The receipt gives the text, and what a block has no room for cannot be wrong: no proof is asked for.
    function test_WhatCannotBeWrongIsNotProved(bool text) public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        Case memory c = caseAt(text ? 0 : 3); // the prompt, or sums of squares: int64s, 32 a block
        c.element = text ? 1 : 32;
        toProof(id, challenger, a, rowRoots, c, false);
        game.prove(a, challenger, "");
        yes(game.game(id, challenger).turn == Turn.Over, "over");
        eq(game.assertion(id).won, 1);
    }

    /// @dev Rows of evidence are public, and played for as such: what differs is seen by all.
    function test_EvidenceIsNotHidden() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        Case memory c = caseAt(caseCount() - 2); // log-probabilities: two
        toRow(id, challenger, a, rowRoots, c.row);
        yes(!game.game(id, challenger).hidden, "public");
        vm.expectPartialRevert(IDispute.WrongNode.selector);
        game.show(id, challenger, c.lie);
        game.show(id, challenger, c.data);
        nameAs(challenger, id, 2); // beyond the row
        game.prove(a, challenger, c.data);
        eq(game.assertion(id).won, 1);
    }

    /// @dev Bytes that are no proof prove nothing, and who has none loses.
    function test_NothingIsProvedByNoProof() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        Case memory c = caseAt(2);
        toProof(id, challenger, a, rowRoots, c, false);
        vm.expectRevert(PrivateStepVerifier.ProofRefused.selector);
        game.prove(a, challenger, "");
        vm.expectRevert(PrivateStepVerifier.ProofRefused.selector);
        game.prove(a, challenger, bytes.concat(c.blocks[c.blockIndex], c.lie));
        vm.roll(game.game(id, challenger).deadline + 1);
        game.settle(a, challenger);
        yes(game.assertion(id).status == AssertionStatus.Fallen, "fallen");
    }

    function test_NamingPaddingLoses() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        challengeAs(challenger, a);
        for (uint256 i; i < 2; ++i) {
            revealIn(id, challenger, rowRoots);
            pickIn(id, challenger, a, rowRoots, 127);
        }
        yes(game.game(id, challenger).turn == Turn.Over, "over");
        eq(game.assertion(id).won, 1);
    }

    /// @dev An assertion about hidden rows is of this game, and its signers are accused by it.
    function test_AnIdNamesTheGame() public {
        certify(FAIL, near);
        (bytes32 id, Assertion memory a,) = contestAs(asserter, rowRoots);
        yes(publicGame.idOf(a) != id, "another game's");
        vm.prank(challenger);
        vm.expectPartialRevert(IDispute.WrongStatus.selector);
        publicGame.challenge{value: 1 ether}(a);
        Assertion memory b = a;
        b.seed = bytes32(uint256(78));
        yes(game.idOf(b) != id, "another seed");
    }

    function test_RevertWhen_StakesAreRefused() public {
        Stakes memory s = stakes();
        s.bond = 0;
        vm.expectRevert(IDispute.StakesRefused.selector);
        new PrivateDisputeGame(sys, IStepVerifier(address(1)), rule, s, hidden);
    }
}
