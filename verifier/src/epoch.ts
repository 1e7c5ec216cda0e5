// How samples' judgements come to an epoch's result. docs/protocol.md,
// "Deriving an epoch".

import { type Address, type Hash, compare, zeroHash } from "./bytes.js";
import { type BatchRecord, type BatchResult, type Fault, type Result, type SampleResult, type Standing, sampleLeaf } from "./digest.js";
import { type Judgement, advance, fail, inconclusive, pass, unavailable } from "./judge.js";
import { merkleRoot } from "./merkle.js";

const statistical = 1;
const withholding = 2;
// A result charges so many withheld samples at most: of a batch the first by j, of an epoch those of the first batches by id.
const maxWithheldOfBatch = 8;
const maxWithheldOfEpoch = 64;
const operatorEvidence = 3;

/** Counts samples in the order of the result: batches ascending by id, in each by j; then demands ascending by id. */
export class Tally {
  private readonly leaves: Hash[] = [];
  private readonly batches: BatchResult[] = [];
  private readonly standings = new Map<string, Standing>();
  private readonly touched = new Set<string>();
  private readonly charged = new Set<string>();
  private readonly faults: Fault[] = [];
  private withheld = 0; // samples that are charged

  /** before are the standings before the epoch, one for each subject and spec; who has none stands at 0. */
  constructor(private readonly faultLine: bigint, before: readonly Standing[]) {
    for (const s of before) this.standings.set(s.subject + s.specId, s);
  }

  /** Begins a batch, to which the samples that follow belong. */
  begin(batch: BatchRecord): void {
    this.batches.push({ batchId: batch.id, provider: batch.provider, samples: 0, passed: 0, failed: 0, inconclusive: 0, unavailable: 0 });
  }

  /** Counts a sample; spec is what its opening names, undefined if that is none that is known. */
  add(sample: SampleResult, judgement: Judgement, spec: Hash | undefined): void {
    this.leaves.push(sampleLeaf(sample));
    const r = this.batches.at(-1)!;
    r.samples++;
    if (judgement.verdict === pass) r.passed++;
    if (judgement.verdict === fail) r.failed++;
    if (judgement.verdict === inconclusive) r.inconclusive++;
    if (judgement.verdict === unavailable) {
      r.unavailable++;
      if (r.unavailable <= maxWithheldOfBatch && this.withheld < maxWithheldOfEpoch) {
        this.withheld++;
        this.faults.push({ kind: withholding, subject: r.provider, batchId: r.batchId, ref: sample.sampleId });
      }
    }
    if (spec !== undefined && this.advance(r.provider, spec, judgement.logE)) {
      this.faults.push({ kind: statistical, subject: r.provider, batchId: r.batchId, ref: spec });
    }
    for (const o of judgement.operators) {
      if (o.scored && this.advance(o.operator, zeroHash, o.logE)) {
        this.faults.push({ kind: operatorEvidence, subject: o.operator, batchId: zeroHash, ref: zeroHash });
      }
    }
  }

  /** Counts a sample on demand: it is of no batch, moves no standing and is no fault. */
  asked(sample: SampleResult): void {
    this.leaves.push(sampleLeaf(sample));
  }

  /** Moves a standing; whether it crossed the line for the first time in the epoch. */
  private advance(subject: Address, specId: Hash, logE: number): boolean {
    const key = subject + specId;
    const before = this.standings.get(key)?.value ?? 0n;
    const value = advance(before, logE);
    this.standings.set(key, { subject, specId, value });
    this.touched.add(key);
    if (before >= this.faultLine || value < this.faultLine || this.charged.has(key)) return false;
    this.charged.add(key);
    return true;
  }

  result(epoch: bigint, tableRoot: Hash): Result {
    return {
      epoch,
      tableRoot,
      sampleRoot: merkleRoot(this.leaves),
      sampleCount: BigInt(this.leaves.length),
      batches: this.batches,
      standings: [...this.touched].sort().map((key) => this.standings.get(key)!),
      faults: this.faults
        .slice()
        .sort((a, b) => compare(a.kind, b.kind) || compare(a.subject, b.subject) || compare(a.batchId, b.batchId) || compare(a.ref, b.ref)),
    };
  }
}
