// The checks of a bundle: docs/bundle.md, "Checks", in its order and under its
// names.

import { type Address, type Hash, Invalid, compare, fromHex, integerHex, toHex, zeroHash } from "./bytes.js";
import { type Bundle, type HeldSample, type Spec, type StatedBatch, readBundle } from "./bundle.js";
import { type Header, Nodes, Storage, bits, decodeHeader, logsOf, mappingSlot } from "./chain.js";
import {
  type SampleResult, certificateDigest, commitment, commitmentsDigest, evidenceHash, heldHash, keccak, outputHash, receiptHash, requestHash, resultRoot,
  revealsDigest, sampleId, sampleLeaf, seedOf, specId, tag,
} from "./digest.js";
import { Committees, Draw, Electorate, maxSamples, sampleCount, tableRoot, tableSums } from "./draw.js";
import { Tally } from "./epoch.js";
import { type Evidence, decodeEvidence } from "./evidence.js";
import { NAT } from "./fixed.js";
import { type Judgement, type Sample, classes, judge, malformed, truncated, verdicts, wrongTokenCount } from "./judge.js";
import { type Head, type LogPolicy, checkHead, entryOf, readHead, stands } from "./log.js";
import { merkleRoot, merkleVerify } from "./merkle.js";
import { checkOpening } from "./opening.js";
import { checkPolicy, policyId } from "./policy.js";
import { Signers, g1, halvesMatch, parseG1, parseG2, recoverMessage, sumG1, verifyBLS } from "./signature.js";

export type Outcome = "ok" | "failed" | "not checked";

/** What one check came to. */
export interface Check {
  name: string;
  outcome: Outcome;
  found: string; // one line, for people: what was found, or why nothing could be
}

/** What is known from a source that is trusted. */
export interface Trust {
  block?: Hash; // hash of the block in which the epoch was certified
  network?: Hash; // the network id
  log?: LogPolicy; // of the network's transparency log
}

/** A check that could not be made, and why. */
class NotChecked {
  constructor(readonly why: string) {}
}

/** A check's work. It yields now and then, so that others get a turn; throws Invalid where the check fails. */
type Work = Generator<void, string | NotChecked>;

/** What is known of a file beside its checks, as far as it can be read. */
export interface Report {
  bundle: Hash; // id
  network: Hash; // id
  epoch: bigint;
  blockNumber: bigint; // of the certifying block, 0 if it has no header
  block: Hash; // its hash, on which all that is said of the chain rests
  samples: number; // of the epoch
  held: number; // of them
  redacted: number; // of those, without prompt or output
  policies: { spec: Hash; policy: Hash }[]; // by which verdicts were derived
  checks: Check[];
  good: boolean; // no check failed
}

type Name =
  | "encoding" | "content" | "network" | "headers" | "block" | "certification" | "beacon" | "batches" | "receipt keys" | "message keys" | "operator table" | "standings" | "nodes" | "specs"
  | "draw" | "committee" | "commitments" | "reveals" | "receipts" | "texts" | "provider's evidence" | "committee's evidence" | "verdicts" | "sample tree" | "result"
  | "certificate digest" | "signers" | "signature" | "quorum" | "log head" | "log entries" | "completeness" | "contest";

/**
 * Checks a file. It yields each check when it is done, in order, and undefined in between, where it can be
 * paused; in the end it returns all of it. It never throws.
 */
export function* verifySteps(file: Uint8Array, trust: Trust = {}): Generator<Check | undefined, Report> {
  const checks: Check[] = [];
  const outcomes = new Map<Name, Outcome>();
  let verifier: Verifier | undefined;
  for (const name of checkNames) {
    const check: Check = { name, outcome: "ok", found: "" };
    const work = function* (): Work {
      if (name === "encoding") {
        const bundle = yield* readBundle(file);
        verifier = new Verifier(bundle, trust);
        return `bundle ${bundle.id} of epoch ${bundle.result.epoch}, with ${bundle.samples.length} of ${bundle.manifest.samples.count} samples`;
      }
      if (verifier === undefined) return new NotChecked("the file cannot be read");
      const { on = ["content"], unlessFailed, run } = Verifier.checks[name];
      const missing = name !== "content" && (on.find((other) => outcomes.get(other) !== "ok") ?? unlessFailed?.find((other) => outcomes.get(other) === "failed"));
      if (missing) return new NotChecked(`it rests on "${missing}", which is not ok`);
      return yield* run.call(verifier);
    };
    try {
      const found = yield* paused(work());
      check.found = found instanceof NotChecked ? found.why : found;
      if (found instanceof NotChecked) check.outcome = "not checked";
    } catch (e) {
      check.outcome = "failed";
      check.found = e instanceof Invalid ? e.message : `it could not be checked: ${String(e)}`;
    }
    outcomes.set(name, check.outcome);
    checks.push(check);
    yield check;
  }
  const nothing = { bundle: zeroHash, network: zeroHash, epoch: 0n, blockNumber: 0n, block: zeroHash, samples: 0, held: 0, redacted: 0, policies: [] };
  return { ...(verifier?.about() ?? nothing), checks, good: checks.every((c) => c.outcome !== "failed") };
}

/** The work, yielding undefined. */
function* paused(work: Work): Generator<undefined, string | NotChecked> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield undefined;
  }
}

