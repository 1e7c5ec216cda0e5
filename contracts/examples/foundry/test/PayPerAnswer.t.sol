// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {PayPerAnswer} from "../src/PayPerAnswer.sol";
import {BatchVerdict, Finality, Verdict} from "@proof-of-sampling/contracts/src/interfaces/IVerdictReader.sol";
import {PospLib} from "@proof-of-sampling/contracts/src/libraries/PospLib.sol";
import {Receipt} from "@proof-of-sampling/contracts/src/libraries/Values.sol";
import {MockVerdictReader} from "@proof-of-sampling/contracts/src/mocks/MockVerdictReader.sol";

interface Vm {
    function expectPartialRevert(bytes4 selector) external;
    function roll(uint256 number) external;
}

contract PayPerAnswerTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address payable private constant PROVIDER = payable(address(0xa1));
    MockVerdictReader private reader;
    PayPerAnswer private escrow;
    Receipt private receipt;
    Verdict private verdict;

    function setUp() public {
        vm.roll(1_000);
        reader = new MockVerdictReader();
        escrow = new PayPerAnswer{value: 1 ether}(reader, PROVIDER, "a model", "a nonce");
        receipt.provider = PROVIDER;
        receipt.specId = "a model";
        receipt.clientNonce = "a nonce";
        // A batch of which three samples were drawn, and all passed.
        verdict.batch.finality = Finality.Final;
        verdict.batch.certifiedAt = 900;
        (verdict.batch.samples, verdict.batch.passed) = (3, 3);
    }

    function settle() private {
        reader.set(receipt, verdict);
        escrow.settle(receipt, receipt.epoch, new bytes32[](0));
    }

    function refused(bytes4 why) private {
        reader.set(receipt, verdict);
        Receipt memory r = receipt;
        vm.expectPartialRevert(why);
        escrow.settle(r, r.epoch, new bytes32[](0));
    }

    function test_WhoPassedIsPaid() public {
        settle();
        require(PROVIDER.balance == 1 ether, "paid");
    }

    function test_NotFinal() public {
        verdict.batch.finality = Finality.Contested;
        refused(PospLib.NotFinal.selector);
        require(PROVIDER.balance == 0, "not paid");
    }

    function test_OneFailed() public {
        (verdict.batch.passed, verdict.batch.failed) = (2, 1);
        refused(PospLib.NotEarned.selector);
    }

    function test_Charged() public {
        verdict.batch.faulted = true;
        refused(PospLib.Faulted.selector);
    }

    function test_AnotherModel() public {
        receipt.specId = "a cheaper model";
        refused(PospLib.AnotherPromise.selector);
    }
}
