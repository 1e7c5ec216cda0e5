// What evidence means: whether a provider's claim and the committee's
// recomputations fit together. docs/protocol.md, "Policy and verdict".

import { type Address, compare } from "./bytes.js";
import { unseeded } from "./digest.js";
import { type Evidence, UNIT, kindFull, kindIntervals, kindNone } from "./evidence.js";
import { Product, exp, ln, maxLogE, mean, nats } from "./fixed.js";
import { type Intervals, type Policy, type Question } from "./policy.js";

export const verdicts = ["UNSAMPLED", "PASS", "FAIL", "INCONCLUSIVE", "UNAVAILABLE"] as const;
export const [unsampled, pass, fail, inconclusive, unavailable] = [0, 1, 2, 3, 4] as const;

export const classes = [
  "none", "wrong-model", "wrong-precision", "wrong-template", "forged-choice", "truncated", "wrong-token-count", "malformed", "withheld",
] as const;
export const classNone = 0;
export const wrongModel = 1;
export const wrongPrecision = 2;
export const forgedChoice = 4;
export const truncated = 5;
export const wrongTokenCount = 6;
export const malformed = 7;
export const withheld = 8;

/** How one recomputation fits one claim: log e-values in Q16 nats, the distance in Q24. */
export interface Comparison {
  logE: number;
  model: number;
  choice: number;
  distance: number;
}

const clamp = (x: number): number => Math.min(Math.max(x, -maxLogE), maxLogE);

