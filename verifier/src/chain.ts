// What a block header proves: RLP, Merkle-Patricia proofs, state and receipts.
// docs/bundle.md, "Checks".

import { type Address, type Hash, Invalid, fromHex, integerHex, toHex, toInteger, writeHex } from "./bytes.js";
import { keccak } from "./digest.js";

/** A decoded RLP item. */
export type Item = Uint8Array | Item[];

const maxDepth = 32; // of lists in lists: far above a receipt's

/** Reads one RLP item, in its only encoding, to the last byte. */
export function decodeRLP(b: Uint8Array): Item {
  const [item, end] = readItem(b, 0, b.length, 0);
  if (end !== b.length) throw new Invalid("RLP: bytes are left over");
  return item;
}

function readItem(b: Uint8Array, at: number, limit: number, depth: number): [item: Item, end: number] {
  const need = (n: number): number => {
    if (n > limit) throw new Invalid("RLP: an item is longer than what holds it");
    return n;
  };
  need(at + 1);
  const head = b[at]!;
  if (head < 0x80) return [b.subarray(at, at + 1), at + 1];
  const list = head >= 0xc0;
  let size = head - (list ? 0xc0 : 0x80);
  let start = at + 1;
  if (size > 55) {
    const width = size - 55;
    need(start + width);
    if (width > 6 || b[start] === 0) throw new Invalid("RLP: a length is not written in the shortest way");
    size = Number(toInteger(b.subarray(start, start + width)));
    if (size <= 55) throw new Invalid("RLP: a length is not written in the shortest way");
    start += width;
  }
  const end = need(start + size);
  if (!list) {
    if (size === 1 && b[start]! < 0x80) throw new Invalid("RLP: a byte is not written in the shortest way");
    return [b.subarray(start, end), end];
  }
  if (depth === maxDepth) throw new Invalid("RLP: lists are too deep");
  const items: Item[] = [];
  for (let next = start; next < end; ) {
    const [item, after] = readItem(b, next, end, depth + 1);
    items.push(item);
    next = after;
  }
  return [items, end];
}

function isList(item: Item | undefined): item is Item[] {
  return Array.isArray(item);
}

function bytesOf(item: Item | undefined, what: string, size?: number): Uint8Array {
  if (item === undefined || isList(item)) throw new Invalid(`${what} is no string`);
  if (size !== undefined && item.length !== size) throw new Invalid(`${what} has ${item.length} bytes, want ${size}`);
  return item;
}

/** What is read of a block header. */
export interface Header {
  hash: Hash;
  parent: Hash;
  stateRoot: Hash;
  receiptsRoot: Hash;
  number: bigint;
  mixHash: Hash; // prevrandao
}

/** Reads a header from its RLP; throws Invalid where it is none. */
export function decodeHeader(rlp: Uint8Array): Header {
  const list = decodeRLP(rlp);
  if (!isList(list) || list.length < 16 || list.some(isList)) throw new Invalid("header: no list of at least 16 strings");
  const hash = (i: number, what: string): Hash => toHex(bytesOf(list[i], `header: ${what}`, 32));
  if (bytesOf(list[7], "difficulty").length !== 0) throw new Invalid("header: a difficulty, so it is from before the merge");
  const number = bytesOf(list[8], "number");
  if (number.length < 1 || number.length > 8 || number[0] === 0) throw new Invalid("header: the number is not of 1 to 8 bytes without leading zeros");
  return {
    hash: keccak(rlp),
    parent: hash(0, "parent hash"),
    stateRoot: hash(3, "state root"),
    receiptsRoot: hash(5, "receipts root"),
    number: toInteger(number),
    mixHash: hash(13, "mix hash"),
  };
}

/** The root of a trie that holds nothing. */
const emptyRoot = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** Of nodes that one lookup goes through: a leaf under a key of 32 bytes. Extensions of no nibbles would make more of them. */
const maxPath = 65;

/** Nodes of Merkle-Patricia tries, found by their hashes, and which of them were. */
export class Nodes {
  private readonly nodes = new Map<Hash, Uint8Array>();
  private readonly order: Hash[] = [];
  private readonly used = new Set<Hash>();

  constructor(nodes: readonly Uint8Array[]) {
    for (const node of nodes) {
      const hash = keccak(node);
      this.order.push(hash);
      this.nodes.set(hash, node);
    }
  }

  /** Throws Invalid unless the nodes ascend by hash, and every one was used. */
  check(): void {
    let before = "";
    for (const hash of this.order) {
      if (hash <= before) throw new Invalid(`node ${hash} does not ascend`);
      if (!this.used.has(hash)) throw new Invalid(`node ${hash} proves nothing`);
      before = hash;
    }
  }

