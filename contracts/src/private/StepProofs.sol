// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A verifier as gnark writes it.
interface IPlonkVerifier {
    // forge-lint: disable-next-line(mixed-case-function)
    function Verify(bytes calldata proof, uint256[] calldata publicInputs) external view returns (bool);
}

/// @notice The circuits of private steps, in the order of challenge/circuit.
enum Circuit {
    Part,
    Dot,
    Project,
    Sum,
    Total,
    Largest,
    Map,
    Token
}

/// @title StepProofs
/// @notice The verifiers of private steps behind one question. They answer false rather than revert, and burn all the
/// gas they get on a malformed point: they get little, and only a clear yes counts.
contract StepProofs {
    /// @notice What a verifier gets: half as much again as it needs.
    uint256 public constant GAS = 450_000;

    address private immutable PART;
    address private immutable DOT;
    address private immutable PROJECT;
    address private immutable SUM;
    address private immutable TOTAL;
    address private immutable LARGEST;
    address private immutable MAP;
    address private immutable TOKEN;

    /// @notice The caller gives less gas than a verifier may need; a proof must not fail by that.
    error NotEnoughGas(uint256 gas);
    /// @notice There is no code where a verifier should be.
    error NoVerifier(Circuit circuit);

    /// @param verifiers In the order of Circuit.
    constructor(address[8] memory verifiers) {
        for (uint256 i; i < 8; ++i) {
            require(verifiers[i].code.length > 0, NoVerifier(Circuit(i)));
        }
        PART = verifiers[0];
        DOT = verifiers[1];
        PROJECT = verifiers[2];
        SUM = verifiers[3];
        TOTAL = verifiers[4];
        LARGEST = verifiers[5];
        MAP = verifiers[6];
        TOKEN = verifiers[7];
    }

    /// @notice The verifier of a circuit.
    function verifier(Circuit circuit) public view returns (address) {
        if (circuit == Circuit.Part) return PART;
        if (circuit == Circuit.Dot) return DOT;
        if (circuit == Circuit.Project) return PROJECT;
        if (circuit == Circuit.Sum) return SUM;
        if (circuit == Circuit.Total) return TOTAL;
        if (circuit == Circuit.Largest) return LARGEST;
        if (circuit == Circuit.Map) return MAP;
        return TOKEN;
    }

    /// @notice Whether a proof proves the statement of these public inputs (docs/privacy.md, "Proofs").
    function proves(Circuit circuit, uint256[] memory inputs, bytes calldata proof) public view returns (bool yes) {
        bytes memory question = abi.encodeCall(IPlonkVerifier.Verify, (proof, inputs));
        address to = verifier(circuit);
        uint256 cap = GAS;
        // A call gets at most 63/64 of what is left.
        uint256 left = gasleft();
        require(left - left / 64 > cap + 5_000, NotEnoughGas(left));
        assembly ("memory-safe") {
            // What it returns goes to scratch space, one word of it; a revert's message is not read.
            let success := staticcall(cap, to, add(question, 32), mload(question), 0, 32)
            yes := and(and(success, gt(returndatasize(), 31)), eq(mload(0), 1))
        }
    }
}
