// An epoch's result, from the chain and from what operators sent.
// docs/protocol.md, "Deriving an epoch".

import { type Address, type Hash, Invalid, compare, zeroHash } from "./bytes.js";
import {
  type Authority, type BatchRecord, type BatchResult, type Commitments, type Domain, type EvidencePart, type Fault, type HeldEvidence, type Member,
  type ModelSpec, type Result, type Reveals, type SampleResult, type Standing, batchId, commitment, commitmentsDigest, evidenceHash, heldHash, keccak,
  receiptHash, sampleLeaf, specId,
} from "./digest.js";
import { type Assignment, assignments, byId, maxSamples, tableRoot } from "./draw.js";
import { type Evidence, decodeEvidence, encodeEvidence } from "./evidence.js";
import { type Judgement, type Sample, advance, fail, inconclusive, judge, pass, unavailable } from "./judge.js";
import { merkleRoot } from "./merkle.js";
import { type Opening, verifyOpening } from "./opening.js";
import { type Policy, checkPolicy, policyId } from "./policy.js";
import { recoverMessage } from "./signature.js";

/** A model spec with the policy that it names. */
export interface Spec {
  spec: ModelSpec;
  policy: Policy;
}

/** What an operator revealed, with what it carried for the provider. */
export type CarryingReveals = Reveals & { items: { opening?: Opening; provider?: EvidencePart }[] };

/** Everything that an epoch's result is derived from. */
export interface EpochInput {
  domain: Domain;
  authority: Authority;
  epoch: bigint;
  beacon: Hash;
  committee: number;
  faultLine: bigint;
  table: { root: Hash; members: Member[] };
  batches: BatchRecord[];
  providers: { provider: Address; receiptKey: Address }[];
  specs: Spec[];
  standings: Standing[]; // before the epoch
  commitments: Commitments[];
  reveals: CarryingReveals[];
}

/** What is authentic of one sample, out of everybody's messages. */
export interface Held {
  opening?: Opening;
  refused?: string; // why the last opening that is none is none
  part?: EvidencePart;
  members: { commitment: Hash; evidence?: Uint8Array }[]; // in committee order
}

/** Takes from the operators' messages what is authentic. */
export class Messages {
  private readonly commitments = new Map<string, Hash | undefined>(); // undefined: two that differ
  private readonly reveals = new Map<string, Uint8Array>();
  private readonly openings = new Map<Hash, Opening[]>();
  private readonly parts = new Map<Hash, EvidencePart[]>();

  constructor(private readonly domain: Domain, authority: Authority, epoch: bigint, commitments: readonly Commitments[], reveals: readonly CarryingReveals[]) {
    for (const m of commitments) {
      if (m.epoch !== epoch || recoverMessage(commitmentsDigest(m, authority), m.signature) !== m.operator) continue;
      for (const it of m.items) {
        const key = m.operator + it.sampleId;
        const differs = this.commitments.has(key) && this.commitments.get(key) !== it.commitment;
        this.commitments.set(key, differs ? undefined : it.commitment);
      }
    }
    const append = <T>(lists: Map<Hash, T[]>, key: Hash, x: T | undefined): void => {
      if (x === undefined) return;
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [x]);
      else list.push(x);
    };
    for (const m of reveals) {
      for (const it of m.items) {
        const key = m.operator + it.sampleId;
        const committed = this.commitments.get(key);
        if (committed !== undefined && commitment(m.operator, it.sampleId, it.evidence, it.salt) === committed) this.reveals.set(key, it.evidence);
        append(this.openings, it.sampleId, it.opening);
        append(this.parts, it.sampleId, it.provider);
      }
    }
  }

  held(batch: BatchRecord, receiptKey: Address, a: Assignment): Held {
    const held: Held = { members: [] };
    for (const o of this.openings.get(a.sampleId) ?? []) {
      try {
        verifyOpening(this.domain, batch, a.leaf, receiptKey, o);
        held.opening = o;
        break;
      } catch (e) {
        if (!(e instanceof Invalid)) throw e;
        held.refused = e.message;
      }
    }
    if (held.opening !== undefined) {
      const { evidenceHash: want } = held.opening.receipt;
      const part = this.parts.get(a.sampleId)?.find((p) => evidenceHash(p) === want);
      if (part !== undefined) held.part = part;
    }
    for (const operator of a.committee) {
      const evidence = this.reveals.get(operator + a.sampleId);
      held.members.push({ commitment: this.commitments.get(operator + a.sampleId) ?? zeroHash, ...(evidence && { evidence }) });
    }
    return held;
  }
}

