// The protocol's values and their digests: docs/protocol.md. Integers of 64
// bits and more are bigint, smaller ones number.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Address, type Hash, Invalid, fromHex, toHex, utf8, writeHex, zeroHash } from "./bytes.js";
import { hiddenTokens, seedCommitment, traceSeed } from "./hidden.js";

export const keccakBytes = (b: Uint8Array): Uint8Array => keccak_256(b);
export const keccak = (b: Uint8Array): Hash => toHex(keccak_256(b));

const tags = new Map<string, Hash>();

/** Separates the domains of digests: keccak of the name. */
export function tag(name: string): Hash {
  let h = tags.get(name);
  if (h === undefined) tags.set(name, (h = keccak(utf8(name))));
  return h;
}

/** Solidity's abi.encode of values of fixed size under construction, a word of 32 bytes each. */
export class Words {
  private buffer = new Uint8Array(512);
  private length = 0;

  private grow(n: number): number {
    const at = this.length;
    this.length += n;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
    }
    return at;
  }

  hash(h: Hash): this {
    const at = this.grow(32);
    writeHex(h, this.buffer, at);
    return this;
  }

  address(a: Address): this {
    const at = this.grow(32);
    writeHex(a, this.buffer, at + 12);
    return this;
  }

  /** An unsigned integer below 2^53 (number) or 2^256 (bigint). */
  uint(x: number | bigint): this {
    const at = this.grow(32);
    if (typeof x === "number") {
      for (let i = 31; x > 0; i--, x = Math.floor(x / 256)) this.buffer[at + i] = x % 256;
    } else {
      if (x < 0n || x >> 256n !== 0n) throw new Invalid("an integer does not fit into 32 bytes");
      for (let i = 31; x > 0n; i--, x >>= 8n) this.buffer[at + i] = Number(x & 255n);
    }
    return this;
  }

  /** A signed integer of 32 bits, in two's complement. */
  int(x: number): this {
    const at = this.grow(32);
    if (x < 0) this.buffer.fill(0xff, at, at + 28);
    for (let i = 0; i < 4; i++) this.buffer[at + 31 - i] = (x >> (8 * i)) & 0xff;
    return this;
  }

  /** The tail of a byte string: its length, and its bytes padded to whole words. */
  bytes(b: Uint8Array): this {
    this.uint(b.length);
    const at = this.grow(b.length + ((32 - (b.length % 32)) % 32));
    this.buffer.set(b, at);
    return this;
  }

  sum(): Hash {
    return keccak(this.buffer.subarray(0, this.length));
  }
}

/** What a deployment's receipts and batches are bound to. */
export interface Domain {
  chainId: bigint;
  registry: Address; // the BatchRegistry
}

/** What the messages of operators and certificates are bound to. */
export interface Authority {
  chainId: bigint;
  attestation: Address; // the AttestationRegistry
  avs: Address; // the ServiceManager
}

/** Everything that decides an output's distribution. */
export interface ModelSpec {
  weightsRoot: Hash;
  precision: string;
  tokenizerHash: Hash;
  chatTemplateHash: Hash;
  engineClass: string;
  samplingRule: string;
  vocabSize: number;
  eos: number;
  contextLimit: number;
  referenceVersion: string;
  policyId: Hash;
}

export function specId(s: ModelSpec): Hash {
  const text = (x: string): Hash => keccak(utf8(x));
  return new Words()
    .hash(tag("posp.spec.v1"))
    .hash(s.weightsRoot)
    .hash(text(s.precision))
    .hash(s.tokenizerHash)
    .hash(s.chatTemplateHash)
    .hash(text(s.engineClass))
    .hash(text(s.samplingRule))
    .uint(s.vocabSize)
    .uint(s.eos)
    .uint(s.contextLimit)
    .hash(text(s.referenceVersion))
    .hash(s.policyId)
    .sum();
}