/** Gives others a turn: at once where there is a way, as Node has; a timer waits for a millisecond, or four. */
const turn: (resolve: (value: unknown) => void) => void = typeof setImmediate === "function" ? setImmediate : setTimeout;

/** Longest that verify holds on to the event loop, in milliseconds. */
const slice = 25;

/** Checks a file, and lets others have a turn while it does. It calls done with each check, in order. It never rejects, unless done throws. */
export async function verify(file: Uint8Array, trust: Trust = {}, done?: (check: Check) => void): Promise<Report> {
  const steps = verifySteps(file, trust);
  for (let since = Date.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (step.value !== undefined) done?.(step.value);
    if (Date.now() - since < slice) continue;
    await new Promise((resolve) => turn(resolve));
    since = Date.now();
  }
}

const refuse = (wrong: boolean, why: string): void => {
  if (wrong) throw new Invalid(why);
};

const history = "0x0000f90827f1c53a10cb7a02335b175320002935"; // EIP-2935
const historyLength = 8191n;

// What keys are for, as the KeyRegistry numbers it.
const receipts = 0n;
const messages = 1n;

const certified = tag("EpochCertified(uint64,bytes32,bytes32,bytes32,bytes32,uint64,uint256,uint256)");

/** What the EpochCertified event says. */
interface Event {
  digest: Hash;
  signed: bigint;
  total: bigint;
}

/** What a sample is drawn of: a batch, or a demand, whose id stands where the batch's would. */
interface Group {
  id: Hash;
  batch: StatedBatch; // in which the receipt stands
}

/** A sample's place: what it is drawn of, its number there, and its leaf. */
interface Place {
  group: Group;
  j: number;
  leaf: bigint;
}

interface CheckOf {
  on?: readonly Name[]; // what it rests on, beside content: all must be ok
  unlessFailed?: readonly Name[]; // and none of these may have failed
  run: (this: Verifier) => Work;
}

class Verifier {
  private readonly nodes: Nodes;
  private readonly sorted: StatedBatch[]; // ascending by id
  private readonly specsById = new Map<Hash, Spec>();
  // What a check found that others rest on.
  private block!: Header;
  private parent!: Header;
  private readonly messageKey = new Map<string, Address>(); // by operator
  private event!: Event;
  private places: Place[] = []; // of the held samples
  private evidence: { provider?: Evidence; members: (Evidence | undefined)[] }[] = []; // of the held samples, what counts of it
  private judgements: Judgement[] = [];
  private head!: Head;

  constructor(private readonly b: Bundle, private readonly trust: Trust) {
    this.nodes = new Nodes(b.chain.nodes);
    this.sorted = b.batches.slice().sort((x, y) => compare(x.id, y.id));
    for (const s of b.specs) this.specsById.set(specId(s.spec), s);
  }

  static readonly checks: Record<Exclude<Name, "encoding">, CheckOf> = {
    content: { run: Verifier.prototype.content },
    network: { run: Verifier.prototype.network },
    headers: { run: Verifier.prototype.headers },
    block: { on: ["headers"], run: Verifier.prototype.certifyingBlock },
    certification: { on: ["headers"], run: Verifier.prototype.certification },
    beacon: { on: ["headers"], run: Verifier.prototype.beacon },
    batches: { on: ["headers"], run: Verifier.prototype.batches },
    "receipt keys": { on: ["headers"], run: Verifier.prototype.receiptKeys },
    "message keys": { on: ["headers"], run: Verifier.prototype.messageKeys },
    "operator table": { run: Verifier.prototype.operatorTable },
    standings: { on: ["headers"], run: Verifier.prototype.standings },
    nodes: { on: ["certification", "beacon", "batches", "receipt keys", "message keys", "standings"], run: Verifier.prototype.allNodes },
    specs: { run: Verifier.prototype.specs },
    draw: { on: ["beacon", "batches"], run: Verifier.prototype.draw },
    committee: { on: ["draw", "operator table"], run: Verifier.prototype.committee },
    commitments: { on: ["message keys"], run: Verifier.prototype.commitments },
    reveals: { on: ["message keys"], run: Verifier.prototype.reveals },
    receipts: { on: ["draw", "receipt keys"], run: Verifier.prototype.receipts },
    texts: { run: Verifier.prototype.texts },
    "provider's evidence": { on: ["receipts"], run: Verifier.prototype.providersEvidence },
    "committee's evidence": { run: Verifier.prototype.committeesEvidence },
    verdicts: { on: ["specs", "committee", "receipts", "provider's evidence", "committee's evidence"], unlessFailed: ["texts"], run: Verifier.prototype.verdicts },
    "sample tree": { run: Verifier.prototype.sampleTree },
    result: { on: ["verdicts", "standings", "batches"], run: Verifier.prototype.result },
    "certificate digest": { on: ["certification"], run: Verifier.prototype.certificateDigest },
    signers: { on: ["operator table"], run: Verifier.prototype.signers },
    signature: { on: ["signers"], run: Verifier.prototype.signature },
    quorum: { on: ["operator table", "certification", "signers"], run: Verifier.prototype.quorum },
    "log head": { run: Verifier.prototype.logHead },
    "log entries": { unlessFailed: ["log head"], run: Verifier.prototype.logEntries },
    completeness: { run: Verifier.prototype.completeness },
    contest: { run: Verifier.prototype.contest },
  };

