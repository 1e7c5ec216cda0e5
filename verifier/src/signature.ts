// Signatures: ECDSA over secp256k1 (receipts, operators' messages), BLS over
// BN254 (certificates). docs/protocol.md, "Operators' messages", "Signature".

import { bn254 } from "@noble/curves/bn254.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Address, type Hash, fromHex, toHex, toInteger } from "./bytes.js";
import { ethereumMessage } from "./digest.js";

/** Who signed a digest, by 65 bytes r, s, v with v of 0, 1, 27 or 28; undefined where nobody did. */
export function recover(digest: Hash, signature: Uint8Array): Address | undefined {
  if (signature.length !== 65) return undefined;
  const v = signature[64]! >= 27 ? signature[64]! - 27 : signature[64]!;
  if (v > 1) return undefined;
  try {
    const s = secp256k1.Signature.fromBytes(signature.subarray(0, 64), "compact").addRecoveryBit(v);
    if (s.hasHighS()) return undefined;
    const key = s.recoverPublicKey(fromHex(digest, 32)).toBytes(false);
    return toHex(keccak_256(key.subarray(1)).subarray(12));
  } catch {
    return undefined; // r or s is 0 or beyond the order, or r is no point's
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