/** Whether receipts under the spec commit to hidden rows. */
export const isPrivate = (s: ModelSpec): boolean => /^posp-ref-v1-hidden:[0-9a-f]{64}$/.test(s.referenceVersion);

export const greedy = 1;
export const seeded = 2;
export const unseeded = 3;

export interface Sampling {
  rule: number;
  temperatureMicro: number;
  topPMicro: number;
  seed: Hash;
  maxTokens: number;
}

/** Opens a receipt's requestHash. traceSeed is zero under a public spec. */
export interface RequestPart {
  tokens: number[];
  sampling: Sampling;
  salt: Hash;
  traceSeed: Hash;
}

/** Opens a receipt's outputHash. */
export interface OutputPart {
  tokens: number[];
  finish: number; // 1 stop, 2 length
  salt: Hash;
  traceSeed: Hash;
}

function tokensHash(tokens: number[]): Hash {
  const b = new Uint8Array(4 * tokens.length);
  const view = new DataView(b.buffer);
  tokens.forEach((t, i) => view.setUint32(4 * i, t));
  return keccak(b);
}

/** Throws Invalid where the trace seed is no element of the field. */
export function requestHash(p: RequestPart): Hash {
  const s = p.sampling;
  const part = (name: string, tokens: Hash): Words =>
    new Words()
      .hash(tag(name))
      .hash(p.salt)
      .uint(s.rule)
      .uint(s.temperatureMicro)
      .uint(s.topPMicro)
      .hash(s.seed)
      .uint(s.maxTokens)
      .uint(p.tokens.length)
      .hash(tokens);
  if (p.traceSeed === zeroHash) return part("posp.request.v1", tokensHash(p.tokens)).sum();
  const seed = traceSeed(p.traceSeed);
  return part("posp.request.hidden.v1", hiddenTokens(seed, 0, p.tokens)).hash(seedCommitment(seed)).sum();
}

/** Throws Invalid where the trace seed is no element of the field. */
export function outputHash(p: OutputPart): Hash {
  const part = (name: string, tokens: Hash): Hash =>
    new Words().hash(tag(name)).hash(p.salt).uint(p.finish).uint(p.tokens.length).hash(tokens).sum();
  if (p.traceSeed === zeroHash) return part("posp.output.v1", tokensHash(p.tokens));
  return part("posp.output.hidden.v1", hiddenTokens(traceSeed(p.traceSeed), 1, p.tokens));
}

/** What opens a receipt's evidenceHash: a salt and the keccak of the provider's evidence. */
export function evidenceHash(salt: Hash, evidence: Hash): Hash {
  return new Words().hash(tag("posp.evidence.v1")).hash(salt).hash(evidence).sum();
}

export function buyerNonce(buyer: Address, secret: Hash): Hash {
  return new Words().hash(tag("posp.buyer.v1")).address(buyer).hash(secret).sum();
}

/** A provider's signed promise about one answer. */
export interface Receipt {
  provider: Address;
  epoch: bigint;
  sequence: bigint;
  specId: Hash;
  requestHash: Hash;
  outputHash: Hash;
  evidenceHash: Hash;
  promptTokens: number;
  outputTokens: number;
  clientNonce: Hash;
  time: bigint;
}

/** The EIP-712 domain separator of the deployment. */
export function separator(d: Domain): Hash {
  return new Words()
    .hash(tag("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"))
    .hash(tag("posp"))
    .hash(tag("1"))
    .uint(d.chainId)
    .address(d.registry)
    .sum();
}

const receiptType =
  "Receipt(address provider,uint64 epoch,uint64 sequence,bytes32 specId,bytes32 requestHash,bytes32 outputHash," +
  "bytes32 evidenceHash,uint32 promptTokens,uint32 outputTokens,bytes32 clientNonce,uint64 time)";