  private networkId(): Hash {
    return keccak(this.b.raw.get("network")!);
  }

  about(): Omit<Report, "checks" | "good"> {
    const { id, result, manifest, samples, specs } = this.b;
    const block = this.block as Header | undefined;
    return {
      bundle: id,
      network: this.networkId(),
      epoch: result.epoch,
      blockNumber: block?.number ?? 0n,
      block: block?.hash ?? zeroHash,
      samples: manifest.samples.count,
      held: samples.length,
      redacted: samples.filter(isRedacted).length,
      policies: specs.map((s) => ({ spec: specId(s.spec), policy: policyId(s.policy) })),
    };
  }

  private *content(): Work {
    const { manifest, raw, samples, whole } = this.b;
    for (const { name, hash } of manifest.sections) {
      const held = raw.get(name);
      if (held !== undefined) refuse(keccak(held) !== hash, `section ${name} does not hash to what the manifest says`);
      yield;
    }
    const { root, count } = manifest.samples;
    const cores: Hash[] = [];
    for (const s of samples) {
      cores.push(keccak(s.core));
      yield;
    }
    if (whole) refuse(merkleRoot(cores) !== root, "the samples' cores do not have the manifest's root");
    else {
      for (const [i, s] of samples.entries()) {
        refuse(!merkleVerify(root, cores[i]!, BigInt(s.index), BigInt(count), s.coreProof), `the core of sample ${s.index} is not under the manifest's root`);
        yield;
      }
    }
    return `${raw.size} of ${manifest.sections.length} sections and ${samples.length} of ${count} samples are the manifest's`;
  }

  private *network(): Work {
    const network = this.networkId();
    if (this.trust.network === undefined) return new NotChecked(`network id ${network}: compare it with a source that you trust`);
    refuse(network !== this.trust.network, `network id ${network}, trusted is ${this.trust.network}`);
    return `network id ${network}`;
  }

  private *headers(): Work {
    const { chain } = this.b;
    this.block = decodeHeader(chain.block);
    this.parent = decodeHeader(chain.parent);
    refuse(this.block.parent !== this.parent.hash, "the block's parent is another");
    refuse(this.block.number !== this.parent.number + 1n, "the block's number is not one more than its parent's");
    return `blocks ${this.parent.number} and ${this.block.number}`;
  }

  private *certifyingBlock(): Work {
    const { hash } = this.block;
    if (this.trust.block === undefined) return new NotChecked(`block ${this.block.number} has hash ${hash}: compare it with a source that you trust`);
    refuse(hash !== this.trust.block, `block ${this.block.number} has hash ${hash}, trusted is ${this.trust.block}`);
    return `block ${this.block.number} has hash ${hash}`;
  }

  private *certification(): Work {
    const { network, result, chain } = this.b;
    const logs = logsOf(this.nodes, this.block.receiptsRoot, chain.receipt).filter(
      (l) => l.address === network.attestationRegistry && l.topics.length === 3 && l.topics[0] === certified && BigInt(l.topics[1]!) === result.epoch,
    );
    refuse(logs.length !== 1, `receipt ${chain.receipt} has ${logs.length} logs that the epoch is certified, want one`);
    const { topics, data } = logs[0]!;
    refuse(data.length !== 6 * 32, `the log has ${data.length} bytes of data`);
    const word = (i: number): Hash => toHex(data.subarray(32 * i, 32 * i + 32));
    this.event = { digest: topics[2]!, signed: BigInt(word(4)), total: BigInt(word(5)) };
    for (const [i, [what, stated]] of (
      [["result root", resultRoot(result)], ["sample root", result.sampleRoot], ["table root", result.tableRoot]] as const
    ).entries()) {
      refuse(word(i) !== stated, `the ${what} stated is ${stated}, certified is ${word(i)}`);
    }
    refuse(BigInt(word(3)) !== result.sampleCount, `${result.sampleCount} samples are stated, ${BigInt(word(3))} certified`);
    return `epoch ${result.epoch} was certified in receipt ${chain.receipt}`;
  }

  private registry(): Storage {
    return new Storage(this.nodes, this.block.stateRoot, this.b.network.batchRegistry);
  }

  private *beacon(): Work {
    const { network, chain, result } = this.b;
    refuse(chain.beacon === zeroHash, "the beacon is zero");
    const held = this.registry().word(mappingSlot(result.epoch, 4n));
    refuse(held !== BigInt(chain.beacon), `the registry does not hold beacon ${chain.beacon}`);
    if (chain.beaconBlock.length === 0) return `the registry holds ${chain.beacon}; its block is too old to be shown`;
    const header = decodeHeader(chain.beaconBlock);
    const s = network.schedule;
    const scheduled = s.genesis + (result.epoch + 1n) * s.epochBlocks + s.graceBlocks + s.beaconDelay;
    refuse(header.number !== scheduled, `the beacon's block is ${header.number}, scheduled is ${scheduled}`);
    const age = this.block.number - header.number;
    refuse(age <= 0n || age > historyLength, `block ${header.number} is not among the ${historyLength} before block ${this.block.number}`);
    const known = new Storage(this.nodes, this.block.stateRoot, history).word(header.number % historyLength);
    refuse(known !== BigInt(header.hash), `the history contract does not hold the hash of block ${header.number}`);
    refuse(header.mixHash !== chain.beacon, `prevrandao of block ${header.number} is ${header.mixHash}, not ${chain.beacon}`);
    return `${chain.beacon} is prevrandao of block ${header.number}, which the schedule names`;
  }