/** The number of edges at or below x. */
function bin(edges: readonly number[], x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** |a - b| by position. Of int32 in [-127, 127] nats (Q24) the difference fits 32 bits. */
const distances = (a: Int32Array, b: Int32Array): Int32Array => a.map((x, i) => Math.abs(x - b[i]!));

/** A question's log e-value of statistics xs at positions where the recomputation has these log-probabilities. */
function ask(q: Question, xs: Int32Array, logProb: Int32Array): number {
  const sums = new Array<number>(q.logE.length).fill(0); // at most 2^17 * 40 * 2^16: exact
  for (let i = 0; i < xs.length; i++) {
    const entry = bin(q.classes, -logProb[i]!) * (q.edges.length + 1) + bin(q.edges, xs[i]!);
    for (let t = 0; t < sums.length; t++) sums[t]! += q.logE[t]![entry]!;
  }
  return mean(sums.map(clamp));
}

/** The log e-value of tokens' intervals. */
function askIntervals(q: Intervals, below: Int32Array, mass: Int32Array): number {
  const starts = [0, ...q.edges];
  // The integral of each table's density up to where each bin begins, Q46.
  const integrals = q.e.map((table) => {
    const list = [0n];
    for (let b = 1; b < starts.length; b++) list.push(list[b - 1]! + BigInt(table[b - 1]!) * BigInt(starts[b]! - starts[b - 1]!));
    return list;
  });
  const integral = (t: number, x: number, b: number): bigint => integrals[t]![b]! + BigInt(q.e[t]![b]!) * BigInt(x - starts[b]!);
  const numerators = q.e.map(() => new Product());
  const masses = new Product();
  for (let i = 0; i < below.length; i++) {
    const from = below[i]!;
    const to = from + mass[i]!;
    if (from === UNIT) {
      q.e.forEach((table, t) => numerators[t]!.times(BigInt(table[table.length - 1]!)));
    } else if (from === to) {
      const b = bin(q.edges, from);
      q.e.forEach((table, t) => numerators[t]!.times(BigInt(table[b]!)));
    } else {
      const b = bin(q.edges, from);
      const c = bin(q.edges, to);
      q.e.forEach((_, t) => numerators[t]!.times(integral(t, to, c) - integral(t, from, b)));
      masses.times(BigInt(mass[i]!));
    }
  }
  const divisor = masses.log2() + 2n + (16n << 24n) * BigInt(below.length);
  return mean(numerators.map((n) => clamp(nats(n.log2() - divisor))));
}

/** Asks the policy's two questions of a claim. Both must have as many positions, own all columns of its kind. */
export function compareClaim(p: Policy, claim: Evidence, own: Evidence): Comparison {
  const d = distances(claim.logProb, own.logProb);
  const model = ask(p.model, d, own.logProb);
  const choice = own.kind === kindIntervals ? askIntervals(p.interval, own.below, own.mass) : ask(p.choice, own.margin, own.logProb);
  // At most 2^17 * 127 * 2^24: exact.
  const sum = d.reduce((a, b) => a + b, 0);
  return { logE: mean([model, choice]), model, choice, distance: d.length === 0 ? 0 : Math.floor(sum / d.length) };
}

/** Whether two members' evidences in full are recomputations of one thing; classes are by the second one. */
function compareMembers(p: Policy, a: Evidence, b: Evidence): number {
  const model = ask(p.model, distances(a.logProb, b.logProb), b.logProb);
  if (a.kind !== kindFull || p.margin.logE.length === 0) return model;
  return mean([model, ask(p.margin, distances(a.margin, b.margin), b.logProb)]);
}

/** ln(lambda + (1 - lambda) * exp(x)), capped. */
function mix(p: Policy, x: number): number {
  const g = Math.max(0, x);
  const lambda = BigInt(p.lambdaPpm);
  const y = (lambda * exp(g) + (1_000_000n - lambda) * exp(g - x)) / 1_000_000n;
  return Math.min(p.cap, g + ln(y));
}

const discount = (rank: number): number => (rank === 0 ? 0 : ln(BigInt(rank + 1) << 40n) + 1);

/** What an opening comes to before anything is recomputed. */
export interface Opened {
  rule: number; // of sampling
  length: number; // the output's tokens
  wrong: number; // what is wrong with it by itself: a class
}

/** Everything that is held about one sampled receipt; undefined for what nobody holds. */
export interface Sample {
  opening?: Opened;
  known?: { policy: Policy; engineClass: string }; // of the spec that the opening's receipt names
  provider?: Evidence;
  committee: { operator: Address; evidence?: Evidence }[];
}

export interface Judgement {
  verdict: number;
  class: number;
  logE: number; // Q16 nats
  operators: OperatorJudgement[]; // in committee order
}

export interface OperatorJudgement {
  operator: Address;
  done: boolean; // its duty
  scored: boolean;
  logE: number;
}

/** Judges one sample, by the rules of docs/protocol.md in their order. */
export function judge(s: Sample): Judgement {
  const operators = s.committee.map(({ operator }) => ({ operator, done: false, scored: false, logE: 0 }));
  const say = (verdict: number, cls: number, logE: number): Judgement => ({ verdict, class: cls, logE, operators });
  const need = Math.min(2, s.committee.length);
  const { opening, provider } = s;
  const policy = s.known?.policy;

  const full: number[] = [];
  let revealed = 0;
  let none = 0;
  s.committee.forEach(({ evidence: e }, i) => {
    if (e === undefined || (e.kind !== kindNone && e.kind !== kindFull && e.kind !== kindIntervals)) return;
    revealed++;
    if (e.kind === kindNone) none++;
    else if (opening !== undefined && e.kind === (opening.rule === unseeded ? kindIntervals : kindFull) && e.logProb.length === opening.length) {
      full.push(i);
      operators[i]!.done = true;
    }
  });

  // 1. What the provider signed is wrong by itself.
  if (opening !== undefined && policy !== undefined) {
    let { wrong } = opening;
    if (wrong === classNone && provider !== undefined && (provider.kind === kindNone || provider.logProb.length !== opening.length)) wrong = malformed;
    if (wrong !== classNone) {
      s.committee.forEach(({ evidence }, i) => (operators[i]!.done = evidence !== undefined));
      return say(fail, wrong, policy.cap);
    }
  }
  // 2. It was not opened.
  if (revealed >= need && revealed > 0 && (2 * none > revealed || opening === undefined || provider === undefined)) {
    s.committee.forEach(({ evidence }, i) => {
      if (evidence?.kind === kindNone) operators[i]!.done = true;
    });
    return say(unavailable, withheld, 0);
  }
  // 3. Nobody can say.
  if (
    opening === undefined || provider === undefined || policy === undefined || full.length < need || full.length === 0 ||
    !policy.pairs.some((pair) => pair.claimed === s.known?.engineClass) || !asks(policy, opening.rule)
  ) {
    return say(inconclusive, classNone, 0);
  }
  // 4. The lower median of the comparisons.
  const evidence = full.map((i) => s.committee[i]!.evidence!);
  const sorted = evidence
    .map((e) => compareClaim(policy, provider, e))
    .sort((a, b) => compare(a.logE, b.logE) || compare(a.model, b.model) || compare(a.choice, b.choice) || compare(a.distance, b.distance));
  const rank = (full.length - 1) >> 1;
  const at = (i: number): number => mix(policy, sorted[i]!.logE - discount(rank));
  const logE = at(rank);
  if (logE >= policy.failAt) {
    const c = sorted[rank]!;
    const cls = c.model < policy.failAt && c.choice > c.model ? forgedChoice : c.distance >= policy.wrongModel ? wrongModel : wrongPrecision;
    return say(fail, cls, logE);
  }
  if (logE > policy.passAt) return say(inconclusive, classNone, logE);
  if (at(need - 1) > policy.passAt) return say(inconclusive, classNone, 0);
  if (opening.length < policy.minPositions) return say(inconclusive, classNone, logE);
  // 5. In a sample that passed, each member against the one it is closest to.
  if (full.length >= 3) {
    const least = full.map(() => maxLogE + 1);
    for (let i = 0; i < full.length; i++) {
      for (let k = 0; k < i; k++) {
        const score = compareMembers(policy, evidence[i]!, evidence[k]!);
        least[i] = Math.min(least[i]!, score);
        least[k] = Math.min(least[k]!, score);
      }
    }
    full.forEach((member, i) => Object.assign(operators[member]!, { scored: true, logE: mix(policy, least[i]!) }));
  }
  return say(pass, classNone, logE);
}

const asks = (p: Policy, rule: number): boolean => (rule === unseeded ? p.interval.e.length > 0 : p.choice.logE.length > 0);

/** A standing after one more sample: never below 0, nor above 2^64 - 1. */
export function advance(standing: bigint, logE: number): bigint {
  const after = standing + BigInt(logE);
  const most = (1n << 64n) - 1n;
  return after < 0n ? 0n : after > most ? most : after;
}

