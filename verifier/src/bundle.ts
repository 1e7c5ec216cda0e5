// The file that an audit needs: a manifest, and what is held of it.
// docs/bundle.md is its specification; this decodes and judges nothing.

import { type Address, type Hash, Invalid, int32At, toHex, toInteger, uint32At, utf8 } from "./bytes.js";
import {
  type Authority, type BatchRecord, type Commitments, type Domain, type Member, type ModelSpec, type OutputPart, type Receipt, type RequestPart,
  type Result, type Reveals, type SampleResult, type Sampling, type Standing, batchId, demandId, keccak,
} from "./digest.js";
import { maxSamples } from "./draw.js";
import { address, bytes, decodeJSON, hash, i32, list, object, optional, text, u256, u32, u64, u8 } from "./json.js";
import { type Log, readLog } from "./log.js";
import { merkleDepth } from "./merkle.js";
import { type Policy } from "./policy.js";

const format = "posp.bundle.v1";

const maxManifest = 2 ** 20;
const maxSection = 2 ** 28;
const maxCore = 2 ** 16;
const maxPart = 2 ** 21;
const maxLog = 2 ** 25;

/** Reads binary parts from their beginning to their end. */
class Reader {
  private at = 0;

  constructor(private readonly b: Uint8Array, private readonly name: string) {}