  private *batches(): Work {
    const { batches, result } = this.b;
    const registry = this.registry();
    const count = registry.word(mappingSlot(result.epoch, 3n));
    refuse(count !== BigInt(batches.length), `${batches.length} batches are stated, the registry counts ${count}`);
    refuse(result.batches.length !== batches.length, `${batches.length} batches are stated, the result has ${result.batches.length}`);
    for (const [i, b] of batches.entries()) {
      refuse(i > 0 && b.id <= batches[i - 1]!.id, `batch ${b.id} does not ascend`);
      refuse(!holds(registry, b), `the registry does not hold batch ${b.id} as it is stated`);
      const found = result.batches[i]!;
      refuse(found.batchId !== b.id || found.provider !== b.provider, `the result's batch ${i} is not ${b.id} of ${b.provider}`);
      yield;
    }
    yield* this.demanded(registry);
    return `the contracts hold the ${batches.length} batches and ${this.b.demands.length} demands of the epoch`;
  }

  /** Compares the demands with those that the contract holds for the epoch. */
  private *demanded(registry: Storage): Generator<void, void> {
    const { demands, network, result } = this.b;
    if (network.onDemand === undefined) return refuse(demands.length > 0, `${demands.length} demands are stated, and the network verifies nothing on demand`);
    const asked = new Storage(this.nodes, this.block.stateRoot, network.onDemand);
    const list = mappingSlot(result.epoch, 1n);
    const count = asked.word(list);
    refuse(count !== BigInt(demands.length), `${demands.length} demands are stated, the contract counts ${count}`);
    const first = BigInt(keccak(fromHex(integerHex(list, 32))));
    const listed = new Set<bigint>();
    for (let i = 0n; i < count; i++) listed.add(asked.word(BigInt.asUintN(256, first + i)));
    for (const [i, d] of demands.entries()) {
      refuse(i > 0 && d.id <= demands[i - 1]!.id, `demand ${d.id} does not ascend`);
      refuse(!listed.has(BigInt(d.id)), `the contract holds no demand ${d.id} of epoch ${result.epoch}`);
      const slot = mappingSlot(d.id, 0n);
      const [leaf, batch, receipt] = [1n, 2n, 3n].map((k) => asked.word(BigInt.asUintN(256, slot + k)));
      refuse(bits(leaf!, 0, 64) !== d.leaf || batch !== BigInt(d.batch.id) || receipt !== BigInt(d.receiptHash), `the contract does not hold demand ${d.id} as it is stated`);
      refuse(!holds(registry, d.batch), `the registry does not hold batch ${d.batch.id} as it is stated`);
      yield;
    }
  }

  private *receiptKeys(): Work {
    const keyAt = this.keys(receipts);
    for (const { provider, receiptKey, epoch } of [...this.b.batches, ...this.b.demands.map((d) => d.batch)]) {
      const held = keyAt(provider, epoch);
      refuse(held === 0n || held !== BigInt(receiptKey), `the registry does not hold receipt key ${receiptKey} of provider ${provider}`);
      yield;
    }
    return `the registry holds the keys of ${this.b.batches.length} providers`;
  }

  private *messageKeys(): Work {
    const keyAt = this.keys(messages);
    this.messageKey.clear();
    for (const { operator, messageKey } of this.b.table) {
      const held = keyAt(operator, this.b.result.epoch);
      refuse((held === 0n ? BigInt(operator) : held) !== BigInt(messageKey), `the registry does not hold message key ${messageKey} of operator ${operator}`);
      this.messageKey.set(operator, messageKey);
      yield;
    }
    return `the registry holds the keys of ${this.b.table.length} operators`;
  }

  /** The key that counts in an epoch for an account, 0 if none does: the last that the key registry's list has from then or before. */
  private keys(purpose: bigint): (account: Address, epoch: bigint) => bigint {
    const registry = new Storage(this.nodes, this.block.stateRoot, this.b.network.keyRegistry);
    return (account, epoch) => {
      const list = mappingSlot(purpose, mappingSlot(account, 0n));
      const first = BigInt(keccak(fromHex(integerHex(list, 32))));
      const length = registry.word(list);
      refuse(length >> 64n !== 0n, `there are ${length} keys of ${account}`);
      for (let i = length; i > 0n; i--) {
        const entry = registry.word(BigInt.asUintN(256, first + i - 1n));
        if (bits(entry, 0, 96) <= epoch) return bits(entry, 96, 160);
      }
      return 0n;
    };
  }

  private *operatorTable(): Work {
    const { table, result } = this.b;
    const { total } = tableSums(table);
    for (const m of table) {
      refuse(m.weight === 0n, `operator ${m.operator} has no weight`);
      const key = g1(m.keyX, m.keyY);
      refuse(key === undefined || key.is0(), `operator ${m.operator} has no key`);
      yield;
    }
    const root = tableRoot(table);
    refuse(root !== result.tableRoot, `the table has root ${root}, the result counts by ${result.tableRoot}`);
    return `${table.length} operators with weight ${total} have root ${root}`;
  }

