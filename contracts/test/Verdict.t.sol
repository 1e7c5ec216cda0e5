// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Verdicts} from "../src/dev/Verdicts.sol";
import {EvidenceLib} from "../src/libraries/EvidenceLib.sol";
import {PolicyLib} from "../src/libraries/PolicyLib.sol";
import {Comparison, Judgement, Sample, VerdictLib} from "../src/libraries/VerdictLib.sol";
import {Checks} from "./Vm.sol";

/// @notice VerdictLib gives what tests/vectors/verdict.json says. Reading JSON is dear: here some comparisons and samples,
/// all of them in verdict_differential_test.go, and there random ones too.
contract VerdictTest is Checks {
    uint256 private constant STEP = 31;

    Verdicts private verdicts;
    string private json;
    bytes[] private policies;

    function setUp() public {
        verdicts = new Verdicts();
        json = vm.readFile("../tests/vectors/verdict.json");
        for (uint256 i; i < length(".policies"); ++i) {
            policies.push(raw(".policies", i, ".encoding"));
        }
    }

    function at(string memory list, uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(list, ".cases[", vm.toString(i), "]", field);
    }

    function length(string memory list) private view returns (uint256 n) {
        n = vm.parseJsonUint(json, string.concat(list, ".length"));
        yes(n != 0, list);
    }

    function num(string memory list, uint256 i, string memory field) private view returns (int256) {
        return vm.parseJsonInt(json, at(list, i, field));
    }

    function raw(string memory list, uint256 i, string memory field) private view returns (bytes memory) {
        return vm.parseJsonBytes(json, at(list, i, field));
    }

    function same(int256 left, int256 right) private pure {
        eq(uint256(left), uint256(right));
    }

    function test_ExpAndLnAreTheVectors() public view {
        for (uint256 i; i < length(".exp"); ++i) {
            same(int256(verdicts.exp(uint256(num(".exp", i, ".x")))), num(".exp", i, ".y"));
        }
        for (uint256 i; i < length(".ln"); ++i) {
            same(verdicts.ln(uint64(vm.parseJsonUint(json, at(".ln", i, ".y")))), num(".ln", i, ".x"));
        }
    }

    function test_PoliciesAreTheVectors() public {
        for (uint256 i; i < policies.length; ++i) {
            bytes memory policy = policies[i];
            bytes32 id = vm.parseJsonBytes32(json, at(".policies", i, ".id"));
            verdicts.checkPolicy(policy, id);
            vm.expectRevert(abi.encodeWithSelector(PolicyLib.WrongPolicy.selector, id));
            verdicts.checkPolicy(policy, ~id);
            policy = bytes.concat(policy, hex"00");
            vm.expectRevert(PolicyLib.MalformedPolicy.selector);
            verdicts.checkPolicy(policy, keccak256(policy));
        }
    }

    function test_ComparisonsAreTheVectors() public view {
        for (uint256 i; i < length(".comparisons"); i += STEP / 3) {
            Comparison memory c = verdicts.compare(
                policies[uint256(num(".comparisons", i, ".policy"))],
                raw(".comparisons", i, ".claim"),
                raw(".comparisons", i, ".own")
            );
            same(c.logE, num(".comparisons", i, ".logE"));
            same(c.model, num(".comparisons", i, ".model"));
            same(c.choice, num(".comparisons", i, ".choice"));
            same(int256(c.distance), num(".comparisons", i, ".distance"));
        }
    }

    function test_SamplesAreTheVectors() public view {
        for (uint256 i; i < length(".samples"); i += STEP) {
            Judgement memory j = verdicts.judge(
                policies[uint256(num(".samples", i, ".policy"))],
                Sample({
                    engineClass: is_(i, ".covered") ? "engine" : "another",
                    opened: is_(i, ".opened"),
                    rule: uint8(uint256(num(".samples", i, ".rule"))),
                    tokens: uint32(uint256(num(".samples", i, ".tokens"))),
                    provider: raw(".samples", i, ".provider"),
                    committee: vm.parseJsonBytesArray(json, at(".samples", i, ".members"))
                })
            );
            same(int8(j.verdict), num(".samples", i, ".verdict"));
            same(int8(j.class), num(".samples", i, ".class"));
            same(j.logE, num(".samples", i, ".logE"));
        }
    }

    function is_(uint256 i, string memory field) private view returns (bool) {
        return vm.parseJsonBool(json, at(".samples", i, field));
    }

    function test_EvidenceThatIsNoneIsRefused() public {
        bytes[] memory wrong = new bytes[](9);
        wrong[0] = "";
        wrong[1] = hex"020000000000"; // version 2
        wrong[2] = hex"010400000000"; // kind 4
        wrong[3] = hex"010000000001"; // of kind none, with a position
        wrong[4] = hex"01010000000100000001"; // a log-probability above 0
        wrong[5] = hex"01010000000180ffffff"; // below -127
        wrong[6] = hex"010200000001000000007f000001"; // a margin above 127
        wrong[7] = hex"010300000001000000004000000000000001"; // more probability than 1
        wrong[8] = hex"0101000000010000000000"; // a byte more
        for (uint256 i; i < wrong.length; ++i) {
            vm.expectRevert(EvidenceLib.MalformedEvidence.selector);
            verdicts.checkEvidence(wrong[i]);
        }
        (uint256 kind, uint256 positions) = verdicts.checkEvidence(hex"0103000000018100000040000000" hex"00000000");
        yes(kind == EvidenceLib.INTERVALS && positions == 1, "the extremes");
    }

    function test_ADisputeNeedsThePolicyAndTheProgramsEvidence() public {
        bytes memory policy = policies[0];
        bytes memory claim = hex"01010000000100000000";
        bytes memory own = hex"0102000000010000000000000000";
        (uint8 verdict,,) = verdicts.disputeVerdict(policy, keccak256(policy), "engine", claim, own, VerdictLib.GREEDY);
        eq(verdict, VerdictLib.INCONCLUSIVE); // it was calibrated for other pairs
        vm.expectRevert(abi.encodeWithSelector(PolicyLib.WrongPolicy.selector, keccak256(policy)));
        verdicts.disputeVerdict(policy, 0, "engine", claim, own, VerdictLib.GREEDY);
        vm.expectRevert(VerdictLib.Incomparable.selector);
        verdicts.disputeVerdict(policy, keccak256(policy), "engine", claim, claim, VerdictLib.GREEDY);
    }
}