  take(n: number): Uint8Array {
    if (n > this.b.length - this.at) throw new Invalid(`${this.name}: it ends too early`);
    this.at += n;
    return this.b.subarray(this.at - n, this.at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u32(): number {
    return uint32At(this.take(4), 0);
  }

  i32(): number {
    return int32At(this.take(4), 0);
  }

  u64(): bigint {
    return toInteger(this.take(8));
  }

  hash(): Hash {
    return toHex(this.take(32));
  }

  address(): Address {
    return toHex(this.take(20));
  }

  hashes(n: number): Hash[] {
    return Array.from({ length: n }, () => this.hash());
  }

  bytes(most: number): Uint8Array {
    const n = this.u32();
    if (n > most) throw new Invalid(`${this.name}: ${n} bytes, at most ${most}`);
    return this.take(n);
  }

  flag(): boolean {
    const x = this.u8();
    if (x > 1) throw new Invalid(`${this.name}: a flag of ${x}`);
    return x === 1;
  }

  tokens(): number[] {
    const n = this.u32();
    const b = this.take(4 * n);
    return Array.from({ length: n }, (_, i) => uint32At(b, 4 * i));
  }

  end(): void {
    if (this.at !== this.b.length) throw new Invalid(`${this.name}: ${this.b.length - this.at} bytes are left over`);
  }
}

const manifest = object({
  format: text,
  samples: object({ count: u32, root: hash }),
  sections: list(object({ hash, name: text, size: u32 })),
});

export type Manifest = ReturnType<typeof manifest>;

const schedule = object({
  beaconDelay: u64,
  certifyBlocks: u64,
  commitBlocks: u64,
  contestBlocks: u64,
  epochBlocks: u64,
  genesis: u64,
  graceBlocks: u64,
  revealBlocks: u64,
});

const network = object({
  attestationRegistry: address,
  batchRegistry: address,
  chainId: u64,
  committee: u32,
  faultLine: u64,
  keyRegistry: address,
  onDemand: optional(address), // not there: nothing is verified on demand
  quorumPpm: u32,
  schedule,
  serviceManager: address,
});

export type Network = ReturnType<typeof network>;

const question = object({ classes: list(i32), edges: list(i32), logE: list(list(i32)) });

const specs = list(
  object({
    policy: object({
      calibration: object({ confidencePpm: u32, pairs: list(object({ claimed: text, recomputed: text })), positions: u64, samples: u64 }),
      cap: i32,
      choice: question,
      failAt: i32,
      interval: object({ e: list(list(u32)), edges: list(i32) }),
      lambdaPpm: u32,
      margin: question,
      minPositions: u32,
      model: question,
      passAt: i32,
      wrongModel: i32,
    }),
    spec: object({
      chatTemplateHash: hash,
      contextLimit: u32,
      engineClass: text,
      eos: u32,
      policyId: hash,
      precision: text,
      referenceVersion: text,
      samplingRule: text,
      tokenizerHash: hash,
      vocabSize: u32,
      weightsRoot: hash,
    }),
  }),
);

const batch = object({ firstSequence: u64, kMin: u32, leafCount: u64, provider: address, ratePpm: u32, receiptKey: address, root: hash });

const batches = list(batch);

const demands = list(object({ batch, epoch: u64, leaf: u64, receiptHash: hash }));

const table = list(object({ keyX: u256, keyY: u256, messageKey: address, operator: address, weight: u256 }));

const standings = list(object({ specId: hash, subject: address, value: u64 }));

const certificate = object({
  nonSigners: list(u32),
  result: object({
    batches: list(object({ batchId: hash, failed: u32, inconclusive: u32, passed: u32, provider: address, samples: u32, unavailable: u32 })),
    epoch: u64,
    faults: list(object({ batchId: hash, kind: u8, ref: hash, subject: address })),
    sampleCount: u64,
    sampleRoot: hash,
    standings,
    tableRoot: hash,
  }),
  signature: bytes(64),
  signersKey: bytes(128),
});

const chain = object({ beacon: hash, beaconBlock: bytes(), block: bytes(), nodes: list(bytes()), parent: bytes(), receipt: u32 });

export type Chain = ReturnType<typeof chain>;

/** The sections that every file holds. */
const mandatory = ["batches", "certificate", "chain", "network", "specs", "standings", "table"] as const;

/** The section that is there only where the epoch answers demands. */
const answered = "demands";

const zeroAddress: Address = "0x" + "00".repeat(20);

const messageName = /^(commitments|reveals)\/(0x[0-9a-f]{40})$/;

/** A message of an operator, under the name of its section. */
export type Message<T> = T & { signature: Uint8Array };

/** The kinds of operators' sections, by the operator in their names; undefined for what is left out. */
export type Messages<T> = Map<Address, Message<T> | undefined>;

/** A spec, its policy, and what it is called. */
export interface Spec {
  spec: ModelSpec;
  policy: Policy;
}

export type StatedBatch = BatchRecord & { receiptKey: Address };

/** A request that a receipt be verified, which the epoch answers. Its id stands where a batch's does in the seed and name of its one sample. */
export interface Demand {
  id: Hash;
  batch: StatedBatch; // in which the receipt stands
  leaf: bigint;
  receiptHash: Hash;
}

export type StatedMember = Member & { messageKey: Address };

/** What a member of a committee sent about a sample. */
export interface Sent {
  operator: Address;
  commitment?: Hash;
  reveal?: { salt: Hash; hash: Hash; evidence?: Uint8Array }; // evidence is a part
}

/** What is held about one sample. Of the parts each may be left out. */
export interface HeldSample {
  index: number;
  core: Uint8Array;
  result: SampleResult; // as stated
  opening?: {
    receipt: Receipt;
    signature: Uint8Array;
    proof: Hash[];
    sampling: Omit<Sampling, "seed">;
    finish: number;
    request?: RequestPart;
    output?: OutputPart;
  };
  provider?: { salt: Hash; hash: Hash; evidence?: Uint8Array };
  members: Sent[];
  coreProof: Hash[]; // empty where all samples are held
  resultProof: Hash[];
}

export interface Bundle {
  id: Hash;
  manifest: Manifest;
  raw: Map<string, Uint8Array>; // the held sections
  network: Network;
  domain: Domain;
  authority: Authority;
  specs: Spec[];
  batches: StatedBatch[];
  demands: Demand[];
  table: StatedMember[];
  standings: Standing[];
  nonSigners: number[];
  result: Result;
  signature: Uint8Array;
  signersKey: Uint8Array;
  chain: Chain;
  commitments: Messages<Commitments>;
  reveals: Messages<Reveals>;
  samples: HeldSample[];
  whole: boolean; // all samples are held
  log?: Log;
}

/** Reads a file; throws Invalid where docs/bundle.md says that it is none. It compares no hashes. Yields after each sample. */
export function* readBundle(file: Uint8Array): Generator<void, Bundle> {
  const r = new Reader(file, "file");
  const magic = utf8(format + "\n");
  if (file.length < magic.length || r.take(magic.length).some((x, i) => x !== magic[i])) {
    throw new Invalid(`it does not begin with ${format}: it is no bundle, or of another version`);
  }
  const rawManifest = r.bytes(maxManifest);
  const m = decodeJSON(rawManifest, manifest, "manifest");
  checkManifest(m);
  const raw = new Map<string, Uint8Array>();
  for (const { name, size } of m.sections) {
    if (r.flag()) raw.set(name, r.take(size));
  }
  const section = (name: (typeof mandatory)[number] | typeof answered): Uint8Array => {
    const b = raw.get(name);
    if (b === undefined) throw new Invalid(`section ${name} may not be left out`);
    return b;
  };
  const net = decodeJSON(section("network"), network, "network");
  const cert = decodeJSON(section("certificate"), certificate, "certificate");
  const { epoch } = cert.result;
  const domain: Domain = { chainId: net.chainId, registry: net.batchRegistry };
  const bundle: Bundle = {
    id: keccak(rawManifest),
    manifest: m,
    raw,
    network: net,
    domain,
    authority: { chainId: net.chainId, attestation: net.attestationRegistry, avs: net.serviceManager },
    specs: decodeJSON(section("specs"), specs, "specs").map(({ spec, policy: { calibration, ...policy } }) => ({ spec, policy: { ...policy, ...calibration } })),
    batches: decodeJSON(section("batches"), batches, "batches").map((b) => ({ ...b, epoch, id: batchId({ ...b, epoch }, domain) })),
    demands: [],
    table: decodeJSON(section("table"), table, "table"),
    standings: decodeJSON(section("standings"), standings, "standings"),
    nonSigners: cert.nonSigners,
    result: cert.result,
    signature: cert.signature,
    signersKey: cert.signersKey,
    chain: decodeJSON(section("chain"), chain, "chain"),
    commitments: new Map(),
    reveals: new Map(),
    samples: [],
    whole: false,
  };
  if (m.sections.some(({ name }) => name === answered)) {
    const stated = decodeJSON(section(answered), demands, answered);
    if (stated.length === 0) throw new Invalid("an epoch without demands has no such section");
    bundle.demands = stated.map(({ batch: b, epoch: of, leaf, receiptHash }) => ({
      id: demandId(domain.chainId, net.onDemand ?? zeroAddress, epoch, receiptHash),
      batch: { ...b, epoch: of, id: batchId({ ...b, epoch: of }, domain) },
      leaf,
      receiptHash,
    }));
  }
  for (const { name } of m.sections) {
    const [, kind, operator] = messageName.exec(name) ?? [];
    if (operator === undefined) continue;
    const b = raw.get(name);
    if (kind === "commitments") bundle.commitments.set(operator, b && readMessage(b, name, epoch, (item) => ({ commitment: item.hash() })));
    else bundle.reveals.set(operator, b && readMessage(b, name, epoch, (item) => ({ evidence: item.hash(), salt: item.hash() })));
    yield;
  }
  const { count } = m.samples;
  const held = r.u32();
  if (held > count) throw new Invalid(`${held} samples are held, of ${count}`);
  bundle.whole = held === count;
  const depth = merkleDepth(BigInt(count));
  for (let n = 0; n < held; n++) {
    const s = readSample(r, bundle.whole ? 0 : depth);
    if (s.index >= count || (n > 0 && s.index <= bundle.samples[n - 1]!.index)) throw new Invalid(`sample ${n}: index ${s.index} of ${count} does not ascend`);
    bundle.samples.push(s);
    yield;
  }
  if (r.flag()) bundle.log = readLog(r.bytes(maxLog));
  r.end();
  return bundle;
}

function checkManifest(m: Manifest): void {
  if (m.format !== format) throw new Invalid(`manifest: format ${m.format}, want ${format}`);
  if (m.samples.count > maxSamples) throw new Invalid(`manifest: ${m.samples.count} samples, at most ${maxSamples}`);
  let before = "";
  for (const { name, size } of m.sections) {
    if (name <= before) throw new Invalid(`manifest: section ${name} does not ascend`);
    if (size > maxSection) throw new Invalid(`manifest: section ${name} has ${size} bytes, at most ${maxSection}`);
    if (!(mandatory as readonly string[]).includes(name) && name !== answered && !messageName.test(name)) throw new Invalid(`manifest: there is no section ${name}`);
    before = name;
  }
  for (const name of mandatory) {
    if (!m.sections.some((s) => s.name === name)) throw new Invalid(`manifest: section ${name} is missing`);
  }
}

/** An operator's message; item reads what follows a sample id. */
function readMessage<T>(
  b: Uint8Array,
  name: string,
  epoch: bigint,
  item: (r: Reader) => T,
): Message<{ operator: Address; epoch: bigint; items: (T & { sampleId: Hash })[] }> {
  const r = new Reader(b, name);
  const operator = r.address();
  const n = r.u32();
  const items: (T & { sampleId: Hash })[] = [];
  for (let i = 0; i < n; i++) {
    const sampleId = r.hash();
    if (i > 0 && items[i - 1]!.sampleId >= sampleId) throw new Invalid(`${name}: item ${i} does not ascend`);
    items.push({ sampleId, ...item(r) });
  }
  const signature = r.take(65);
  r.end();
  return { operator, epoch, items, signature };
}

/** A sample with proofs of that many hashes. */
function readSample(r: Reader, depth: number): HeldSample {
  const index = r.u32();
  const core = r.bytes(maxCore);
  const s = readCore(core, index);
  const part = (): Uint8Array | undefined => (r.flag() ? r.bytes(maxPart) : undefined);
  if (s.opening !== undefined) {
    const request = part();
    const output = part();
    if (request !== undefined) s.opening.request = readRequest(request, s.opening.sampling, index);
    if (output !== undefined) s.opening.output = readOutput(output, s.opening.finish, index);
  }
  for (const holder of [s.provider, ...s.members.map((m) => m.reveal)]) {
    const evidence = holder && part();
    if (evidence !== undefined) holder!.evidence = evidence;
  }
  s.coreProof = r.hashes(depth);
  s.resultProof = r.hashes(depth);
  return s;
}

function readCore(core: Uint8Array, index: number): HeldSample {
  const r = new Reader(core, `core of sample ${index}`);
  const result: SampleResult = { sampleId: r.hash(), verdict: r.u8(), class: r.u8(), logE: r.i32(), evidence: r.hash() };
  const s: HeldSample = { index, core, result, members: [], coreProof: [], resultProof: [] };
  if (r.flag()) {
    s.opening = {
      receipt: {
        provider: r.address(),
        epoch: r.u64(),
        sequence: r.u64(),
        specId: r.hash(),
        requestHash: r.hash(),
        outputHash: r.hash(),
        evidenceHash: r.hash(),
        promptTokens: r.u32(),
        outputTokens: r.u32(),
        clientNonce: r.hash(),
        time: r.u64(),
      },
      signature: r.take(65),
      proof: r.hashes(r.u8()),
      sampling: { rule: r.u8(), temperatureMicro: r.u32(), topPMicro: r.u32(), maxTokens: r.u32() },
      finish: r.u8(),
    };
  }
  if (r.flag()) {
    if (s.opening === undefined) throw new Invalid(`core of sample ${index}: the provider's evidence is there without an opening`);
    s.provider = { salt: r.hash(), hash: r.hash() };
  }
  for (let n = r.u8(); n > 0; n--) {
    const m: Sent = { operator: r.address() };
    const sent = r.u8();
    if (sent > 3) throw new Invalid(`core of sample ${index}: a member has sent ${sent}`);
    if (sent & 1) m.commitment = r.hash();
    if (sent & 2) m.reveal = { salt: r.hash(), hash: r.hash() };
    s.members.push(m);
  }
  r.end();
  return s;
}

function readRequest(b: Uint8Array, sampling: Omit<Sampling, "seed">, index: number): RequestPart {
  const r = new Reader(b, `request of sample ${index}`);
  const seed = r.hash();
  const part = { sampling: { ...sampling, seed }, salt: r.hash(), traceSeed: r.hash(), tokens: r.tokens() };
  r.end();
  return part;
}

function readOutput(b: Uint8Array, finish: number, index: number): OutputPart {
  const r = new Reader(b, `output of sample ${index}`);
  const part = { finish, salt: r.hash(), traceSeed: r.hash(), tokens: r.tokens() };
  r.end();
  return part;
}