  private *standings(): Work {
    const { standings, result, network } = this.b;
    refuse(standings.length !== result.standings.length, `${standings.length} standings before the epoch, ${result.standings.length} after it`);
    const registry = new Storage(this.nodes, this.parent.stateRoot, network.attestationRegistry);
    for (const [i, s] of standings.entries()) {
      const after = result.standings[i]!;
      const before = standings[i - 1];
      refuse(before !== undefined && before.subject + before.specId >= s.subject + s.specId, `standing ${i} does not ascend`);
      refuse(s.subject !== after.subject || s.specId !== after.specId, `standing ${i} is of ${s.subject}, after the epoch of ${after.subject}`);
      const held = registry.word(mappingSlot(s.specId, mappingSlot(s.subject, 2n)));
      refuse(held !== s.value, `${s.subject} stood at ${held} under spec ${s.specId}, stated is ${s.value}`);
      yield;
    }
    return `the registry held the ${standings.length} standings before`;
  }

  private *allNodes(): Work {
    this.nodes.check();
    return `${this.b.chain.nodes.length} nodes, each used`;
  }

  private *specs(): Work {
    let before = "";
    for (const { spec, policy } of this.b.specs) {
      const id = specId(spec);
      refuse(id <= before, `spec ${id} does not ascend`);
      before = id;
      checkPolicy(policy);
      refuse(policyId(policy) !== spec.policyId, `spec ${id} names policy ${spec.policyId}, not ${policyId(policy)}`);
      yield;
    }
    return `${this.b.specs.length} specs with their policies`;
  }

  private *draw(): Work {
    const { domain, chain, manifest, result, samples, demands } = this.b;
    const drawn: { group: Group; leaf: (j: bigint) => bigint; first: bigint; end: bigint }[] = [];
    let total = 0n;
    for (const batch of this.sorted) {
      const k = sampleCount(batch.leafCount, batch.ratePpm, batch.kMin);
      const draw = new Draw(seedOf(domain, batch.epoch, batch.id, chain.beacon), batch.leafCount, k);
      drawn.push({ group: { id: batch.id, batch }, leaf: (j) => draw.leaf(j), first: total, end: (total += k) });
      refuse(total > BigInt(maxSamples), `more than ${maxSamples} samples are drawn`);
      yield;
    }
    for (const d of demands) drawn.push({ group: d, leaf: () => d.leaf, first: total, end: ++total });
    refuse(BigInt(manifest.samples.count) !== total, `the manifest has ${manifest.samples.count} samples, ${total} are drawn`);
    refuse(result.sampleCount !== total, `the result has ${result.sampleCount} samples, ${total} are drawn`);
    this.places = [];
    let at = 0;
    for (const s of samples) {
      const index = BigInt(s.index);
      while (index >= drawn[at]!.end) at++;
      const { group, leaf: leafOf, first } = drawn[at]!;
      const leaf = leafOf(index - first);
      const j = Number(index - first);
      refuse(sampleId(group.id, j, leaf) !== s.result.sampleId, `sample ${s.index} is not the one that is drawn there`);
      this.places.push({ group, j, leaf });
      yield;
    }
    return `${total} samples are drawn from ${this.sorted.length} batches, or asked for by ${demands.length} demands`;
  }

  private *committee(): Work {
    const { domain, chain, table, network, samples, result } = this.b;
    const electorate = new Electorate(table);
    let committees: Committees | undefined;
    let of: Group | undefined;
    for (const [i, s] of samples.entries()) {
      const { group, j } = this.places[i]!;
      if (committees === undefined || of !== group) {
        committees = new Committees(seedOf(domain, result.epoch, group.id, chain.beacon), electorate, group.batch.provider);
        of = group;
      }
      // Before any is drawn: a file can claim that there are 2^32.
      refuse(committees.size(network.committee) !== s.members.length, `the committee of sample ${s.index} is not as large as the one that is drawn`);
      const drawn = committees.draw(BigInt(j), network.committee);
      refuse(drawn.some((o, k) => o !== s.members[k]!.operator), `the committee of sample ${s.index} is not the one that is drawn`);
      yield;
    }
    return `committees of up to ${network.committee} of ${table.length} operators, without the provider`;
  }

  /** Compares what an operator's section says of samples with what cores say; none is what both say where nothing was sent. */
  private *messages<T extends { operator: string; signature: Uint8Array; items: { sampleId: Hash }[] }>(
    what: string,
    sections: Map<string, T | undefined>,
    digest: (m: T) => Hash,
    said: (item: T["items"][number]) => string,
    stated: (member: HeldSample["members"][number]) => string | undefined,
  ): Work {
    const items = new Map<string, Map<Hash, string>>();
    for (const [operator, m] of sections) {
      if (m === undefined) continue;
      refuse(m.operator !== operator, `${what} under the name of ${operator} are of ${m.operator}`);
      refuse(recoverMessage(digest(m), m.signature) !== this.messageKey.get(operator), `${what} of ${operator} are not signed by its message key`);
      items.set(operator, new Map(m.items.map((it) => [it.sampleId, said(it)])));
      yield;
    }
    const missing = new Set<string>();
    for (const s of this.b.samples) {
      for (const m of s.members) {
        const own = items.get(m.operator);
        if (own === undefined) {
          if (stated(m) !== undefined) missing.add(m.operator);
        } else {
          refuse(own.get(s.result.sampleId) !== stated(m), `${what} of ${m.operator} say something else of sample ${s.index} than its core`);
        }
      }
      yield;
    }
    if (missing.size > 0) return new NotChecked(`the ${what} of ${missing.size} operators are left out`);
    return `${items.size} operators signed theirs`;
  }