/** The EIP-712 digest, which the receipt key signs and the batch's leaf is of. */
export function receiptHash(r: Receipt, d: Domain): Hash {
  const struct = new Words()
    .hash(tag(receiptType))
    .address(r.provider)
    .uint(r.epoch)
    .uint(r.sequence)
    .hash(r.specId)
    .hash(r.requestHash)
    .hash(r.outputHash)
    .hash(r.evidenceHash)
    .uint(r.promptTokens)
    .uint(r.outputTokens)
    .hash(r.clientNonce)
    .uint(r.time)
    .sum();
  const b = new Uint8Array(66);
  b.set([0x19, 0x01]);
  writeHex(separator(d), b, 2);
  writeHex(struct, b, 34);
  return keccak(b);
}

/** A provider's commitment to an epoch's receipts. */
export interface Batch {
  provider: Address;
  epoch: bigint;
  firstSequence: bigint;
  root: Hash;
  leafCount: bigint;
}

/** A batch as the BatchRegistry holds it. */
export interface BatchRecord extends Batch {
  id: Hash;
  ratePpm: number; // millionths of the leaves are sampled
  kMin: number; // at least so many
}

export function batchId(b: Batch, d: Domain): Hash {
  return new Words()
    .hash(tag("posp.batch.v1"))
    .uint(d.chainId)
    .address(d.registry)
    .address(b.provider)
    .uint(b.epoch)
    .uint(b.firstSequence)
    .hash(b.root)
    .uint(b.leafCount)
    .sum();
}

/** Names a request that a receipt be verified by an epoch. */
export function demandId(chainId: bigint, onDemand: Address, epoch: bigint, receipt: Hash): Hash {
  return new Words().hash(tag("posp.ondemand.v1")).uint(chainId).address(onDemand).uint(epoch).hash(receipt).sum();
}

export function seedOf(d: Domain, epoch: bigint, batch: Hash, beacon: Hash): Hash {
  return new Words().hash(tag("posp.seed.v1")).uint(d.chainId).address(d.registry).uint(epoch).hash(batch).hash(beacon).sum();
}

export function sampleId(batch: Hash, j: number | bigint, leaf: bigint): Hash {
  return new Words().hash(tag("posp.sample.v1")).hash(batch).uint(j).uint(leaf).sum();
}

/** What binds an operator to evidence that it has not shown. */
export function commitment(operator: Address, sample: Hash, evidence: Uint8Array, salt: Hash): Hash {
  return new Words().address(operator).hash(sample).uint(4 * 32).hash(salt).bytes(evidence).sum();
}

/** Everything an operator commits to for an epoch. */
export interface Commitments {
  operator: Address;
  epoch: bigint;
  items: { sampleId: Hash; commitment: Hash }[];
}

export function commitmentsDigest(m: Commitments, a: Authority): Hash {
  const list = new Words();
  for (const it of m.items) list.hash(it.sampleId).hash(it.commitment);
  return new Words()
    .hash(tag("posp.commit.v1"))
    .uint(a.chainId)
    .address(a.attestation)
    .uint(m.epoch)
    .address(m.operator)
    .uint(m.items.length)
    .hash(list.sum())
    .sum();
}

/** What opens an operator's commitments; evidence is the keccak of what was revealed. */
export interface Reveals {
  operator: Address;
  epoch: bigint;
  items: { sampleId: Hash; evidence: Hash; salt: Hash }[];
}

export function revealsDigest(m: Reveals, a: Authority): Hash {
  const list = new Words();
  for (const it of m.items) list.hash(it.sampleId).hash(it.evidence).hash(it.salt);
  return new Words()
    .hash(tag("posp.reveal.v1"))
    .uint(a.chainId)
    .address(a.attestation)
    .uint(m.epoch)
    .address(m.operator)
    .uint(m.items.length)
    .hash(list.sum())
    .sum();
}

/** What an operator signs to ask a provider for a leaf. */
export function openDigest(d: Domain, batch: Hash, leaf: bigint, operator: Address): Hash {
  return new Words().hash(tag("posp.open.v1")).uint(d.chainId).address(d.registry).hash(batch).uint(leaf).address(operator).sum();
}

