// How evidence under a spec is judged: data that the spec names by its hash.
// docs/protocol.md, "Policy and verdict".

import { type Hash, Invalid, concat, fromHex, integerHex, utf8 } from "./bytes.js";
import { keccak } from "./digest.js";
import { UNIT } from "./evidence.js";
import { maxLogE } from "./fixed.js";

/** A statistic of one position (Q24 nats), and what each of its bins is worth (Q16 nats), by class of the token's log-probability. */
export interface Question {
  classes: number[];
  edges: number[];
  logE: number[][];
}

/** Densities (Q16) by bin of a point drawn from a token's interval; edges in Q30. */
export interface Intervals {
  edges: number[];
  e: number[][];
}

export interface Policy {
  model: Question;
  choice: Question;
  interval: Intervals;
  margin: Question;
  lambdaPpm: number;
  cap: number;
  minPositions: number;
  passAt: number;
  failAt: number;
  wrongModel: number;
  pairs: { claimed: string; recomputed: string }[];
  samples: bigint;
  positions: bigint;
  confidencePpm: number;
}

/** The policy's canonical encoding, whose keccak is its id. */
export function encodePolicy(p: Policy): Uint8Array {
  const parts: Uint8Array[] = [utf8("posp.policy.v2")];
  const list = (xs: readonly number[]): void => {
    const b = new Uint8Array(4 * xs.length + 4);
    const view = new DataView(b.buffer);
    view.setUint32(0, xs.length);
    xs.forEach((x, i) => view.setUint32(4 * i + 4, x)); // modulo 2^32: two's complement
    parts.push(b);
  };
  const words = (...xs: number[]): void => {
    list(xs);
    parts.push(parts.pop()!.subarray(4)); // without the length
  };
  const tables = (ts: readonly number[][]): void => {
    words(ts.length);
    ts.forEach(list);
  };
  const question = (q: Question): void => {
    list(q.classes);
    list(q.edges);
    tables(q.logE);
  };
  const text = (s: string): void => {
    const b = utf8(s);
    words(b.length);
    parts.push(b);
  };
  question(p.model);
  question(p.choice);
  list(p.interval.edges);
  tables(p.interval.e);
  question(p.margin);
  words(p.lambdaPpm, p.cap, p.minPositions, p.passAt, p.failAt, p.wrongModel, p.pairs.length);
  for (const pair of p.pairs) {
    text(pair.claimed);
    text(pair.recomputed);
  }
  parts.push(fromHex(integerHex(p.samples, 8)), fromHex(integerHex(p.positions, 8)));
  words(p.confidencePpm);
  return concat(...parts);
}

export const policyId = (p: Policy): Hash => keccak(encodePolicy(p));

/** Throws Invalid for a policy by which nothing can be judged. Numbers must be integers of 32 bits already. */
export function checkPolicy(p: Policy): void {
  const shape = (what: string, edges: readonly number[], tables: number): void => {
    if (edges.length > 1024 || tables > 256) throw new Invalid(`policy: ${what}: ${edges.length} edges and ${tables} tables, at most 1024 and 256`);
    edges.forEach((edge, i) => {
      if (edge <= 0 || (i > 0 && edge <= edges[i - 1]!)) throw new Invalid(`policy: ${what}: edge ${i} does not ascend`);
    });
  };
  const questions: [string, Question][] = [["model", p.model], ["choice", p.choice], ["margin", p.margin]];
  for (const [name, q] of questions) {
    shape(`question ${name}`, q.edges, q.logE.length);
    shape(`question ${name}, classes`, q.classes, 0);
    const bins = (q.classes.length + 1) * (q.edges.length + 1);
    q.logE.forEach((table, i) => {
      if (table.length !== bins) throw new Invalid(`policy: question ${name}: table ${i} has ${table.length} bins, want ${bins}`);
      if (table.some((l) => Math.abs(l) > maxLogE)) throw new Invalid(`policy: question ${name}: table ${i} is beyond 40 nats`);
    });
  }
  const { edges, e } = p.interval;
  shape("question interval", edges, e.length);
  if (edges.length > 0 && edges.at(-1)! >= UNIT) throw new Invalid("policy: question interval: the last edge is not below 1");
  e.forEach((table, i) => {
    if (table.length !== edges.length + 2) throw new Invalid(`policy: question interval: table ${i} has ${table.length} entries, want ${edges.length + 2}`);
    if (table.includes(0)) throw new Invalid(`policy: question interval: table ${i} has an e-value of 0`);
  });
  const refuse = (wrong: boolean, what: string): void => {
    if (wrong) throw new Invalid(`policy: ${what}`);
  };
  refuse(p.model.logE.length === 0, "question model has no tables");
  refuse(p.choice.logE.length === 0 && e.length === 0, "neither question choice nor question interval has tables");
  refuse(p.lambdaPpm <= 0 || p.lambdaPpm >= 1_000_000, "lambda is outside (0, 1)");
  refuse(p.cap <= 0 || p.cap > maxLogE, "cap is outside (0, 40] nats");
  refuse(p.failAt <= 0 || p.failAt > p.cap, "failAt is outside (0, cap]");
  refuse(p.passAt >= p.failAt, "passAt is not below failAt");
  refuse(p.wrongModel <= 0, "wrongModel is not above 0");
  refuse(p.confidencePpm > 1_000_000, "confidence is above 1");
}