  private commitments(): Work {
    const { commitments, authority } = this.b;
    return this.messages("commitments", commitments, (m) => commitmentsDigest(m, authority), (it) => it.commitment, (m) => m.commitment);
  }

  private reveals(): Work {
    const { reveals, authority } = this.b;
    return this.messages("reveals", reveals, (m) => revealsDigest(m, authority), (it) => it.salt + it.evidence, (m) => m.reveal && m.reveal.salt + m.reveal.hash);
  }

  private *receipts(): Work {
    const signers = new Signers();
    let opened = 0;
    for (const [i, s] of this.b.samples.entries()) {
      if (s.opening === undefined) continue;
      opened++;
      const { receipt, signature, proof } = s.opening;
      const { group: { batch }, leaf } = this.places[i]!;
      refuse(receipt.provider !== batch.provider || receipt.epoch > batch.epoch, `the receipt of sample ${s.index} is of another provider or a later epoch`);
      refuse(receipt.sequence !== batch.firstSequence + leaf, `the receipt of sample ${s.index} has sequence ${receipt.sequence}, want ${batch.firstSequence + leaf}`);
      const digest = receiptHash(receipt, this.b.domain);
      refuse(!merkleVerify(batch.root, digest, leaf, batch.leafCount, proof), `the receipt of sample ${s.index} is not at leaf ${leaf} of its batch`);
      refuse(!signers.signed(digest, signature, batch.receiptKey), `the receipt of sample ${s.index} is not signed by ${batch.receiptKey}`);
      yield;
    }
    return `${opened} receipts stand in their batches, signed by their providers`;
  }

  private *texts(): Work {
    let [held, missing] = [0, 0];
    for (const { opening, index } of this.b.samples) {
      if (opening === undefined) continue;
      const { receipt, request, output } = opening;
      if (request !== undefined) refuse(requestHash(request) !== receipt.requestHash, `the request of sample ${index} is not the receipt's`);
      if (output !== undefined) refuse(outputHash(output) !== receipt.outputHash, `the output of sample ${index} is not the receipt's`);
      if (request !== undefined && output !== undefined) held++;
      else missing++;
      yield;
    }
    if (missing > 0) return new NotChecked(`the texts of ${missing} samples are left out`);
    return `the texts of ${held} samples are what their receipts bind`;
  }

  private *providersEvidence(): Work {
    let [held, missing] = [0, 0];
    for (const { opening, provider, index } of this.b.samples) {
      if (opening === undefined || provider === undefined) continue;
      refuse(evidenceHash(provider.salt, provider.hash) !== opening.receipt.evidenceHash, `the provider's evidence of sample ${index} is not the receipt's`);
      if (provider.evidence === undefined) missing++;
      else {
        refuse(keccak(provider.evidence) !== provider.hash, `the provider's evidence of sample ${index} does not hash to what the core says`);
        decodeEvidence(provider.evidence);
        held++;
      }
      yield;
    }
    if (missing > 0) return new NotChecked(`the provider's evidence of ${missing} samples is left out`);
    return `${held} are what their receipts bind`;
  }

  private *committeesEvidence(): Work {
    this.evidence = [];
    let [held, missing] = [0, 0];
    for (const s of this.b.samples) {
      const members: (Evidence | undefined)[] = [];
      const before = missing;
      const hashes = s.members.map(({ operator, commitment: committed = zeroHash, reveal }) => {
        if (reveal?.evidence !== undefined) refuse(keccak(reveal.evidence) !== reveal.hash, `evidence of ${operator} in sample ${s.index} does not hash to what the core says`);
        if (reveal !== undefined && reveal.evidence === undefined) missing++;
        if (reveal?.evidence === undefined || committed === zeroHash || commitment(operator, s.result.sampleId, reveal.evidence, reveal.salt) !== committed) {
          members.push(undefined);
          return { operator, commitment: committed, evidence: zeroHash };
        }
        held++;
        members.push(decoded(reveal.evidence));
        return { operator, commitment: committed, evidence: reveal.hash };
      });
      if (missing === before) {
        const receipt = s.opening === undefined ? zeroHash : receiptHash(s.opening.receipt, this.b.domain);
        refuse(heldHash(receipt, s.provider?.hash ?? zeroHash, hashes) !== s.result.evidence, `what is held of sample ${s.index} is not what its result rests on`);
      }
      const provider = s.provider?.evidence && decoded(s.provider.evidence);
      this.evidence.push({ members, ...(provider && { provider }) });
      yield;
    }
    if (missing > 0) return new NotChecked(`${missing} members' evidence is left out`);
    return `${held} members' evidence opens their commitments, and is what the results rest on`;
  }

