// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {System, VERIFIERS} from "./System.sol";
import {IAllocationManager, IKeyRegistrar, OperatorSet} from "./interfaces/IEigenLayer.sol";
import {IFaultManager} from "./interfaces/IFaultManager.sol";
import {Certificate, IOperatorTable, NonSigner, Snapshot} from "./interfaces/IOperatorTable.sol";
import {BN254Lib, G1Point} from "./libraries/BN254Lib.sol";
import {DigestLib} from "./libraries/DigestLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {Member} from "./libraries/Values.sol";
import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title OperatorTable
contract OperatorTable is IOperatorTable {
    using BN254Lib for G1Point;
    using Checkpoints for Checkpoints.Trace208;

    IAllocationManager private immutable ALLOCATION_MANAGER;
    IKeyRegistrar private immutable KEY_REGISTRAR;
    IFaultManager private immutable FAULT_MANAGER;
    address private immutable SERVICE_MANAGER;
    address private immutable STRATEGY;
    /// @inheritdoc IOperatorTable
    uint32 public immutable lookahead;

    /// @dev A key is unique for ever and cannot change while its operator is slashable, so it is read once.
    mapping(address operator => G1Point) private _keys;
    mapping(uint256 number => Snapshot) private _snapshots;
    /// @dev Block of a snapshot to its number, from 1.
    Checkpoints.Trace208 private _history;
    uint208 private _count;

    /// @param lookahead_ Blocks: at least an epoch's life until its faults are executed.
    constructor(System memory system, uint32 lookahead_) {
        ALLOCATION_MANAGER = IAllocationManager(system.allocationManager);
        KEY_REGISTRAR = IKeyRegistrar(system.keyRegistrar);
        FAULT_MANAGER = IFaultManager(system.faultManager);
        SERVICE_MANAGER = system.serviceManager;
        STRATEGY = system.strategy;
        lookahead = lookahead_;
    }

    modifier onlyServiceManager() {
        require(msg.sender == SERVICE_MANAGER, NotServiceManager(msg.sender));
        _;
    }

    /// @inheritdoc IOperatorTable
    function admit(address operator) external onlyServiceManager {
        (G1Point memory key,) = KEY_REGISTRAR.getBN254Key(_verifiers(), operator);
        require(!key.isInfinity(), NoKey(operator));
        _keys[operator] = key;
        emit OperatorAdmitted(operator, key);
    }

    /// @inheritdoc IOperatorTable
    function dismiss(address operator) external onlyServiceManager {
        delete _keys[operator];
        emit OperatorDismissed(operator);
    }

    /// @inheritdoc IOperatorTable
    function snapshot() external returns (bytes32 root) {
        Member[] memory members = _members();
        require(members.length != 0, TableEmpty());
        Snapshot memory s;
        uint256 total;
        bytes32[] memory rows = new bytes32[](members.length);
        for (uint256 i; i < members.length; ++i) {
            Member memory m = members[i];
            rows[i] = DigestLib.member(m, total);
            total += m.weight;
            s.apk = s.apk.add(G1Point(m.keyX, m.keyY));
        }
        s.blockNumber = SafeCast.toUint64(block.number);
        s.total = SafeCast.toUint160(total);
        s.members = SafeCast.toUint32(members.length);
        s.root = root = MerkleLib.root(rows);
        _snapshots[++_count] = s;
        _history.push(SafeCast.toUint48(block.number), _count);
        emit TableSnapshot(block.number, root, total, s.apk, members);
    }

    /// @inheritdoc IOperatorTable
    function tableAt(uint256 blockNumber) external view returns (Snapshot memory) {
        return _tableAt(blockNumber);
    }

    /// @inheritdoc IOperatorTable
    function keyOf(address operator) external view returns (G1Point memory) {
        return _keys[operator];
    }

    /// @inheritdoc IOperatorTable
    function verify(uint256 blockNumber, bytes32 root, bytes32 digest, Certificate calldata certificate)
        external
        view
        returns (uint256 signed, uint256 total)
    {
        Snapshot storage s = _tableAt(blockNumber);
        require(s.root == root, WrongTable(root, s.root));
        signed = total = s.total;
        uint256 count = s.members;
        NonSigner[] calldata absent = certificate.nonSigners;
        G1Point memory missing;
        for (uint256 i; i < absent.length; ++i) {
            NonSigner calldata n = absent[i];
            require(i == 0 || n.index > absent[i - 1].index, NonSignersNotAscending(n.index));
            require(
                MerkleLib.verify(root, DigestLib.member(n.member, n.weightBefore), n.index, count, n.proof),
                WrongNonSigner(n.index, n.member.operator)
            );
            signed -= n.member.weight;
            missing = missing.add(G1Point(n.member.keyX, n.member.keyY));
        }
        G1Point memory apk = s.apk;
        if (absent.length != 0) apk = apk.add(missing.negate());
        require(BN254Lib.verifySignature(digest, certificate.sigma, apk, certificate.apk), SignatureInvalid(digest));
    }

    /// @dev Members of VERIFIERS that weigh something and are not jailed, by address.
    function _members() private view returns (Member[] memory members) {
        OperatorSet memory set = _verifiers();
        address[] memory operators = Arrays.sort(ALLOCATION_MANAGER.getMembers(set));
        address[] memory strategies = new address[](1);
        strategies[0] = STRATEGY;
        uint256[][] memory stake = ALLOCATION_MANAGER.getMinimumSlashableStake(
            set, operators, strategies, SafeCast.toUint32(block.number + lookahead)
        );
        members = new Member[](operators.length);
        uint256 count;
        for (uint256 i; i < operators.length; ++i) {
            G1Point memory key = _keys[operators[i]];
            if (stake[i][0] == 0 || key.isInfinity() || FAULT_MANAGER.jailed(operators[i])) continue;
            members[count++] = Member({operator: operators[i], weight: stake[i][0], keyX: key.X, keyY: key.Y});
        }
        assembly ("memory-safe") {
            mstore(members, count) // it only shrinks
        }
    }

    function _tableAt(uint256 blockNumber) private view returns (Snapshot storage s) {
        uint256 number = _history.upperLookupRecent(SafeCast.toUint48(blockNumber));
        require(number != 0, NoTable(blockNumber));
        return _snapshots[number];
    }

    function _verifiers() private view returns (OperatorSet memory) {
        return OperatorSet(SERVICE_MANAGER, VERIFIERS);
    }
}