  /** What stands under a key; undefined where it is proved that nothing does. Throws Invalid where neither is proved. */
  get(root: Hash, key: Uint8Array): Uint8Array | undefined {
    if (root === emptyRoot) return undefined;
    const path: number[] = [];
    for (const b of key) path.push(b >> 4, b & 15);
    let node = this.node(root);
    for (let at = 0, seen = 1; ; ) {
      let child: Item | undefined;
      if (node.length === 17) {
        if (at === path.length) return value(node[16]);
        child = node[path[at++]!];
      } else if (node.length === 2) {
        const { nibbles, leaf } = decodePath(bytesOf(node[0], "trie: a path"));
        const matches = nibbles.every((nibble, i) => nibble === path[at + i]);
        at += nibbles.length;
        if (!matches || (leaf && at !== path.length)) return undefined;
        if (leaf) return value(node[1]);
        child = node[1];
      } else {
        throw new Invalid(`trie: a node of ${node.length} items`);
      }
      if (isList(child)) {
        node = child;
        continue;
      }
      const hash = bytesOf(child, "trie: a child");
      if (hash.length === 0) return undefined;
      if (++seen > maxPath) throw new Invalid("trie: the proof goes through more nodes than a key has nibbles");
      node = this.node(toHex(bytesOf(hash, "trie: a child", 32)));
    }
  }

  private node(hash: Hash): Item[] {
    const rlp = this.nodes.get(hash);
    if (rlp === undefined) throw new Invalid(`trie: node ${hash} is not there`);
    this.used.add(hash);
    const node = decodeRLP(rlp);
    if (!isList(node)) throw new Invalid(`trie: node ${hash} is no list`);
    return node;
  }
}

function value(item: Item | undefined): Uint8Array | undefined {
  const b = bytesOf(item, "trie: a value");
  return b.length === 0 ? undefined : b;
}

/** A path in hex-prefix encoding. */
function decodePath(b: Uint8Array): { nibbles: number[]; leaf: boolean } {
  const flag = (b[0] ?? 0xff) >> 4;
  if (flag > 3 || (flag % 2 === 0 && (b[0]! & 15) !== 0)) throw new Invalid("trie: a path is not in hex-prefix encoding");
  const nibbles: number[] = flag % 2 === 0 ? [] : [b[0]! & 15];
  for (const x of b.subarray(1)) nibbles.push(x >> 4, x & 15);
  return { nibbles, leaf: flag >= 2 };
}

/** A contract's storage after a block. */
export class Storage {
  private readonly root: Hash;

  /** Throws Invalid where the account is not proved to be there. */
  constructor(private readonly nodes: Nodes, stateRoot: Hash, address: Address) {
    const account = nodes.get(stateRoot, fromHex(keccak(fromHex(address, 20))));
    if (account === undefined) throw new Invalid(`state: there is no account ${address}`);
    const fields = decodeRLP(account);
    if (!isList(fields) || fields.length !== 4) throw new Invalid(`state: the account of ${address} is none`);
    this.root = toHex(bytesOf(fields[2], "state: a storage root", 32));
  }

  /** The word at a slot. */
  word(slot: bigint): bigint {
    const rlp = this.nodes.get(this.root, fromHex(keccak(fromHex(integerHex(slot, 32)))));
    if (rlp === undefined) return 0n;
    const word = bytesOf(decodeRLP(rlp), "state: a word");
    if (word.length > 32 || word[0] === 0) throw new Invalid("state: a word is not of up to 32 bytes without leading zeros");
    return toInteger(word);
  }
}

/** The slot of a mapping's value for a key (a number, or a value as 0x-hex) at a place. */
export function mappingSlot(key: bigint | string, place: bigint): bigint {
  const b = new Uint8Array(64);
  const hex = typeof key === "bigint" ? integerHex(key, 32) : key;
  writeHex(hex, b, 32 - (hex.length - 2) / 2);
  writeHex(integerHex(place, 32), b, 32);
  return BigInt(keccak(b));
}

/** size bits of a word, from its bit at on. */
export const bits = (word: bigint, at: number, size: number): bigint => (word >> BigInt(at)) & ((1n << BigInt(size)) - 1n);

export interface Log {
  address: Address;
  topics: Hash[];
  data: Uint8Array;
}

/** The logs of the receipt at an index of a block, which must have succeeded; throws Invalid otherwise. */
export function logsOf(nodes: Nodes, receiptsRoot: Hash, index: number): Log[] {
  const receipt = nodes.get(receiptsRoot, encodeIndex(index));
  if (receipt === undefined) throw new Invalid(`the block has no receipt ${index}`);
  const typed = receipt[0]! > 0 && receipt[0]! < 0x80; // EIP-2718
  const list = decodeRLP(typed ? receipt.subarray(1) : receipt);
  if (!isList(list) || list.length !== 4 || !isList(list[3])) throw new Invalid(`receipt ${index} is none`);
  const status = bytesOf(list[0], "a receipt's status");
  if (status.length !== 1 || status[0] !== 1) throw new Invalid(`the transaction of receipt ${index} failed`);
  return list[3].map((log) => {
    if (!isList(log) || log.length !== 3 || !isList(log[1])) throw new Invalid(`receipt ${index}: a log is none`);
    return {
      address: toHex(bytesOf(log[0], "a log's address", 20)),
      topics: log[1].map((topic) => toHex(bytesOf(topic, "a log's topic", 32))),
      data: bytesOf(log[2], "a log's data"),
    };
  });
}

/** RLP of an index below 2^32. */
function encodeIndex(index: number): Uint8Array {
  if (index === 0) return Uint8Array.of(0x80);
  const b = fromHex(integerHex(BigInt(index), 4));
  const short = b.subarray(b.findIndex((x) => x !== 0));
  return short.length === 1 && short[0]! < 0x80 ? short : Uint8Array.of(0x80 + short.length, ...short);
}
