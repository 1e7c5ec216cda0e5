// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {G1Point, G2Point} from "../libraries/BN254Lib.sol";
import {Member} from "../libraries/Values.sol";

/// @notice The operators and their weights at a block. Members ascend by address.
struct Snapshot {
    uint64 blockNumber;
    uint32 members;
    uint160 total; // sum of the weights; it shares a slot
    bytes32 root; // of the rows' Merkle tree
    G1Point apk; // sum of the keys
}

/// @notice A row of the table whose operator did not sign.
struct NonSigner {
    uint64 index;
    uint256 weightBefore; // sum of the weights of the rows above
    Member member;
    bytes32[] proof;
}

/// @notice A quorum's signature of a digest.
struct Certificate {
    NonSigner[] nonSigners; // ascending by index
    G1Point sigma; // sum of the signatures
    G2Point apk; // sum of the signers' keys
}

/// @title IOperatorTable
/// @notice Who verifies, with what weight and key, and whether so many of them signed.
interface IOperatorTable {
    /// @notice A table was computed. It can be rebuilt from this event alone.
    event TableSnapshot(
        uint256 indexed blockNumber, bytes32 indexed root, uint256 total, G1Point apk, Member[] members
    );
    /// @notice An operator joined with this key.
    event OperatorAdmitted(address indexed operator, G1Point key);
    /// @notice An operator left.
    event OperatorDismissed(address indexed operator);

    /// @notice Only the ServiceManager may call.
    error NotServiceManager(address caller);
    /// @notice The operator has no BN254 key in the KeyRegistrar.
    error NoKey(address operator);
    /// @notice No operator has any weight.
    error TableEmpty();
    /// @notice There is no table as old as this block.
    error NoTable(uint256 blockNumber);
    /// @notice The table of that block has another root.
    error WrongTable(bytes32 root, bytes32 expected);
    /// @notice Non-signers ascend by index, each once.
    error NonSignersNotAscending(uint64 index);
    /// @notice The row is not in the table at that index.
    error WrongNonSigner(uint64 index, address operator);
    /// @notice The signature is not the signers' signature of the digest.
    error SignatureInvalid(bytes32 digest);

    /// @notice Admits a member of VERIFIERS that has a key.
    function admit(address operator) external;

    /// @notice Forgets an operator that left.
    function dismiss(address operator) external;

    /// @notice Computes the table of this block and keeps it. Anybody may.
    function snapshot() external returns (bytes32 root);

    /// @notice How many blocks ahead stake must still be slashable to count.
    function lookahead() external view returns (uint32);

    /// @notice The latest snapshot at or before a block.
    function tableAt(uint256 blockNumber) external view returns (Snapshot memory);

    /// @notice The key an operator joined with; infinity if it did not.
    function keyOf(address operator) external view returns (G1Point memory);

    /// @notice Checks that all but the non-signers of a table signed a digest. Reverts if not.
    /// @param blockNumber The table is the latest at or before it,
    /// @param root and has this root.
    /// @return signed The signers' weight.
    /// @return total The table's weight.
    function verify(uint256 blockNumber, bytes32 root, bytes32 digest, Certificate calldata certificate)
        external
        view
        returns (uint256 signed, uint256 total);
}