  private *verdicts(): Work {
    this.judgements = [];
    let undecided = 0;
    for (const [i, s] of this.b.samples.entries()) {
      const { opening, members, result } = s;
      const known = opening && this.specsById.get(opening.receipt.specId);
      const { provider, members: evidence } = this.evidence[i]!;
      const sample: Sample = {
        ...(opening && {
          opening: {
            rule: opening.sampling.rule,
            length: opening.output?.tokens.length ?? opening.receipt.outputTokens,
            wrong: known === undefined ? 0 : checkOpening(known.spec, opening),
          },
        }),
        ...(known && { known: { policy: known.policy, engineClass: known.spec.engineClass } }),
        ...(provider && { provider }),
        committee: members.map(({ operator }, k) => ({ operator, ...(evidence[k] && { evidence: evidence[k] }) })),
      };
      const judgement = judge(sample);
      this.judgements.push(judgement);
      if (isRedacted(s) && [truncated, wrongTokenCount, malformed].includes(result.class)) {
        undecided++;
        continue;
      }
      const same = judgement.verdict === result.verdict && judgement.class === result.class && judgement.logE === result.logE;
      refuse(!same, `sample ${s.index} comes to ${finding(judgement)}, stated is ${finding(result)}`);
      yield;
    }
    if (undecided > 0) return new NotChecked(`${undecided} verdicts rest on texts that are left out`);
    const of = verdicts.map((name, v) => [this.judgements.filter((j) => j.verdict === v).length, name] as const).filter(([n]) => n > 0);
    return of.map(([n, name]) => `${n} ${name}`).join(", ") || "none";
  }

  private *sampleTree(): Work {
    const { samples, whole, result } = this.b;
    if (whole) {
      refuse(result.sampleCount !== BigInt(samples.length), `the result has ${result.sampleCount} samples, the file ${samples.length}`);
      refuse(merkleRoot(samples.map((s) => sampleLeaf(s.result))) !== result.sampleRoot, "the samples' results do not have the result's root");
    } else {
      for (const s of samples) {
        refuse(!merkleVerify(result.sampleRoot, sampleLeaf(s.result), BigInt(s.index), result.sampleCount, s.resultProof), `the result of sample ${s.index} is not under the result's root`);
        yield;
      }
    }
    return `the results of ${samples.length} samples are under ${result.sampleRoot}`;
  }

  private *result(): Work {
    const { samples, whole, network, standings, result } = this.b;
    if (!whole) return new NotChecked("it follows from all of the epoch's samples, of which some are left out");
    const tally = new Tally(network.faultLine, standings);
    let next = 0;
    for (const batch of this.sorted) {
      tally.begin(batch);
      for (; next < samples.length && this.places[next]!.group.id === batch.id; next++) {
        const { opening, result: stated } = samples[next]!;
        const named = opening?.receipt.specId;
        tally.add(stated, this.judgements[next]!, named !== undefined && this.specsById.has(named) ? named : undefined);
      }
      yield;
    }
    for (; next < samples.length; next++) tally.asked(samples[next]!.result);
    const derived = tally.result(result.epoch, tableRoot(this.b.table));
    for (const key of ["tableRoot", "sampleRoot", "sampleCount"] as const) {
      refuse(derived[key] !== result[key], `${key} is ${derived[key]}, stated is ${result[key]}`);
    }
    for (const key of ["batches", "standings", "faults"] as const) {
      const [own, stated] = [derived[key], result[key]];
      refuse(own.length !== stated.length, `${own.length} ${key} are derived, ${stated.length} stated`);
      for (const [i, x] of own.entries()) {
        const y: object = stated[i]!;
        const differs = Object.entries(x).find(([field, v]) => (y as Record<string, unknown>)[field] !== v);
        refuse(differs !== undefined, `${key} ${i}: ${differs?.[0]} is ${differs?.[1]}, stated is ${differs && (y as Record<string, unknown>)[differs[0]]}`);
      }
    }
    return `${derived.batches.length} batches, ${derived.standings.length} standings and ${derived.faults.length} faults follow from ${samples.length} samples`;
  }

  private *certificateDigest(): Work {
    const digest = certificateDigest(this.b.result, this.b.authority);
    refuse(digest !== this.event.digest, `the stated result has digest ${digest}, certified is ${this.event.digest}`);
    return digest;
  }

  /** The table's rows without the non-signers. */
  private signing(): { weight: bigint; rows: Bundle["table"] } {
    const out = new Set(this.b.nonSigners);
    const rows = this.b.table.filter((_, i) => !out.has(i));
    return { rows, weight: rows.reduce((sum, m) => sum + m.weight, 0n) };
  }

  private *signers(): Work {
    const { nonSigners, table, signersKey } = this.b;
    nonSigners.forEach((n, i) => refuse(n >= table.length || (i > 0 && n <= nonSigners[i - 1]!), `non-signer ${n} is no ascending row of ${table.length}`));
    const key = parseG2(signersKey);
    if (key === undefined || key.is0()) throw new Invalid("the signers' key is no point of G2, or infinity");
    const { rows } = this.signing();
    const sum = sumG1(rows.map((m) => g1(m.keyX, m.keyY)!));
    yield;
    refuse(!halvesMatch(sum, key), `the keys of ${rows.length} signers do not sum to the certificate's`);
    return `the keys of ${rows.length} of ${table.length} operators sum to the certificate's`;
  }

