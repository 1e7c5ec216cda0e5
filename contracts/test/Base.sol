// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AttestationRegistry} from "../src/AttestationRegistry.sol";
import {BatchRegistry} from "../src/BatchRegistry.sol";
import {DisputeGame} from "../src/DisputeGame.sol";
import {ExampleMarket} from "../src/ExampleMarket.sol";
import {FaultManager} from "../src/FaultManager.sol";
import {KeyRegistry} from "../src/KeyRegistry.sol";
import {OnDemand} from "../src/OnDemand.sol";
import {OperatorTable} from "../src/OperatorTable.sol";
import {PlainStepVerifier} from "../src/PlainStepVerifier.sol";
import {ReceiptFaults} from "../src/ReceiptFaults.sol";
import {RefundPool} from "../src/RefundPool.sol";
import {ServiceManager} from "../src/ServiceManager.sol";
import {SignerFaults} from "../src/SignerFaults.sol";
import {PROVIDERS, System, VERIFIERS} from "../src/System.sol";
import {VerdictReader} from "../src/VerdictReader.sol";
import {VerdictRule} from "../src/VerdictRule.sol";
import {Libraries} from "../src/dev/Libraries.sol";
import {Quorum} from "../src/interfaces/IAttestationRegistry.sol";
import {SamplingRate} from "../src/interfaces/IBatchRegistry.sol";
import {Stakes} from "../src/interfaces/IDispute.sol";
import {Penalties} from "../src/interfaces/IFaultManager.sol";
import {Purpose} from "../src/interfaces/IKeyRegistry.sol";
import {Price} from "../src/interfaces/IOnDemand.sol";
import {Certificate, NonSigner} from "../src/interfaces/IOperatorTable.sol";
import {BN254Lib, G1Point, G2Point} from "../src/libraries/BN254Lib.sol";
import {DigestLib} from "../src/libraries/DigestLib.sol";
import {Economics} from "../src/libraries/EconomicsLib.sol";
import {MerkleLib} from "../src/libraries/MerkleLib.sol";
import {SamplerLib} from "../src/libraries/SamplerLib.sol";
import {Schedule} from "../src/libraries/ScheduleLib.sol";
import {BatchResult, Fault, Member, Receipt, Result, SampleResult, Standing} from "../src/libraries/Values.sol";
import {EigenLayerStub} from "./EigenLayerStub.sol";
import {Checks} from "./Vm.sol";

