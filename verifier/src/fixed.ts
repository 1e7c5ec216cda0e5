// Exponential and logarithm of log e-values: exact by definition, and never
// above the real value, so that rounding accuses nobody. docs/protocol.md,
// "Policy and verdict".

/** One nat of log e-values (Q16). */
export const NAT = 1 << 16;

/** Beyond 40 nats no sum of log e-values goes. */
export const maxLogE = 40 * NAT;

/** E[i] = floor(2^63 * exp(-2^(i-16))). */
const E = [
  0x7fff80003fffeaaan, 0x7fff0000ffff5555n, 0x7ffe0003fffaaaafn, 0x7ffc000fffd555aan, 0x7ff8003ffeaaafffn, 0x7ff000fff555aaa8n,
  0x7fe003ffaaafffbbn, 0x7fc00ffd55aaa222n, 0x7f803feaaffeef1cn, 0x7f00ff55aa8893e5n, 0x7e03faaffbbe9249n, 0x7c0fd5aa22d75e45n,
  0x783eafef1c0a8f39n, 0x70f5a893b608861en, 0x63afbe7ab2082ba1n, 0x4da2cbf1be5827f9n, 0x2f16ac6c59de6f8dn, 0x1152aaa3bf81cb9fn,
  0x02582ab704279e8en, 0x000afe10820813d6n, 0x000000f1aaddd774n,
];

/** exp(-x) in Q40, for x >= 0 in Q16 nats. */
export function exp(x: number): bigint {
  if (x >= 28 * NAT) return 0n;
  let r = 1n << 63n;
  for (let i = 0; x !== 0; i++, x >>>= 1) {
    if (x & 1) r = (r * E[i]!) >> 63n;
  }
  return r >> 23n;
}

/** How many bits a number at or above 0 has. */
export function bitLength(x: bigint): number {
  const digits = x.toString(16);
  return 4 * digits.length + 28 - Math.clz32(Number.parseInt(digits[0]!, 16));
}

/** The binary logarithm of y in Q24, for 0 < y < 2^64. */
export function log2(y: bigint): bigint {
  const top = bitLength(y) - 1;
  let m = y << BigInt(63 - top);
  let r = BigInt(top);
  for (let i = 0; i < 24; i++) {
    m = (m * m) >> 63n;
    r <<= 1n;
    if (m >> 64n) {
      m >>= 1n;
      r += 1n;
    }
  }
  return r;
}

/** A binary logarithm in Q24 as nats in Q16. (BigInt's shift to the right is the floor.) */
export function nats(x: bigint): number {
  return Number((x * (x >= 0n ? 2977044471n : 2977044472n)) >> 40n);
}

/** ln(y / 2^40) in Q16 nats, for 0 < y < 2^64. */
export const ln = (y: bigint): number => nats(log2(y) - (40n << 24n));

/** The logarithm of the mean of exp over a list that is not empty. */
export function mean(list: readonly number[]): number {
  const top = list.reduce((a, b) => Math.max(a, b));
  let sum = 0n;
  for (const l of list) sum += exp(top - l);
  return top + ln(sum / BigInt(list.length));
}

/** A product of integers above 0, m * 2^k with 2^63 <= m < 2^64, each factor's product rounded down. */
export class Product {
  private m = 1n << 63n;
  private k = -63;

  times(x: bigint): void {
    const p = this.m * x;
    const d = bitLength(p) - 64;
    this.m = p >> BigInt(d);
    this.k += d;
  }

  /** The product's binary logarithm in Q24. */
  log2(): bigint {
    return (BigInt(this.k) << 24n) + log2(this.m);
  }
}
