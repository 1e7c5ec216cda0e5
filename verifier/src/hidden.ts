// What receipts of private specs commit to: rows of tokens hidden by Poseidon2
// over BN254's scalar field. docs/privacy.md, "Commitments".

import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hash, Invalid, integerHex, toInteger, utf8 } from "./bytes.js";

/** The field's order. */
const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const power5 = (x: bigint): bigint => {
  const square = (x * x) % R;
  return (((square * square) % R) * x) % R;
};

/** The parameters of a Poseidon2 permutation with 8 full rounds. */
interface Parameters {
  full: bigint[][]; // 8 of the width
  partial: bigint[];
  diagonal: bigint[]; // of the inner matrix, less 1
}

/** Width 2: constants are a chain of keccak from a name. */
function narrow(): Parameters {
  let h = keccak_256(utf8("Poseidon2-BN254[t=2,rF=8,rP=56,d=5]"));
  const next = (): bigint => toInteger((h = keccak_256(h))) % R;
  const row = (): bigint[] => [next(), next()];
  const first = [row(), row(), row(), row()];
  const partial = Array.from({ length: 56 }, next);
  return { full: [...first, row(), row(), row(), row()], partial, diagonal: [1n, 2n] };
}

/** Width 12: constants are of the Grain LFSR of the paper's script. */
function wide(): Parameters {
  const width = 12;
  const state: number[] = [];
  const fields: [value: number, bits: number][] = [[1, 2], [0, 4], [254, 12], [width, 12], [8, 10], [57, 10], [2 ** 30 - 1, 30]];
  for (const [value, bits] of fields) for (let i = bits - 1; i >= 0; i--) state.push((value >>> i) & 1);
  let at = 0; // the LFSR's first bit, in a ring of 80
  const tap = (i: number): number => state[(at + i) % 80]!;
  const bit = (): number => {
    const b = tap(62) ^ tap(51) ^ tap(38) ^ tap(23) ^ tap(13) ^ tap(0);
    state[at] = b;
    at = (at + 1) % 80;
    return b;
  };
  for (let i = 0; i < 160; i++) bit();
  const integer = (): bigint => {
    let digits = "0b";
    for (let i = 0; i < 254; ) {
      const keep = bit();
      const b = bit();
      if (keep === 0) continue;
      digits += b;
      i++;
    }
    return BigInt(digits);
  };
  const constant = (): bigint => {
    for (;;) {
      const x = integer();
      if (x < R) return x;
    }
  };
  const row = (): bigint[] => Array.from({ length: width }, constant);
  const first = [row(), row(), row(), row()];
  const partial = Array.from({ length: 57 }, constant);
  const full = [...first, row(), row(), row(), row()];
  // Of the diagonals that the script draws, its seventh is the first that gives a secure matrix.
  for (let i = 0; i < 6 * width; i++) integer();
  const diagonal = Array.from({ length: width }, () => ((integer() % R) + R - 1n) % R);
  return { full, partial, diagonal };
}

function outer(x: bigint[]): void {
  if (x.length === 2) {
    const sum = x[0]! + x[1]!;
    x[0] = (x[0]! + sum) % R;
    x[1] = (x[1]! + sum) % R;
    return;
  }
  const sums = [0n, 0n, 0n, 0n];
  for (let i = 0; i < x.length; i += 4) {
    const [a, b, c, d] = x.slice(i, i + 4) as [bigint, bigint, bigint, bigint];
    const m = [5n * a + 7n * b + c + 3n * d, 4n * a + 6n * b + c + d, a + 3n * b + 5n * c + 7n * d, a + b + 4n * c + 6n * d];
    m.forEach((y, k) => {
      x[i + k] = y;
      sums[k]! += y;
    });
  }
  for (let i = 0; i < x.length; i++) x[i] = (x[i]! + sums[i % 4]!) % R;
}

function permute(p: Parameters, x: bigint[]): bigint[] {
  outer(x);
  const round = (keys: readonly bigint[]): void => {
    for (let i = 0; i < x.length; i++) x[i] = power5(x[i]! + keys[i]!);
    outer(x);
  };
  for (const keys of p.full.slice(0, 4)) round(keys);
  for (const key of p.partial) {
    x[0] = power5(x[0]! + key);
    const sum = x.reduce((a, b) => a + b);
    for (let i = 0; i < x.length; i++) x[i] = (x[i]! * p.diagonal[i]! + sum) % R;
  }
  for (const keys of p.full.slice(4)) round(keys);
  return x;
}

let parameters2: Parameters | undefined;
let parameters12: Parameters | undefined;

/** The 2-to-1 compression of nodes, salts and leaves. */
function compress(left: bigint, right: bigint): bigint {
  const x = permute((parameters2 ??= narrow()), [left, right]);
  return (x[1]! + right) % R;
}

/** The seed of a trace's salts as the field's element; throws Invalid unless it is one above 0. */
export function traceSeed(seed: Hash): bigint {
  const x = BigInt(seed);
  if (x === 0n || x >= R) throw new Invalid("the trace seed is no element of the field above 0");
  return x;
}

const asHash = (x: bigint): Hash => integerHex(x, 32);

/** Binds the seed: compress(seed, 2^63). */
export const seedCommitment = (seed: bigint): Hash => asHash(compress(seed, 1n << 63n));

/** The root of a row of tokens (0 the prompt, 1 the output) in the trace of a private spec. */
export function hiddenTokens(seed: bigint, row: number, tokens: readonly number[]): Hash {
  const salt = compress(seed, BigInt(row));
  let blocks = 1;
  while (blocks * 64 < tokens.length) blocks *= 2;
  let level: bigint[] = [];
  for (let block = 0; block < blocks; block++) {
    const state = new Array<bigint>(12).fill(0n);
    state[0] = (salt + BigInt(block)) % R;
    for (let i = 63; i >= 0; i--) {
      // As an int32, moved to unsigned by half its range; the lane's first is lowest.
      const element = ((tokens[block * 64 + i] ?? 0) ^ 0x80000000) >>> 0;
      const lane = 1 + Math.floor(i / 7);
      state[lane] = (state[lane]! << 32n) | BigInt(element);
    }
    level.push(permute((parameters12 ??= wide()), state)[1]!);
  }
  while (level.length > 1) {
    const above: bigint[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(compress(level[i]!, level[i + 1]!));
    level = above;
  }
  return asHash(level[0]!);
}
