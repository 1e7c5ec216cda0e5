// Who is checked by whom: which leaves of a batch are sampled, and which
// operators recompute each. docs/protocol.md, "Draw and committee".

import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Address, type Hash, Invalid, compare, toInteger, uint32At, writeHex } from "./bytes.js";
import { type BatchRecord, type Domain, type Member, memberLeaf, sampleId, seedOf, tag } from "./digest.js";
import { merkleRoot } from "./merkle.js";

/** The most samples of an epoch. */
export const maxSamples = 1 << 20;

/** How many of n leaves are sampled: min(n, max(kMin, ceil(n * ratePpm / 1e6))), a rate above 1 counting as 1. */
export function sampleCount(n: bigint, ratePpm: number, kMin: number): bigint {
  const million = 1_000_000n;
  const rate = BigInt(Math.min(ratePpm, 1_000_000));
  const k = (n * rate + million - 1n) / million;
  const atLeast = BigInt(kMin);
  const most = k > atLeast ? k : atLeast;
  return most < n ? most : n;
}

/** A number of up to 64 bits in two halves. */
type Halves = [left: number, right: number];

const rounds = 6;

/** The permutation of n leaves that a seed gives, and its first k values: the sample. */
export class Draw {
  private readonly bits: number; // of a half
  private readonly n: Halves;
  private readonly input = new Uint8Array(96); // abi(seed, round, right half)
  private readonly known: Int32Array[] = []; // the rounds' values by right half, -1 for those not asked for yet

  constructor(seed: Hash, private readonly leaves: bigint, private readonly k: bigint) {
    if (k > leaves) throw new Invalid(`${k} samples of ${leaves} leaves`);
    const size = Math.max(2, leaves > 0n ? (leaves - 1n).toString(2).length : 0);
    if (size > 64) throw new Invalid("more than 2^64 leaves");
    this.bits = (size + 1) >> 1;
    this.n = this.split(leaves);
    writeHex(seed, this.input, 0);
    if (this.bits <= 16) {
      for (let r = 0; r < rounds; r++) this.known.push(new Int32Array(2 ** this.bits).fill(-1));
    }
  }

  /** The leaf of sample j; j must be below k. */
  leaf(j: bigint): bigint {
    if (j < 0n || j >= this.k) throw new Invalid(`sample ${j} of ${this.k}`);
    let x = this.split(j);
    do x = this.permute(x);
    while (this.outside(x));
    return this.join(x);
  }

  /** As which j a leaf is sampled, or undefined. */
  position(leaf: bigint): bigint | undefined {
    if (leaf < 0n || leaf >= this.leaves) return undefined;
    let x = this.split(leaf);
    do x = this.invert(x);
    while (this.outside(x));
    const j = this.join(x);
    return j < this.k ? j : undefined;
  }

  private split(x: bigint): Halves {
    const bits = BigInt(this.bits);
    return [Number(x >> bits), Number(x & ((1n << bits) - 1n))];
  }

  private join([left, right]: Halves): bigint {
    return (BigInt(left) << BigInt(this.bits)) | BigInt(right);
  }

  private outside([left, right]: Halves): boolean {
    return left > this.n[0] || (left === this.n[0] && right >= this.n[1]);
  }

  private permute([left, right]: Halves): Halves {
    for (let r = 0; r < rounds; r++) [left, right] = [right, (left ^ this.round(r, right)) >>> 0];
    return [left, right];
  }

  private invert([left, right]: Halves): Halves {
    for (let r = rounds - 1; r >= 0; r--) [left, right] = [(right ^ this.round(r, left)) >>> 0, left];
    return [left, right];
  }

  /** uint256(keccak(abi(seed, r, right))) mod 2^bits. */
  private round(r: number, right: number): number {
    const known = this.known[r];
    if (known !== undefined && known[right]! >= 0) return known[right]!;
    this.input[63] = r;
    new DataView(this.input.buffer).setUint32(92, right);
    const x = uint32At(keccak_256(this.input), 28) & (this.bits === 32 ? -1 : 2 ** this.bits - 1);
    if (known !== undefined) known[right] = x;
    return x >>> 0;
  }
}

/**
 * The weight before each row, and the total. It is where a table is checked: throws Invalid unless rows
 * ascend by address, and the weights' sum fits into 256 bits.
 */
