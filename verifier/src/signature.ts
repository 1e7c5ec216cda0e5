// Signatures: ECDSA over secp256k1 (receipts, operators' messages), BLS over
// BN254 (certificates). docs/protocol.md, "Operators' messages", "Signature".

import { weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { bn254 } from "@noble/curves/bn254.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Address, type Hash, toHex, toInteger } from "./bytes.js";
import { ethereumMessage } from "./digest.js";

// The library's own recovery comes with a hash, an HMAC, DER and a generator of
// nonces, which make a page a fifth larger: the points are the library's, the
// equation (SEC 1, 4.1.6) stands below.
const Point = weierstrass(
  {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    h: 1n,
    a: 0n,
    b: 7n,
    Gx: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    Gy: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  },
  {
    endo: {
      beta: 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een,
      basises: [
        [0x3086d221a7d46bcde86c90e49284eb15n, -0xe4437ed6010e88286f547fa90abfe4c3n],
        [0x114ca50f7a8e2f3f657c1108d9d44cfd8n, 0x3086d221a7d46bcde86c90e49284eb15n],
      ],
    },
  },
);

type Key = InstanceType<typeof Point>;

/** A signature's r and s, and the parity of the y whose x is r; undefined where they are none. */
function parse(signature: Uint8Array): { r: bigint; s: bigint; v: bigint } | undefined {
  if (signature.length !== 65) return undefined;
  const { Fn } = Point;
  const r = toInteger(signature.subarray(0, 32));
  const s = toInteger(signature.subarray(32, 64));
  const v = signature[64]! >= 27 ? signature[64]! - 27 : signature[64]!;
  if (v > 1 || r === 0n || r >= Fn.ORDER || s === 0n || s > Fn.ORDER >> 1n) return undefined;
  return { r, s, v: BigInt(v) };
}

function recoverKey(digest: Hash, signature: Uint8Array): Key | undefined {
  const { Fp, Fn } = Point;
  const parsed = parse(signature);
  if (parsed === undefined) return undefined;
  const { r, s, v } = parsed;
  const square = Fp.add(Fp.mul(Fp.sqr(r), r), 7n);
  const root = Fp.pow(square, (Fp.ORDER + 1n) / 4n);
  if (!Fp.eql(Fp.sqr(root), square)) return undefined;
  const R = Point.fromAffine({ x: r, y: (root & 1n) === v ? root : Fp.neg(root) });
  const inverse = Fn.inv(r);
  // Q = (s R - z G) / r
  const key = Point.BASE.mulAddUnsafe(Fn.mul(Fn.neg(Fn.create(BigInt(digest))), inverse), R, Fn.mul(s, inverse));
  return key.is0() ? undefined : key;
}

const addressOf = (key: Key): Address => toHex(keccak_256(key.toBytes(false).subarray(1)).subarray(12));

/** Who signed a digest, by 65 bytes r, s, v with v of 0, 1, 27 or 28; undefined where nobody did. */
export function recover(digest: Hash, signature: Uint8Array): Address | undefined {
  const key = recoverKey(digest, signature);
  return key && addressOf(key);
}

/** From how many signatures of one key on tables of its multiples are worth making. */
const many = 16;

/** Tells whether an address signed, for many signatures of few: a key that was recovered often is then known, which is three times as fast. */
export class Signers {
  private readonly known = new Map<Address, { key: Key; times: number }>();

  /** What recover(digest, signature) === address is. */
  signed(digest: Hash, signature: Uint8Array, address: Address): boolean {
    const known = this.known.get(address);
    if (known === undefined || known.times < many) {
      const key = recoverKey(digest, signature);
      if (key === undefined || addressOf(key) !== address) return false;
      const times = (known?.times ?? 0) + 1;
      this.known.set(address, { key: times === many ? key.precompute(6) : key, times });
      return true;
    }
    const parsed = parse(signature);
    if (parsed === undefined) return false;
    const { r, s, v } = parsed;
    const { Fn } = Point;
    const inverse = Fn.inv(s);
    // R = (z G + r Q) / s, and it is told by r and v: no root is needed.
    const { x, y } = Point.BASE.multiplyUnsafe(Fn.mul(Fn.create(BigInt(digest)), inverse)).add(known.key.multiplyUnsafe(Fn.mul(r, inverse))).toAffine();
    return x === r && (y & 1n) === v;
  }
}

/** Who signed an operator's message: as recover, or with v of 31 or 32 as an Ethereum message. */
export function recoverMessage(digest: Hash, signature: Uint8Array): Address | undefined {
  if (signature.length === 65 && (signature[64] === 31 || signature[64] === 32)) {
    const plain = signature.slice();
    plain[64]! -= 4;
    return recover(ethereumMessage(digest), plain);
  }
  return recover(digest, signature);
}

const { Fp, Fp2 } = bn254.fields;
const G1Point = bn254.G1.Point;
const G2Point = bn254.G2.Point;

export type G1 = InstanceType<typeof G1Point>;
export type G2 = InstanceType<typeof G2Point>;

const inField = (x: bigint): boolean => x >= 0n && x < Fp.ORDER;

/** A point of the curve from its coordinates, (0, 0) being infinity; undefined where there is none. */
export function g1(x: bigint, y: bigint): G1 | undefined {
  if (!inField(x) || !inField(y)) return undefined;
  if (x === 0n && y === 0n) return G1Point.ZERO;
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 3n))) return undefined;
  return G1Point.fromAffine({ x, y });
}