/// @notice A deployment with five operators and three providers, and what moves it.
abstract contract Base is Checks {
    uint256 internal constant OPERATORS = 5;
    uint64 internal constant START = 1_000_000; // a block number of three bytes
    uint64 internal constant NOTICE = 15;
    uint64 internal constant FAULT_LINE = 1_358_114;
    uint256 internal constant COMPENSATION = 3e18;
    bytes32 internal constant SPEC = "a spec";
    bytes32 internal constant BEACON = "a beacon";

    EigenLayerStub internal eigen;
    System internal sys;
    BatchRegistry internal batches;
    OperatorTable internal table;
    FaultManager internal faults;
    AttestationRegistry internal registry;
    RefundPool internal pool;
    ServiceManager internal services;
    VerdictRule internal rule;
    DisputeGame internal publicGame;
    SignerFaults internal signers;
    KeyRegistry internal keys;
    ReceiptFaults internal receipts;
    OnDemand internal onDemand;
    VerdictReader internal reader;
    ExampleMarket internal market;
    Libraries internal libs;
    Schedule internal clock;
    G2Point[] private _g2; // k times the generator, at k - 1

    address internal provider = address(0xa1);
    address internal other = address(0xa2);
    address internal third = address(0xa3);
    address internal buyer = address(0xb1);

    function setUp() public virtual {
        vm.roll(START);
        eigen = new EigenLayerStub();
        libs = new Libraries();
        clock = Schedule({
            genesis: START,
            epochBlocks: 100,
            graceBlocks: 10,
            beaconDelay: 2,
            commitBlocks: 20,
            revealBlocks: 20,
            certifyBlocks: 50,
            contestBlocks: 30
        });
        rule = new VerdictRule();
        PlainStepVerifier verifier = new PlainStepVerifier();
        uint256 nonce = vm.getNonce(address(this));
        sys = System({
            allocationManager: address(eigen),
            keyRegistrar: address(eigen),
            strategyManager: address(eigen),
            strategy: address(eigen),
            batchRegistry: vm.computeCreateAddress(address(this), nonce),
            operatorTable: vm.computeCreateAddress(address(this), nonce + 1),
            faultManager: vm.computeCreateAddress(address(this), nonce + 2),
            attestationRegistry: vm.computeCreateAddress(address(this), nonce + 3),
            refundPool: vm.computeCreateAddress(address(this), nonce + 4),
            serviceManager: vm.computeCreateAddress(address(this), nonce + 5),
            disputeGame: vm.computeCreateAddress(address(this), nonce + 6),
            privateDisputeGame: privateGameAt(nonce + 13),
            signerFaults: vm.computeCreateAddress(address(this), nonce + 7),
            keyRegistry: vm.computeCreateAddress(address(this), nonce + 8),
            receiptFaults: vm.computeCreateAddress(address(this), nonce + 9),
            onDemand: vm.computeCreateAddress(address(this), nonce + 10)
        });
        batches = new BatchRegistry(sys, clock, rate(), economics());
        table = new OperatorTable(sys, 200);
        faults = new FaultManager(sys, Penalties(0.5e18, 0.02e18, 0.1e18, 0.1e18));
        registry = new AttestationRegistry(sys, Quorum({committee: 3, faultLine: FAULT_LINE, quorumPpm: 670_000}));
        pool = new RefundPool(sys, COMPENSATION);
        services = new ServiceManager(sys, "posp");
        publicGame = new DisputeGame(sys, verifier, rule, stakes());
        signers = new SignerFaults(sys, rule);
        keys = new KeyRegistry(sys, NOTICE);
        receipts = new ReceiptFaults(sys);
        onDemand = new OnDemand(sys, prices());
        reader = new VerdictReader(sys);
        market = new ExampleMarket(sys, reader, 40);

        bytes[] memory points = vm.parseJsonBytesArray(vm.readFile("./test/fixtures/g2.json"), ".points");
        for (uint256 i; i < points.length; ++i) {
            (uint256 a, uint256 b, uint256 c, uint256 d) = abi.decode(points[i], (uint256, uint256, uint256, uint256));
            _g2.push(G2Point([a, b], [c, d]));
        }
        // Joined in descending order: the table must sort.
        for (uint256 i = OPERATORS; i > 0; --i) {
            address o = operator(i - 1);
            eigen.setKey(o, BN254Lib.mul(G1Point(1, 2), secretOf(i - 1)));
            eigen.setStake(sys.serviceManager, VERIFIERS, o, weightOf(i - 1));
            eigen.join(sys.serviceManager, VERIFIERS, o);
        }
        address[3] memory providers = [provider, other, third];
        for (uint256 i; i < providers.length; ++i) {
            eigen.setStake(sys.serviceManager, PROVIDERS, providers[i], 1_000e18);
            eigen.join(sys.serviceManager, PROVIDERS, providers[i]);
            vm.startPrank(providers[i]);
            keys.setKey(providers[i], Purpose.Receipts, keyOf(providers[i]));
            batches.registerProvider(providers[i], "http://provider");
            vm.stopPrank();
        }
    }

    /// @dev Where the private game will stand; it is deployed by the tests of it.
    function privateGameAt(uint256) internal view virtual returns (address) {
        return address(0);
    }

    function rate() internal pure virtual returns (SamplingRate memory) {
        return SamplingRate({ratePpm: 500_000, kMin: 2, newProviderBatches: 0});
    }

    function prices() internal pure virtual returns (Price memory) {
        return Price({base: 1e15, perToken: 1e12, perEpoch: 3, reach: 10});
    }

    function stakes() internal pure returns (Stakes memory) {
        return Stakes({bond: 1 ether, challengeBlocks: 20, moveBlocks: 5});
    }

    function economics() internal pure returns (Economics memory) {
        return Economics({
            detectionPpm: 900_000,
            falsePositivePpm: 1,
            collusionPpm: 300_000,
            validators: 3,
            reward: 120,
            slash: 2_000,
            cost: 100,
            savedPpm: 800_000
        });
    }

    /// @dev A provider's receipt key.
    function keyOf(address p) internal pure returns (address) {
        return address(uint160(p) << 8);
    }

    // Operators

    function operator(uint256 i) internal pure returns (address) {
        return address(uint160(0x1000 + i));
    }

    function secretOf(uint256 i) internal pure returns (uint256) {
        return 1 << i;
    }

    /// @dev 10, 20, 30, 40, 50: 150 in all, so 67 % is 100.5.
    function weightOf(uint256 i) internal pure returns (uint256) {
        return 10 * (i + 1);
    }

    function rows() internal view returns (bytes32[] memory leaves, uint256[] memory before) {
        leaves = new bytes32[](OPERATORS);
        before = new uint256[](OPERATORS);
        uint256 sum;
        for (uint256 i; i < OPERATORS; ++i) {
            before[i] = sum;
            leaves[i] = DigestLib.member(memberOf(i), sum);
            sum += weightOf(i);
        }
    }

    function memberOf(uint256 i) internal view returns (Member memory) {
        G1Point memory key = BN254Lib.mul(G1Point(1, 2), secretOf(i));
        return Member({operator: operator(i), weight: weightOf(i), keyX: key.X, keyY: key.Y});
    }

    /// @param signers Bit i: operator i signs. At least one does.
    function certify(bytes32 digest, uint256 signers) internal view returns (Certificate memory c) {
        (bytes32[] memory leaves, uint256[] memory before) = rows();
        uint256 secret;
        uint256 absent;
        for (uint256 i; i < OPERATORS; ++i) {
            if (signers >> i & 1 == 1) secret += secretOf(i);
            else ++absent;
        }
        c.sigma = BN254Lib.mul(BN254Lib.hashToG1(digest), secret);
        c.apk = _g2[secret - 1];
        c.nonSigners = new NonSigner[](absent);
        absent = 0;
        for (uint256 i; i < OPERATORS; ++i) {
            if (signers >> i & 1 == 1) continue;
            c.nonSigners[absent++] = NonSigner({
                // forge-lint: disable-next-line(unsafe-typecast)
                index: uint64(i), // below five
                weightBefore: before[i],
                member: memberOf(i),
                proof: proofOf(leaves, i)
            });
        }
    }

    // Batches

    function receiptOf(address p, uint64 epoch, uint64 sequence) internal view returns (Receipt memory r) {
        r.provider = p;
        r.epoch = epoch;
        r.sequence = sequence;
        r.specId = SPEC;
        r.requestHash = keccak256(abi.encode("request", sequence));
        r.outputHash = keccak256(abi.encode("output", sequence));
        r.evidenceHash = keccak256(abi.encode("evidence", sequence));
        r.promptTokens = 3;
        r.outputTokens = 5;
        r.clientNonce = DigestLib.buyerNonce(buyer, bytes32(uint256(sequence)));
        r.time = 77;
    }

    function leavesOf(address p, uint64 epoch, uint64 first, uint64 count)
        internal
        view
        returns (bytes32[] memory leaves)
    {
        leaves = new bytes32[](count);
        for (uint64 i; i < count; ++i) {
            leaves[i] = libs.receipt(receiptOf(p, epoch, first + i), block.chainid, address(batches));
        }
    }

    function commit(address p, uint64 epoch, uint64 count) internal returns (bytes32 id) {
        uint64 first = batches.nextSequence(p);
        bytes32 root = libs.merkleRoot(leavesOf(p, epoch, first, count));
        if (block.number < clock.start(epoch)) vm.roll(clock.start(epoch));
        vm.prank(p);
        return batches.commitBatch(p, epoch, first, root, count);
    }

    /// @dev The siblings of a leaf, from the leaf up, over values.
    function proofOf(bytes32[] memory values, uint256 index) internal pure returns (bytes32[] memory proof) {
        uint256 depth = MerkleLib.depth(values.length);
        proof = new bytes32[](depth);
        bytes32[] memory level = new bytes32[](1 << depth);
        for (uint256 i; i < values.length; ++i) {
            level[i] = MerkleLib.leaf(values[i]);
        }
        for (uint256 d; d < depth; ++d) {
            proof[d] = level[index ^ 1];
            for (uint256 i; i < level.length >> (d + 1); ++i) {
                level[i] = MerkleLib.node(level[2 * i], level[2 * i + 1]);
            }
            index >>= 1;
        }
    }

    /// @dev A header of block `number`, as far as the contract reads it.
    function headerOf(uint256 number, bytes32 mixHash) internal pure returns (bytes memory) {
        bytes memory body;
        for (uint256 i; i < 8; ++i) {
            body = bytes.concat(body, hex"80");
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        body = bytes.concat(body, hex"83", bytes3(uint24(number)), hex"80808080", hex"a0", mixHash, hex"80");
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes.concat(bytes1(uint8(0xc0 + body.length)), body);
    }

    function fixBeacon(uint64 epoch) internal {
        uint256 number = clock.beaconBlock(epoch);
        bytes memory header = headerOf(number, BEACON);
        vm.roll(number + 1);
        vm.setBlockhash(number, keccak256(header));
        batches.fixBeacon(epoch, header);
    }

    // Results

    function counts(bytes32 id) internal view returns (uint32 k) {
        return uint32(SamplerLib.count(batches.batch(id).leafCount, batches.batch(id).ratePpm, batches.batch(id).kMin));
    }

    function passed(bytes32 id) internal view returns (BatchResult memory) {
        uint32 k = counts(id);
        return BatchResult(id, batches.batch(id).provider, k, k, 0, 0, 0);
    }

    function failed(bytes32 id) internal view returns (BatchResult memory) {
        uint32 k = counts(id);
        return BatchResult(id, batches.batch(id).provider, k, 0, k, 0, 0);
    }

    function withheld(bytes32 id) internal view returns (BatchResult memory) {
        uint32 k = counts(id);
        return BatchResult(id, batches.batch(id).provider, k, 0, 0, 0, k);
    }

    function resultOf(uint64 epoch, BatchResult[] memory list) internal view returns (Result memory r) {
        r.epoch = epoch;
        r.tableRoot = table.tableAt(clock.close(epoch) - 1).root;
        r.sampleRoot = "samples";
        // Ascending by id.
        for (uint256 i; i < list.length; ++i) {
            r.sampleCount += list[i].samples;
            for (uint256 j = i; j > 0 && list[j].batchId < list[j - 1].batchId; --j) {
                (list[j], list[j - 1]) = (list[j - 1], list[j]);
            }
        }
        r.batches = list;
    }

    function resultOf(uint64 epoch, BatchResult memory only) internal view returns (Result memory) {
        BatchResult[] memory list = new BatchResult[](1);
        list[0] = only;
        return resultOf(epoch, list);
    }

    function digestOf(Result memory r) internal view returns (bytes32) {
        return libs.certificate(block.chainid, address(registry), address(services), r);
    }

    /// @dev All sign, in the first block in which they may.
    function submit(Result memory r) internal {
        if (block.number <= clock.commitDeadline(r.epoch)) vm.roll(clock.commitDeadline(r.epoch) + 1);
        registry.submit(r, certify(digestOf(r), 31));
    }

    function statistical(bytes32 id) internal view returns (Fault memory) {
        return Fault({kind: 1, subject: batches.batch(id).provider, batchId: id, ref: SPEC});
    }

    /// @dev A result that charges a batch's provider with a statistical fault.
    function charged(uint64 epoch, bytes32 id) internal view returns (Result memory r) {
        r = resultOf(epoch, failed(id));
        r.standings = new Standing[](1);
        r.standings[0] = Standing(batches.batch(id).provider, SPEC, FAULT_LINE);
        r.faults = new Fault[](1);
        r.faults[0] = statistical(id);
    }
}
