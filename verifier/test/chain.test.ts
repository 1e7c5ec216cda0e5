// What a block header proves, and what only looks like it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, fromHex, utf8 } from "../src/bytes.js";
import { Nodes } from "../src/chain.js";
import { keccak } from "../src/digest.js";

const string = (b: Uint8Array): Uint8Array => (b.length === 1 && b[0]! < 0x80 ? b : concat(Uint8Array.of(0x80 + b.length), b));

/** A node of two items. */
function pair(path: Uint8Array, child: Uint8Array): Uint8Array {
  const body = concat(string(path), string(child));
  return concat(Uint8Array.of(0xc0 + body.length), body);
}

test("a lookup does not go through as many nodes as a file holds", () => {
  const key = fromHex(keccak(utf8("key")));
  const list = [pair(concat(Uint8Array.of(0x20), key), utf8("a value"))]; // a leaf
  const find = (): Uint8Array | undefined => new Nodes(list).get(keccak(list.at(-1)!), key);
  assert.deepEqual(find(), utf8("a value"));
  for (let i = 0; i < 64; i++) list.push(pair(Uint8Array.of(0), fromHex(keccak(list.at(-1)!)))); // extensions of no nibbles
  assert.deepEqual(find(), utf8("a value"));
  list.push(pair(Uint8Array.of(0), fromHex(keccak(list.at(-1)!))));
  assert.throws(find, /more nodes/);
});