/** A point from 64 bytes, x then y. */
export function parseG1(b: Uint8Array): G1 | undefined {
  return b.length === 64 ? g1(toInteger(b.subarray(0, 32)), toInteger(b.subarray(32))) : undefined;
}

/** A point of the twist's subgroup from 128 bytes: x and y, of each the imaginary part first; zeros are infinity. */
export function parseG2(b: Uint8Array): G2 | undefined {
  if (b.length !== 128) return undefined;
  const [x1, x0, y1, y0] = [0, 32, 64, 96].map((at) => toInteger(b.subarray(at, at + 32))) as [bigint, bigint, bigint, bigint];
  if (![x1, x0, y1, y0].every(inField)) return undefined;
  if (b.every((c) => c === 0)) return G2Point.ZERO;
  try {
    const p = G2Point.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) });
    p.assertValidity(); // on the curve, and in the subgroup
    return p;
  } catch {
    return undefined;
  }
}

export const sumG1 = (points: readonly G1[]): G1 => points.reduce((a, b) => a.add(b), G1Point.ZERO);

/** Hash to the curve by try-and-increment. */
export function hashToG1(digest: Hash): G1 {
  for (let x = BigInt(digest) % Fp.ORDER; ; x = Fp.add(x, 1n)) {
    const square = Fp.add(Fp.mul(Fp.sqr(x), x), 3n);
    const y = Fp.pow(square, (Fp.ORDER + 1n) / 4n);
    if (Fp.eql(Fp.sqr(y), square)) return G1Point.fromAffine({ x, y });
  }
}

/** Whether e(a, b) = e(c, d); false where one of them is infinity. */
function pairingsEqual(a: G1, b: G2, c: G1, d: G2): boolean {
  if (a.is0() || b.is0() || c.is0() || d.is0()) return false;
  const product = bn254.pairingBatch([{ g1: a, g2: b }, { g1: c.negate(), g2: d }]);
  return bn254.fields.Fp12.eql(product, bn254.fields.Fp12.ONE);
}

/** Whether two halves of a public key are of one secret. */
export const halvesMatch = (half1: G1, half2: G2): boolean => pairingsEqual(half1, G2Point.BASE, G1Point.BASE, half2);

/** Whether the signature is that of the digest under the key. Infinity verifies nothing. */
export const verifyBLS = (signature: G1, key: G2, digest: Hash): boolean => pairingsEqual(hashToG1(digest), key, signature, G2Point.BASE);
