// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Assertion, AssertionState, AssertionStatus, Game, Subject, Turn} from "../src/interfaces/IDispute.sol";
import {FaultStatus} from "../src/interfaces/IFaultManager.sol";
import {DisputeBase} from "./DisputeBase.sol";
import {IHandler, MoneyInvariant} from "./Invariant.sol";

/// @notice Anybody contests one sample, truly or not, and anybody challenges anything; moves come in time or late.
contract DisputeHandler is DisputeBase {
    uint256 private constant CHALLENGERS = 4;

    struct Entry {
        bytes32 id;
        Assertion a;
        Subject s;
        uint256 lie; // case, or 0: an honest trace
    }

    struct Entered {
        uint256 entry;
        address challenger;
        uint256 target; // the case that the challenger is after
    }

    Entry[] private entries;
    Entered[] private games;

    function setUp() public override {
        super.setUp();
        certify(FAIL, near);
    }

    function contest(uint256 lie) external {
        if (block.number >= faults.fault(faults.faultIdOf(epoch, charge())).executableAt) return;
        lie = bound(lie, 0, 2 * caseCount());
        // Half are honest; the first and the last two rows are checked by the contest itself.
        if (lie < 2 || lie >= caseCount() - 2) lie = 0;
        address who = address(uint160(0xa000 + entries.length));
        vm.deal(who, 1 ether);
        (bytes32 id, Assertion memory a, Subject memory s) = contestAs(who, traceOf(lie));
        Entry storage e = entries.push();
        (e.id, e.a, e.s, e.lie) = (id, a, s, lie);
    }

    function challenge(uint256 i, uint256 who, uint256 target) external {
        if (entries.length == 0) return;
        i %= entries.length;
        address challenger_ = address(uint160(0xc000 + who % CHALLENGERS));
        AssertionState memory state = game.assertion(entries[i].id);
        if (
            state.status != AssertionStatus.Pending || block.number >= state.closesAt
                || game.game(entries[i].id, challenger_).turn != Turn.None
        ) return;
        vm.deal(challenger_, 1 ether);
        challengeAs(challenger_, entries[i].a);
        // Half know where the lie is.
        games.push(Entered(i, challenger_, who % 2 == 0 && entries[i].lie != 0 ? entries[i].lie : target % caseCount()));
    }

    function move(uint256 i) external {
        if (games.length == 0) return;
        _move(i % games.length);
    }

    /// @dev A game is short: let it be played on.
    function play(uint256 i, uint256 moves) external {
        if (games.length == 0) return;
        for (moves = bound(moves, 1, 20); moves > 0; --moves) {
            _move(i % games.length);
        }
    }

    function pass(uint256 blocks) external {
        vm.roll(block.number + bound(blocks, 1, 4));
    }

    function settle(uint256 i) external {
        if (games.length != 0) _settle(i % games.length);
    }

    function conclude(uint256 i) external {
        if (entries.length != 0) _conclude(i % entries.length);
    }

    function withdraw(uint256 who) external {
        _withdraw(address(uint160(0xc000 + who % CHALLENGERS)));
    }

    function traceOf(uint256 lie) private view returns (bytes32[] memory) {
        return lie == 0 ? rowRoots : lying(caseAt(lie));
    }

    function _move(uint256 i) private {
        Entered memory x = games[i];
        Entry storage e = entries[x.entry];
        Game memory g = game.game(e.id, x.challenger);
        if (g.turn == Turn.Over || block.number > g.deadline) return;
        Case memory c = caseAt(x.target);
        bool lied = e.lie == x.target && e.lie != 0;
        bytes32[] memory leaves = g.blocks == 0 ? traceOf(e.lie) : lied ? lieBlocks(c) : c.blocks;
        if (g.turn == Turn.Reveal) {
            revealIn(e.id, x.challenger, leaves);
        } else if (g.turn == Turn.Pick) {
            pickIn(e.id, x.challenger, e.a, leaves, g.blocks == 0 ? c.row : c.blockIndex);
        } else if (g.turn == Turn.Show) {
            vm.prank(e.a.asserter);
            game.show(e.id, x.challenger, lied ? c.lie : c.data);
        } else if (g.turn == Turn.Name) {
            vm.prank(x.challenger);
            game.name(e.id, c.element);
        } else {
            // Proofs of the fixture are under the honest trace, or the one that lies there.
            bytes memory proof = lied ? c.lyingProof : c.proof;
            try game.prove(e.a, x.challenger, proof) {
                yes(!lied, "a lie was proved");
            } catch {
                yes(e.lie != 0, "the truth was not proved");
            }
        }
    }

    function _settle(uint256 i) private {
        Entered memory x = games[i];
        Entry storage e = entries[x.entry];
        Game memory g = game.game(e.id, x.challenger);
        bool fell = game.assertion(e.id).status == AssertionStatus.Fallen;
        if (g.turn != Turn.Over && (fell || block.number > g.deadline)) game.settle(e.a, x.challenger);
    }

    function _conclude(uint256 i) private {
        AssertionState memory state = game.assertion(entries[i].id);
        if (state.status != AssertionStatus.Pending || block.number < state.closesAt || state.games != 0) return;
        game.conclude(entries[i].a, entries[i].s);
    }

    function _withdraw(address who) private {
        if (game.balanceOf(who) == 0) return;
        vm.prank(who);
        game.withdraw();
    }

    function moves() external pure returns (bytes4[] memory list) {
        list = new bytes4[](8);
        list[0] = this.contest.selector;
        list[1] = this.challenge.selector;
        list[2] = this.move.selector;
        list[3] = this.play.selector;
        list[4] = this.pass.selector;
        list[5] = this.settle.selector;
        list[6] = this.conclude.selector;
        list[7] = this.withdraw.selector;
    }

    /// @dev The contract holds what it owes and what is at stake, and no more.
    function check() external view {
        uint256 money;
        uint256 stayed;
        uint256 pending;
        for (uint256 i; i < entries.length; ++i) {
            money += game.balanceOf(entries[i].a.asserter);
            AssertionState memory state = game.assertion(entries[i].id);
            if (state.status == AssertionStatus.Pending) {
                money += 1 ether * (1 + uint256(state.won));
                ++pending;
                if (state.stayed) ++stayed;
            }
            uint256 open;
            for (uint256 k; k < games.length; ++k) {
                if (games[k].entry == i && game.game(entries[i].id, games[k].challenger).turn != Turn.Over) ++open;
            }
            eq(state.games, open);
            money += open * 1 ether;
        }
        for (uint160 i; i < CHALLENGERS; ++i) {
            money += game.balanceOf(address(0xc000 + i));
        }
        eq(address(game).balance, money);
        eq(faults.fault(faults.faultIdOf(epoch, charge())).holds, stayed);
        eq(registry.contests(batchId), pending);
    }

    /// @dev Whatever was begun ends, and everything is paid out.
    function finish() external {
        vm.roll(block.number + 1_000);
        for (uint256 i; i < games.length; ++i) {
            _settle(i);
        }
        for (uint256 i; i < entries.length; ++i) {
            _conclude(i);
            yes(game.assertion(entries[i].id).status != AssertionStatus.Pending, "every assertion ends");
            _withdraw(entries[i].a.asserter);
        }
        for (uint160 i; i < CHALLENGERS; ++i) {
            _withdraw(address(0xc000 + i));
        }
        eq(address(game).balance, 0);
        eq(faults.fault(faults.faultIdOf(epoch, charge())).holds, 0);
        eq(registry.contests(batchId), 0);
    }
}

contract DisputeMoneyInvariant is MoneyInvariant {
    function made() internal override returns (IHandler) {
        return IHandler(address(new DisputeHandler()));
    }

    /// forge-config: default.invariant.runs = 16
    function invariant_MoneyIsConserved() public view override {
        handler.check();
    }

    function afterInvariant() public {
        DisputeHandler(address(handler)).finish();
    }
}