/** The hash of all that is held of a sample. */
export function heldOf(d: Domain, committee: readonly Address[], h: Held): Hash {
  const members = committee.map((operator, i): HeldEvidence => {
    const { commitment, evidence } = h.members[i]!;
    return { operator, commitment, evidence: evidence === undefined ? zeroHash : keccak(evidence) };
  });
  const receipt = h.opening === undefined ? zeroHash : receiptHash(h.opening.receipt, d);
  return heldHash(receipt, h.part === undefined ? zeroHash : keccak(encodeEvidence(h.part.evidence)), members);
}

/** Evidence as committed to; undefined where it does not decode. */
function decoded(b: Uint8Array | undefined): Evidence | undefined {
  if (b === undefined) return undefined;
  try {
    return decodeEvidence(b);
  } catch (e) {
    if (e instanceof Invalid) return undefined;
    throw e;
  }
}

/** One sample of a derivation. */
export interface Derived {
  batch: BatchRecord;
  assignment: Assignment;
  held: Held;
  judgement: Judgement;
  result: SampleResult;
}

/** A derivation under way: the input, indexed, and the running state. */
export class Derivation {
  readonly tableRoot: Hash;
  readonly samples: SampleResult[] = [];
  private readonly batches: BatchRecord[]; // ascending by id
  private readonly receiptKeys = new Map<Address, Address>();
  private readonly specs = new Map<Hash, Spec>();
  private readonly messages: Messages;
  private readonly standings = new Map<string, Standing>();
  private readonly touched = new Set<string>();
  private readonly charged = new Set<string>();
  private readonly results: BatchResult[] = [];
  private readonly faults: Fault[] = [];

  /** Throws Invalid where what must be right is not: all but the operators' messages. */
  constructor(private readonly input: EpochInput) {
    const { table, domain, epoch } = input;
    this.tableRoot = tableRoot(table.members);
    if (table.root !== this.tableRoot) throw new Invalid(`operator table has root ${table.root}, its rows give ${this.tableRoot}`);
    for (const p of input.providers) {
      if ((this.receiptKeys.get(p.provider) ?? p.receiptKey) !== p.receiptKey) throw new Invalid(`provider ${p.provider} has two receipt keys`);
      this.receiptKeys.set(p.provider, p.receiptKey);
    }
    for (const s of input.specs) {
      checkPolicy(s.policy);
      const id = policyId(s.policy);
      if (id !== s.spec.policyId) throw new Invalid(`spec ${specId(s.spec)} names policy ${s.spec.policyId}, not ${id}`);
      this.specs.set(specId(s.spec), s);
    }
    for (const s of input.standings) {
      const key = s.subject + s.specId;
      if (this.standings.has(key)) throw new Invalid(`${s.subject} has two standings under spec ${s.specId}`);
      this.standings.set(key, s);
    }
    this.batches = input.batches.slice().sort(byId);
    this.batches.forEach((b, i) => {
      if (b.epoch !== epoch || b.id !== batchId(b, domain)) throw new Invalid(`batch ${b.id} is not of epoch ${epoch} on this deployment`);
      if (this.batches[i - 1]?.id === b.id) throw new Invalid(`batch ${b.id} is there twice`);
      if (!this.receiptKeys.has(b.provider)) throw new Invalid(`batch ${b.id}: provider ${b.provider} is not registered`);
    });
    this.messages = new Messages(domain, input.authority, epoch, input.commitments, input.reveals);
  }

