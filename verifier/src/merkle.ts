// The protocol's Merkle tree: leaf = keccak(0x00 ‖ value), node = keccak(0x01 ‖
// left ‖ right), padded with zero leaves to a power of two. Functions take the
// values under the leaves, so that no inner node passes for a value.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hash, fromHex, toHex, writeHex } from "./bytes.js";

function hashLeaf(value: Hash): Uint8Array {
  const b = new Uint8Array(33);
  writeHex(value, b, 1);
  return keccak_256(b);
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const b = new Uint8Array(65);
  b[0] = 1;
  b.set(left, 1);
  b.set(right, 33);
  return keccak_256(b);
}

export const merkleLeaf = (value: Hash): Hash => toHex(hashLeaf(value));

/** The length of every proof in a tree of count values: ceil(log2(max(count, 1))). */
export function merkleDepth(count: bigint): number {
  return count <= 1n ? 0 : (count - 1n).toString(2).length;
}

/** The root over values; of none it is zero. */
export function merkleRoot(values: readonly Hash[]): Hash {
  let level = values.map(hashLeaf);
  let zero: Uint8Array = new Uint8Array(32);
  for (let depth = merkleDepth(BigInt(values.length)); depth > 0; depth--) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(hashNode(level[i]!, level[i + 1] ?? zero));
    zero = hashNode(zero, zero);
    level = above;
  }
  return toHex(level[0] ?? zero);
}

/** Whether value stands at index of the tree of count values under root. */
export function merkleVerify(root: Hash, value: Hash, index: bigint, count: bigint, proof: readonly Hash[]): boolean {
  if (index < 0n || index >= count || proof.length !== merkleDepth(count)) return false;
  let node = hashLeaf(value);
  for (const [i, sibling] of proof.entries()) {
    const other = fromHex(sibling, 32);
    node = (index >> BigInt(i)) & 1n ? hashNode(other, node) : hashNode(node, other);
  }
  return toHex(node) === root;
}