export function tableSums(members: readonly Member[]): { before: bigint[]; total: bigint } {
  const before: bigint[] = [];
  let total = 0n;
  members.forEach((m, i) => {
    if (i > 0 && members[i - 1]!.operator >= m.operator) throw new Invalid(`operator table: ${m.operator} does not ascend at row ${i}`);
    before.push(total);
    total += m.weight;
    if (total >> 256n !== 0n) throw new Invalid(`operator table: the weights overflow 256 bits at ${m.operator}`);
  });
  return { before, total };
}

/** The root of an operator table; throws as tableSums does. */
export function tableRoot(members: readonly Member[]): Hash {
  const { before } = tableSums(members);
  return merkleRoot(members.map((m, i) => memberLeaf(m, before[i]!)));
}

/** An operator table, made ready to draw the committees of many batches from: none of them costs what grows with the table, but for a logarithm. */
export class Electorate {
  readonly before: bigint[];
  readonly total: bigint;
  readonly eligible: number; // rows that weigh something

  /** Throws Invalid where the table is none. */
  constructor(readonly members: readonly Member[]) {
    ({ before: this.before, total: this.total } = tableSums(members));
    this.eligible = members.filter((m) => m.weight > 0n).length;
  }

  /** The first row from which on something is so. */
  first(is: (row: number) => boolean): number {
    let [low, high] = [0, this.members.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (is(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Draws the committees of one batch. */
export class Committees {
  private readonly out: number[] = []; // the provider's row, if it weighs something
  private readonly left: bigint; // the weight without it
  private readonly input = new Uint8Array(128); // abi(tag, seed, j, r)

  constructor(seed: Hash, private readonly of: Electorate, provider: Address) {
    const row = of.first((i) => of.members[i]!.operator >= provider);
    const own = of.members[row];
    if (own?.operator === provider && own.weight > 0n) this.out.push(row);
    this.left = of.total - (this.out.length > 0 ? own!.weight : 0n);
    writeHex(tag("posp.committee.v1"), this.input, 0);
    writeHex(seed, this.input, 32);
  }

  /** How many a committee of m has: all the eligible when there are fewer. */
  size(m: number): number {
    return Math.min(m, this.of.eligible - this.out.length);
  }

  /** The committee of m for sample j, in the order drawn. */
  draw(j: bigint, m: number): Address[] {
    const { members, before } = this.of;
    const taken = this.out.slice(); // ascending
    const drawn: Address[] = [];
    const view = new DataView(this.input.buffer);
    view.setBigUint64(88, j);
    let left = this.left;
    for (let r = 0; r < this.size(m); r++) {
      view.setUint32(124, r);
      // Where u would be if those who are out were still in.
      let u = toInteger(keccak_256(this.input)) % left;
      for (const i of taken) {
        if (u < before[i]!) break;
        u += members[i]!.weight;
      }
      // The last that begins at or before u; those that weigh nothing begin where the next does.
      const row = this.of.first((i) => before[i]! > u) - 1;
      left -= members[row]!.weight;
      drawn.push(members[row]!.operator);
      taken.push(row);
      taken.sort((a, b) => a - b);
    }
    return drawn;
  }
}

/** One sample, and who recomputes it. */
export interface Assignment {
  sampleId: Hash;
  j: number;
  leaf: bigint;
  committee: Address[];
}

/** A batch's samples with their committees of m, in order of j. Throws Invalid where there are too many, or the table is none. */
export function* assignments(d: Domain, batch: BatchRecord, beacon: Hash, members: readonly Member[], m: number): Generator<Assignment> {
  const k = sampleCount(batch.leafCount, batch.ratePpm, batch.kMin);
  if (k > BigInt(maxSamples)) throw new Invalid(`${k} samples of batch ${batch.id}, at most ${maxSamples}`);
  const seed = seedOf(d, batch.epoch, batch.id, beacon);
  const draw = new Draw(seed, batch.leafCount, k);
  const committees = new Committees(seed, new Electorate(members), batch.provider);
  for (let j = 0; j < Number(k); j++) {
    const leaf = draw.leaf(BigInt(j));
    yield { sampleId: sampleId(batch.id, j, leaf), j, leaf, committee: committees.draw(BigInt(j), m) };
  }
}

/** Batches in the order of a result: ascending by id. */
export const byId = (a: BatchRecord, b: BatchRecord): number => compare(a.id, b.id);