  private *signature(): Work {
    const { signature, signersKey, result, authority } = this.b;
    const point = parseG1(signature);
    if (point === undefined || point.is0()) throw new Invalid("the signature is no point of G1, or infinity");
    refuse(!verifyBLS(point, parseG2(signersKey)!, certificateDigest(result, authority)), "the signature is not of the stated result by the signers' key");
    return "BN254 signature of the stated result by the signers' key";
  }

  private *quorum(): Work {
    const { table, network } = this.b;
    const { total } = tableSums(table);
    const { weight } = this.signing();
    refuse(weight !== this.event.signed || total !== this.event.total, `weight ${weight} of ${total} signed, certified is ${this.event.signed} of ${this.event.total}`);
    refuse(weight * 1_000_000n < total * BigInt(network.quorumPpm), `weight ${weight} of ${total} signed, ${network.quorumPpm} millionths are needed`);
    return `weight ${weight} of ${total} signed, ${network.quorumPpm} millionths are needed`;
  }

  /** Whatever key came with a file would prove nothing: who made the file has one too. */
  private *logHead(): Work {
    if (this.b.log === undefined) return new NotChecked(noLog);
    this.head = readHead(this.b.log.head);
    const { origin, size } = this.head;
    if (this.trust.log === undefined) return new NotChecked(`a head of ${size} entries by a log that calls itself ${JSON.stringify(origin)}: name the policy of the log that you trust`);
    checkHead(this.head, this.trust.log);
    return `${size} entries of log ${origin}, signed by it and the witnesses that the trusted policy asks for`;
  }

  private *logEntries(): Work {
    if (this.b.log === undefined) return new NotChecked(noLog);
    const left = new Set(this.logged());
    const all = left.size;
    let apart = 0;
    for (const e of this.b.log.entries) {
      refuse(!stands(e, this.head), `the log does not hold ${JSON.stringify(e.text)} at ${e.index} of ${this.head.size} entries`);
      if (!left.delete(e.text)) {
        refuse(e.epoch !== this.b.result.epoch || !this.leftOut(e.kind, e.subject), `the log says ${JSON.stringify(e.text)}, the bundle does not`);
        apart++;
      }
      yield;
    }
    if (left.size > 0) return new NotChecked(`that the log holds it is proved of ${all - left.size} of ${all} entries, and not of ${JSON.stringify([...left][0])}`);
    if (apart > 0) return new NotChecked(`the log says ${apart} things of messages that are left out; of the others it says all ${all}`);
    return `the log holds all ${all}: batches, messages, samples and result`;
  }

  /** What the log should say of what is held. */
  private *logged(): Generator<string> {
    const { result, batches, commitments, reveals, authority } = this.b;
    const { epoch } = result;
    for (const b of batches) yield entryOf("batch", epoch, b.provider, b.id);
    for (const [operator, m] of commitments) if (m !== undefined) yield entryOf("commitments", epoch, operator, commitmentsDigest(m, authority));
    for (const [operator, m] of reveals) if (m !== undefined) yield entryOf("reveals", epoch, operator, revealsDigest(m, authority));
    yield entryOf("samples", epoch, authority.attestation, result.sampleRoot);
    yield entryOf("result", epoch, authority.attestation, certificateDigest(result, authority));
  }

  /** Whether an entry is of a message that the manifest names and the file does not hold. */
  private leftOut(kind: string, operator: Address): boolean {
    const of = kind === "commitments" ? this.b.commitments : kind === "reveals" ? this.b.reveals : undefined;
    return of !== undefined && of.has(operator) && of.get(operator) === undefined;
  }

  private *completeness(): Work {
    return new NotChecked("whether the aggregator left out an operator's message only that operator can say");
  }

  private *contest(): Work {
    return new NotChecked("what became of the verdicts after the block (disputes, slashing) is on chain");
  }
}

/** Whether a registry holds a batch as it is stated. */
function holds(registry: Storage, b: StatedBatch): boolean {
  const slot = mappingSlot(b.id, 1n);
  const [word0, word1, word2] = [registry.word(slot), registry.word(slot + 1n), registry.word(slot + 2n)];
  return (
    bits(word0, 0, 160) === BigInt(b.provider) && bits(word0, 160, 64) === b.epoch && bits(word1, 0, 64) === b.firstSequence && bits(word1, 64, 64) === b.leafCount &&
    bits(word1, 128, 32) === BigInt(b.ratePpm) && bits(word1, 160, 32) === BigInt(b.kMin) && word2 === BigInt(b.root)
  );
}

const noLog = "the file holds nothing of a transparency log";

/** The names of the checks, in their order. */
export const checkNames = ["encoding", ...(Object.keys(Verifier.checks) as (keyof typeof Verifier.checks)[])] as const;

const isRedacted = ({ opening }: HeldSample): boolean => opening !== undefined && (opening.request === undefined || opening.output === undefined);

/** Evidence that can be read, or undefined. */
function decoded(b: Uint8Array): Evidence | undefined {
  try {
    return decodeEvidence(b);
  } catch (e) {
    if (e instanceof Invalid) return undefined;
    throw e;
  }
}

function finding(f: Pick<SampleResult, "verdict" | "class" | "logE">): string {
  const named = f.class === 0 ? "" : ` (${classes[f.class] ?? f.class})`;
  return `${verdicts[f.verdict] ?? f.verdict}${named}, logE ${(f.logE / NAT).toFixed(2)}`;
}