/** One committee member's contribution to a sample. */
export interface HeldEvidence {
  operator: Address;
  commitment: Hash; // zero for none
  evidence: Hash; // keccak of the revealed bytes; zero if it did not reveal
}

/** Binds everything that a sample's verdict rests on; receipt and provider are zero where nobody has them. */
export function heldHash(receipt: Hash, provider: Hash, committee: HeldEvidence[]): Hash {
  const w = new Words().hash(tag("posp.held.v1")).hash(receipt).hash(provider);
  for (const m of committee) w.address(m.operator).hash(m.commitment).hash(m.evidence);
  return w.sum();
}

/** One line of an epoch's result. */
export interface SampleResult {
  sampleId: Hash;
  verdict: number;
  class: number;
  logE: number; // Q16 nats
  evidence: Hash; // heldHash of what it rests on
}

/** The value under the sample's leaf. */
export function sampleLeaf(s: SampleResult): Hash {
  return new Words()
    .hash(tag("posp.verdict.v1"))
    .hash(s.sampleId)
    .uint(s.verdict)
    .uint(s.class)
    .int(s.logE)
    .hash(s.evidence)
    .sum();
}

export interface BatchResult {
  batchId: Hash;
  provider: Address;
  samples: number;
  passed: number;
  failed: number;
  inconclusive: number;
  unavailable: number;
}

/** A subject's sequential test after an epoch; an operator's under the zero spec. */
export interface Standing {
  subject: Address;
  specId: Hash;
  value: bigint; // Q16 nats
}

export interface Fault {
  kind: number;
  subject: Address;
  batchId: Hash;
  ref: Hash;
}

export interface Result {
  epoch: bigint;
  tableRoot: Hash;
  sampleRoot: Hash;
  sampleCount: bigint;
  batches: BatchResult[];
  standings: Standing[];
  faults: Fault[];
}

export function resultRoot(r: Result): Hash {
  const batches = new Words().uint(32).uint(r.batches.length);
  for (const b of r.batches) {
    batches.hash(b.batchId).address(b.provider).uint(b.samples).uint(b.passed).uint(b.failed).uint(b.inconclusive).uint(b.unavailable);
  }
  const standings = new Words().uint(32).uint(r.standings.length);
  for (const s of r.standings) standings.address(s.subject).hash(s.specId).uint(s.value);
  return new Words().hash(tag("posp.result.v1")).hash(r.sampleRoot).uint(r.sampleCount).hash(batches.sum()).hash(standings.sum()).sum();
}

/** What operators co-sign with BN254. */
export function certificateDigest(r: Result, a: Authority): Hash {
  const faults = new Words().uint(32).uint(r.faults.length);
  for (const f of r.faults) faults.uint(f.kind).address(f.subject).hash(f.batchId).hash(f.ref);
  return new Words()
    .hash(tag("posp.certificate.v1"))
    .uint(a.chainId)
    .address(a.attestation)
    .address(a.avs)
    .uint(r.epoch)
    .hash(r.tableRoot)
    .hash(resultRoot(r))
    .hash(faults.sum())
    .sum();
}

/** A row of an epoch's operator table. */
export interface Member {
  operator: Address;
  weight: bigint;
  keyX: bigint; // BN254 G1 public key
  keyY: bigint;
}

/** The value under the row's leaf; before is the sum of the weights above. */
export function memberLeaf(m: Member, before: bigint): Hash {
  return new Words().hash(tag("posp.member.v1")).address(m.operator).uint(m.weight).uint(before).uint(m.keyX).uint(m.keyY).sum();
}

/** The message of a wallet that signs digests as Ethereum messages (EIP-191). */
export function ethereumMessage(digest: Hash): Hash {
  const head = utf8("\x19Ethereum Signed Message:\n32");
  const b = new Uint8Array(head.length + 32);
  b.set(head);
  b.set(fromHex(digest, 32), head.length);
  return keccak(b);
}
