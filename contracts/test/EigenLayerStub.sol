// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DevToken} from "../src/dev/DevToken.sol";
import {CreateSetParams, IAVSRegistrar, OperatorSet, SlashingParams} from "../src/interfaces/IEigenLayer.sol";
import {G1Point, G2Point} from "../src/libraries/BN254Lib.sol";

/// @notice Stands in for EigenLayer's AllocationManager, PermissionController, KeyRegistrar, StrategyManager and one strategy, as far as these
/// contracts touch them. It keeps their rules: who may slash, that a stake is slashed once, that a slash waits, that
/// anybody may have it paid out. Go tests run the same contracts on the real EigenLayer.
contract EigenLayerStub {
    struct Slash {
        uint256 shares;
        uint256 releasedAfter;
    }

    uint256 public constant RESOLUTION_DELAY = 3;
    uint32 public constant DEALLOCATION_DELAY = 5_000;

    DevToken public immutable underlyingToken = new DevToken();
    /// @notice Tokens for a share, in wad: what a strategy gains or loses.
    uint256 public rate = 1e18;
    uint256 public slashes;
    mapping(address avs => mapping(uint32 id => address)) public recipient;
    mapping(address avs => mapping(uint32 id => address)) public slasher;
    mapping(address avs => mapping(uint32 id => uint8)) public curve;
    mapping(address avs => mapping(uint32 id => address[])) private _members;
    mapping(address avs => mapping(uint32 id => mapping(address operator => uint256))) public stake;
    mapping(address operator => G1Point) private _keys;
    mapping(address avs => mapping(uint256 slashId => Slash)) public pending;

    error InvalidCaller();
    error OperatorNotSlashable();
    error SlashResolutionDelayNotElapsed();

    // What a test does to it.

    function setRate(uint256 rate_) external {
        rate = rate_;
    }

    function setStake(address avs, uint32 id, address operator, uint256 amount) external {
        stake[avs][id][operator] = amount;
    }

    function setKey(address operator, G1Point calldata key) external {
        _keys[operator] = key;
    }

    function join(address avs, uint32 id, address operator) external {
        _members[avs][id].push(operator);
        uint32[] memory ids = new uint32[](1);
        ids[0] = id;
        IAVSRegistrar(avs).registerOperator(operator, avs, ids, "");
    }

    function leave(address avs, uint32 id, address operator) external {
        address[] storage list = _members[avs][id];
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == operator) {
                list[i] = list[list.length - 1];
                list.pop();
            }
        }
        uint32[] memory ids = new uint32[](1);
        ids[0] = id;
        IAVSRegistrar(avs).deregisterOperator(operator, avs, ids);
    }

    // PermissionController

    mapping(address account => address) public admin;
    mapping(bytes32 permission => bool) private _appointed;

    function setAdmin(address account, address to) external {
        admin[account] = to;
    }

    function appoint(address account, address caller, address target, bytes4 selector) external {
        _appointed[keccak256(abi.encode(account, caller, target, selector))] = true;
    }

    /// @dev An account is its own admin until it names another one.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool) {
        address its = admin[account] == address(0) ? account : admin[account];
        return caller == its || _appointed[keccak256(abi.encode(account, caller, target, selector))];
    }

    // AllocationManager

    function permissionController() external view returns (address) {
        return address(this);
    }

    function updateAVSMetadataURI(address, string calldata) external {}

    function createOperatorSets(address avs, CreateSetParams[] calldata params) external {
        slasher[avs][params[0].operatorSetId] = params[0].slasher;
    }

    function createRedistributingOperatorSets(
        address avs,
        CreateSetParams[] calldata params,
        address[] calldata recipients
    ) external {
        slasher[avs][params[0].operatorSetId] = params[0].slasher;
        recipient[avs][params[0].operatorSetId] = recipients[0];
    }

    function slashOperator(address avs, SlashingParams calldata p)
        external
        returns (uint256 slashId, uint256[] memory shares)
    {
        if (msg.sender != slasher[avs][p.operatorSetId]) revert InvalidCaller();
        if (!_member(p.operator, avs, p.operatorSetId)) revert OperatorNotSlashable();
        slashId = ++slashes;
        shares = new uint256[](1);
        shares[0] = stake[avs][p.operatorSetId][p.operator] * p.wadsToSlash[0] / 1e18;
        stake[avs][p.operatorSetId][p.operator] -= shares[0];
        if (recipient[avs][p.operatorSetId] != address(0)) {
            pending[avs][slashId] = Slash(shares[0], block.number + RESOLUTION_DELAY);
        }
    }

    function isMemberOfOperatorSet(address operator, OperatorSet calldata set) external view returns (bool) {
        return _member(operator, set.avs, set.id);
    }

    function getMembers(OperatorSet calldata set) external view returns (address[] memory) {
        return _members[set.avs][set.id];
    }

    function getMinimumSlashableStake(
        OperatorSet calldata set,
        address[] calldata operators,
        address[] calldata,
        uint32
    ) external view returns (uint256[][] memory stakes) {
        stakes = new uint256[][](operators.length);
        for (uint256 i; i < operators.length; ++i) {
            stakes[i] = new uint256[](1);
            stakes[i][0] = stake[set.avs][set.id][operators[i]];
        }
    }

    // KeyRegistrar

    function configureOperatorSet(OperatorSet calldata set, uint8 curveType) external {
        curve[set.avs][set.id] = curveType;
    }

    function getBN254Key(OperatorSet calldata, address operator)
        external
        view
        returns (G1Point memory g1, G2Point memory)
    {
        g1 = _keys[operator];
    }

    // StrategyManager and strategy

    function clearBurnOrRedistributableShares(OperatorSet calldata set, uint256 slashId)
        external
        returns (uint256[] memory amounts)
    {
        Slash memory s = pending[set.avs][slashId];
        if (block.number <= s.releasedAfter) revert SlashResolutionDelayNotElapsed();
        delete pending[set.avs][slashId];
        amounts = new uint256[](1);
        amounts[0] = sharesToUnderlyingView(s.shares);
        underlyingToken.mint(recipient[set.avs][set.id], amounts[0]);
    }

    function getBurnOrRedistributableShares(OperatorSet calldata set, uint256 slashId, address)
        external
        view
        returns (uint256)
    {
        return pending[set.avs][slashId].shares;
    }

    function sharesToUnderlyingView(uint256 shares) public view returns (uint256) {
        return shares * rate / 1e18;
    }

    function _member(address operator, address avs, uint32 id) private view returns (bool) {
        address[] storage list = _members[avs][id];
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == operator) return true;
        }
        return false;
    }
}
