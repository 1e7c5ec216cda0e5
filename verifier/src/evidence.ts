// Evidence: one recomputation of an output, by position. docs/protocol.md,
// "Receipt", has the encoding.

import { Invalid, int32At, uint32At } from "./bytes.js";

/** One nat in the fixed point of log-probabilities and margins (Q24). */
export const NAT24 = 1 << 24;
/** Probability 1 in the fixed point of intervals (Q30). */
export const UNIT = 1 << 30;
/** The most positions of one evidence. */
export const maxPositions = 1 << 17;

export const kindNone = 0;
export const kindLogProbs = 1;
export const kindFull = 2;
export const kindIntervals = 3;

export interface Evidence {
  kind: number;
  logProb: Int32Array;
  margin: Int32Array; // empty unless kindFull
  below: Int32Array; // empty unless kindIntervals
  mass: Int32Array;
}

/** How many columns a kind has, or undefined. */
const columns = [0, 1, 2, 3];

/** Reads an encoding; throws Invalid where it is none. */
export function decodeEvidence(b: Uint8Array): Evidence {
  if (b.length < 6 || b[0] !== 1) throw new Invalid(`evidence: no version 1 header in ${b.length} bytes`);
  const kind = b[1]!;
  const n = uint32At(b, 2);
  const width = columns[kind];
  if (width === undefined) throw new Invalid(`evidence: unknown kind ${kind}`);
  if (kind === kindNone && n !== 0) throw new Invalid(`evidence: kind none with ${n} positions`);
  if (n > maxPositions) throw new Invalid(`evidence: ${n} positions, at most ${maxPositions}`);
  if (b.length !== 6 + 4 * width * n) throw new Invalid(`evidence: ${b.length} bytes for ${n} positions of kind ${kind}`);
  let at = 6;
  const column = (low: number, high: number): Int32Array => {
    const list = new Int32Array(n);
    for (let i = 0; i < n; i++, at += 4) {
      const x = int32At(b, at);
      if (x < low || x > high) throw new Invalid(`evidence: position ${i} is out of range`);
      list[i] = x;
    }
    return list;
  };
  const none = new Int32Array(0);
  const e: Evidence = { kind, logProb: none, margin: none, below: none, mass: none };
  if (kind === kindNone) return e;
  e.logProb = column(-127 * NAT24, 0);
  if (kind === kindFull) e.margin = column(0, 127 * NAT24);
  if (kind === kindIntervals) {
    e.below = column(0, UNIT);
    e.mass = column(0, UNIT);
    for (let i = 0; i < n; i++) {
      if (e.below[i]! > UNIT - e.mass[i]!) throw new Invalid(`evidence: position ${i} has more probability than 1`);
    }
  }
  return e;
}

/** Writes what decodeEvidence reads. */
export function encodeEvidence(e: Evidence): Uint8Array {
  const lists = [[], [e.logProb], [e.logProb, e.margin], [e.logProb, e.below, e.mass]][e.kind] ?? [];
  const b = new Uint8Array(6 + 4 * lists.length * e.logProb.length);
  const view = new DataView(b.buffer);
  b.set([1, e.kind]);
  view.setUint32(2, e.logProb.length);
  let at = 6;
  for (const list of lists) {
    for (const x of list) {
      view.setInt32(at, x);
      at += 4;
    }
  }
  return b;
}