  /** Judges every sample, in order; result is there when it is done. Throws Invalid where there are too many. */
  *derive(): Generator<Derived> {
    const { domain, beacon, table, committee } = this.input;
    for (const batch of this.batches) {
      const r: BatchResult = { batchId: batch.id, provider: batch.provider, samples: 0, passed: 0, failed: 0, inconclusive: 0, unavailable: 0 };
      this.results.push(r);
      for (const assignment of assignments(domain, batch, beacon, table.members, committee)) {
        if (this.samples.length === maxSamples) throw new Invalid(`epoch ${this.input.epoch} has more than ${maxSamples} samples`);
        const derived = this.judge(batch, assignment, r);
        r.samples++;
        this.samples.push(derived.result);
        yield derived;
      }
    }
  }

  private judge(batch: BatchRecord, assignment: Assignment, r: BatchResult): Derived {
    const held = this.messages.held(batch, this.receiptKeys.get(batch.provider)!, assignment);
    const known = held.opening && this.specs.get(held.opening.receipt.specId);
    const sample: Sample = {
      ...known,
      ...(held.opening && { opening: held.opening }),
      ...(held.part && { provider: held.part.evidence }),
      committee: assignment.committee.map((operator, i) => {
        const evidence = decoded(held.members[i]!.evidence);
        return { operator, ...(evidence && { evidence }) };
      }),
    };
    const judgement = judge(sample);
    switch (judgement.verdict) {
      case pass:
        r.passed++;
        break;
      case fail:
        r.failed++;
        break;
      case inconclusive:
        r.inconclusive++;
        break;
      case unavailable:
        r.unavailable++;
        this.faults.push({ kind: 2, subject: batch.provider, batchId: batch.id, ref: assignment.sampleId });
        break;
    }
    if (known !== undefined) {
      const spec = held.opening!.receipt.specId;
      if (this.advance(batch.provider, spec, judgement.logE)) this.faults.push({ kind: 1, subject: batch.provider, batchId: batch.id, ref: spec });
    }
    for (const o of judgement.operators) {
      if (o.scored && this.advance(o.operator, zeroHash, o.logE)) this.faults.push({ kind: 3, subject: o.operator, batchId: zeroHash, ref: zeroHash });
    }
    const { verdict, class: cls, logE } = judgement;
    const result: SampleResult = { sampleId: assignment.sampleId, verdict, class: cls, logE, evidence: heldOf(this.input.domain, assignment.committee, held) };
    return { batch, assignment, held, judgement, result };
  }

  /** Moves a standing; whether it crossed the line for the first time in the epoch. */
  private advance(subject: Address, spec: Hash, logE: number): boolean {
    const key = subject + spec;
    const before = this.standings.get(key)?.value ?? 0n;
    const value = advance(before, logE);
    this.standings.set(key, { subject, specId: spec, value });
    this.touched.add(key);
    const { faultLine } = this.input;
    if (before >= faultLine || value < faultLine || this.charged.has(key)) return false;
    this.charged.add(key);
    return true;
  }

  /** The result; derive must be done. */
  result(): Result {
    const standings = [...this.touched].sort().map((key) => this.standings.get(key)!);
    const faults = this.faults
      .slice()
      .sort((a, b) => compare(a.kind, b.kind) || compare(a.subject, b.subject) || compare(a.batchId, b.batchId) || compare(a.ref, b.ref));
    return {
      epoch: this.input.epoch,
      tableRoot: this.tableRoot,
      sampleRoot: merkleRoot(this.samples.map(sampleLeaf)),
      sampleCount: BigInt(this.samples.length),
      batches: this.results,
      standings,
      faults,
    };
  }
}
