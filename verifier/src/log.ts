// Transparency logs: what one says of an epoch, by C2SP's signed-note,
// tlog-checkpoint, tlog-cosignature, tlog-proof and tlog-policy, and the Merkle
// tree of RFC 6962. docs/bundle.md, "Log".

import { edwards } from "@noble/curves/abstract/edwards.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { type Address, type Hash, Invalid, concat, equal, toInteger, uint32At, utf8 } from "./bytes.js";

/** What is held of a log. */
export interface Log {
  entries: LogEntry[]; // ascending by index
  head: Uint8Array; // signed note
}

/** An entry of a log, and the proof that it stands there. */
export interface LogEntry {
  text: string;
  kind: string;
  epoch: bigint;
  subject: Address;
  index: bigint;
  proof: Uint8Array[]; // from the leaf's sibling up
}

const maxHead = 2 ** 16;

const begins = "posp.log.v1 ";
const entryText = /^posp\.log\.v1 (batch|commitments|reveals|samples|result) (0|[1-9][0-9]{0,19}) (0x[0-9a-f]{40}) 0x[0-9a-f]{64}$/;
const indexText = /^index (0|[1-9][0-9]{0,18})$/;

// Base64 of any bytes, as Go reads it; and as it is written, of 32 bytes.
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const base64Of32 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

const fromBase64 = (s: string): Uint8Array => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));

/** Reads what a file holds of a log. It does not look into the head. */
export function readLog(b: Uint8Array): Log {
  const text = new TextDecoder("latin1").decode(b); // a character for each byte
  const entries: LogEntry[] = [];
  let at = 0;
  const line = (): string => {
    const end = text.indexOf("\n", at);
    if (end < 0) throw new Invalid(`log: entry ${entries.length} does not end`);
    const s = text.slice(at, end);
    at = end + 1;
    return s;
  };
  while (text.startsWith(begins, at)) {
    const entry = line();
    const [, kind, epoch, subject] = entryText.exec(entry) ?? [];
    if (line() !== "c2sp.org/tlog-proof@v1") throw new Invalid(`log: no proof follows entry ${entries.length}`);
    const [, index] = indexText.exec(line()) ?? [];
    if (kind === undefined || epoch === undefined || subject === undefined || BigInt(epoch) >> 64n !== 0n) throw new Invalid(`log: entry ${entries.length} is none`);
    if (index === undefined || BigInt(index) >> 63n !== 0n) throw new Invalid(`log: entry ${entries.length} has no index`);
    const e: LogEntry = { text: entry, kind, epoch: BigInt(epoch), subject, index: BigInt(index), proof: [] };
    for (let s = line(); s !== ""; s = line()) {
      if (!base64Of32.test(s)) throw new Invalid(`log: the proof of entry ${entries.length} is not base64 of 32 bytes`);
      e.proof.push(fromBase64(s));
    }
    if (entries.length > 0 && e.index <= entries[entries.length - 1]!.index) throw new Invalid(`log: index ${e.index} does not ascend`);
    entries.push(e);
  }
  const head = b.subarray(at);
  if (head.length === 0 || head.length > maxHead) throw new Invalid(`log: a head of ${head.length} bytes, want 1 to ${maxHead}`);
  return { entries, head };
}

/** A head: the tree that it is of, and who claims to have signed it. */
export interface Head {
  origin: string;
  size: bigint;
  root: Uint8Array;
  text: Uint8Array; // what is signed
  written: boolean; // the text is the one way to write it
  signatures: { key: string; bytes: Uint8Array }[];
}

/** Which key: its name, and its number in hexadecimal. */
const keyName = (name: string, id: number): string => `${name}+${id.toString(16).padStart(8, "0")}`;

// What Unicode takes for spaces, and plus.
const noName = /^$|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

/** Reads a head without checking its signatures; throws Invalid where it is none. */
export function readHead(b: Uint8Array): Head {
  let note: string;
  try {
    note = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(b);
  } catch {
    throw new Invalid("the log's head is not UTF-8");
  }
  const end = note.lastIndexOf("\n\n");
  if (/[\0-\t\v-\x1f]/.test(note) || end < 0 || !note.endsWith("\n") || end + 2 === note.length) throw new Invalid("the log's head is no signed note");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > 100) throw new Invalid("the log's head has more than 100 signatures");
  const signatures = lines.map((line) => {
    const [, name, signature] = /^\u2014 ([^ ]*) (.+)$/.exec(line) ?? [];
    if (name === undefined || signature === undefined || noName.test(name) || !base64.test(signature) || signature.length < 8) throw new Invalid("a signature of the log's head is none");
    const bytes = fromBase64(signature);
    if (bytes.length < 5) throw new Invalid("a signature of the log's head is none");
    return { key: keyName(name, uint32At(bytes, 0)), bytes: bytes.subarray(4) };
  });
  const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
  if (origin === undefined || size === undefined || !/^(0|[1-9][0-9]{0,18})$/.test(size) || BigInt(size) >> 63n !== 0n || root === undefined || !base64.test(root) || more.includes("")) {
    throw new Invalid("the log's head is no checkpoint");
  }
  const hash = fromBase64(root);
  if (hash.length !== 32) throw new Invalid("the log's head has no root");
  return { origin, size: BigInt(size), root: hash, text: utf8(text), written: base64Of32.test(root), signatures };
}

/** Whose signatures a head must have. */
export interface LogPolicy {
  origin: string;
  keys: Map<string, VerifierKey>; // that count, by keyName
  satisfied(signed: ReadonlySet<string>): boolean;
}

interface VerifierKey {
  publicKey: Uint8Array;
  witness: boolean;
}

const logKey = 1;
const witnessKey = 4;

function parseKey(s: string, algorithm: number): { key: string; name: string; publicKey: Uint8Array } {
  const [, name, id, encoded] = /^([^+]*)\+([0-9a-fA-F]{8})\+(.*)$/.exec(s) ?? [];
  if (name === undefined || id === undefined || encoded === undefined || noName.test(name) || !base64.test(encoded)) throw new Invalid(`log policy: ${s} is no verifier key`);
  const bytes = fromBase64(encoded);
  if (bytes.length !== 33 || bytes[0] !== algorithm) throw new Invalid(`log policy: ${s} is no verifier key of that kind`);
  const number = uint32At(sha256(concat(utf8(name + "\n"), bytes)), 0);
  if (number !== Number.parseInt(id, 16)) throw new Invalid(`log policy: ${s} has a wrong number`);
  return { key: keyName(name, number), name, publicKey: bytes.subarray(1) };
}

/** Reads the policy of one log (docs/log.md); throws Invalid where it is none. */
export function parseLogPolicy(text: string): LogPolicy {
  type Part = { keys: string[]; satisfied: LogPolicy["satisfied"] };
  const parts = new Map<string, Part>();
  const known = new Map<string, VerifierKey>();
  let log: { key: string; name: string } | undefined;
  let quorum: Part | undefined;
  const define = (name: string | undefined, part: Part): void => {
    if (name === undefined || parts.has(name)) throw new Invalid(`log policy: ${name} is defined twice`);
    parts.set(name, part);
  };
  const named = (name: string | undefined): Part => {
    const part = parts.get(name ?? "");
    if (part === undefined) throw new Invalid(`log policy: ${name} is not defined`);
    return part;
  };
  for (const line of text.split("\n")) {
    const [word, ...f] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (word === "") continue;
    if (word === "log") {
      if (log !== undefined) throw new Invalid("log policy: it names two logs");
      const { key, name, publicKey } = parseKey(f[0] ?? "", logKey);
      log = { key, name };
      known.set(key, { publicKey, witness: false });
    } else if (word === "witness") {
      const { key, publicKey } = parseKey(f[1] ?? "", witnessKey);
      define(f[0], { keys: [key], satisfied: (signed) => signed.has(key) });
      known.set(key, { publicKey, witness: true });
    } else if (word === "group") {
      const members = f.slice(2).map(named);
      const least = f[1] === "any" ? 1 : f[1] === "all" ? members.length : /^[0-9]+$/.test(f[1] ?? "") ? Number(f[1]) : 0;
      if (least < 1 || least > members.length) throw new Invalid(`log policy: group ${f[0]} wants ${f[1]} of ${members.length}`);
      define(f[0], { keys: members.flatMap((m) => m.keys), satisfied: (signed) => members.filter((m) => m.satisfied(signed)).length >= least });
    } else if (word === "quorum" && quorum === undefined) {
      quorum = f[0] === "none" ? { keys: [], satisfied: () => true } : named(f[0]);
    } else {
      throw new Invalid(`log policy: a line ${word}`);
    }
  }
  if (log === undefined || quorum === undefined) throw new Invalid("log policy: want a line log, and a line quorum");
  const { key, name } = log;
  const { keys, satisfied } = quorum;
  if (new Set(keys).size !== keys.length) throw new Invalid("log policy: a witness counts twice");
  return { origin: name, keys: new Map([key, ...keys].map((k) => [k, known.get(k)!])), satisfied: (signed) => signed.has(key) && satisfied(signed) };
}

/** Throws Invalid unless a head is of the policy's log, and signed by whom it asks for. */
export function checkHead(head: Head, policy: LogPolicy): void {
  const signed = new Set<string>();
  for (const { key, bytes } of head.signatures) {
    const known = policy.keys.get(key);
    if (known === undefined || signed.has(key)) continue;
    if (!(known.witness ? cosigned(head, known.publicKey, bytes) : verifyEd25519(bytes, head.text, known.publicKey))) throw new Invalid(`the signature of ${key} is wrong`);
    signed.add(key);
  }
  if (head.origin !== policy.origin) throw new Invalid(`the head is of log ${JSON.stringify(head.origin)}, the trusted policy's is ${policy.origin}`);
  if (!policy.satisfied(signed)) throw new Invalid(`signed by ${[...signed].join(", ") || "nobody"}, which is not what the trusted policy asks for`);
}

function cosigned(head: Head, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const time = toInteger(signature.subarray(0, 8));
  return head.written && signature.length === 72 && verifyEd25519(signature.subarray(8), concat(utf8(`cosignature/v1\ntime ${time}\n`), head.text), publicKey);
}

// Ed25519 as Go's crypto/ed25519 verifies: RFC 8032, 5.1.7, without the cofactor,
// points of small order and other ways of writing a key included. What the
// library and browsers verify differs there; the points are the library's, the
// equation stands below, and tests/vectors/ed25519.json has what Go says.
const order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
const Point = edwards({
  p: 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn,
  n: order,
  h: 8n,
  a: 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffecn,
  d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
  Gx: 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an,
  Gy: 0x6666666666666666666666666666666666666666666666666666666666666658n,
});

const littleEndian = (b: Uint8Array): bigint => toInteger(b.slice().reverse());

/** What Go's crypto/ed25519 says of a signature. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const R = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (signature.length !== 64 || publicKey.length !== 32 || s >= order) return false;
  let A: InstanceType<typeof Point>;
  try {
    A = Point.fromBytes(publicKey, true);
  } catch {
    return false; // no point
  }
  const k = littleEndian(sha512(concat(R, publicKey, message))) % order;
  return equal(Point.BASE.multiplyUnsafe(s).subtract(A.multiplyUnsafe(k)).toBytes(), R); // s B - k A, as it should be written
}

const hashNode = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(1), left, right));

/** Whether an entry stands in the tree of a head: RFC 9162, 2.1.3.2. */
export function stands({ text, index, proof }: LogEntry, { size, root }: Head): boolean {
  if (index >= size) return false;
  let [at, last] = [index, size - 1n];
  let node: Uint8Array = sha256(concat(Uint8Array.of(0), utf8(text)));
  for (const sibling of proof) {
    if (last === 0n) return false;
    if ((at & 1n) === 1n || at === last) {
      node = hashNode(sibling, node);
      for (; (at & 1n) === 0n && at !== 0n; at >>= 1n) last >>= 1n;
    } else {
      node = hashNode(node, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(node, root);
}

/** The text of an entry. */
export const entryOf = (kind: string, epoch: bigint, subject: Address, digest: Hash): string => `${begins}${kind} ${epoch} ${subject} ${digest}`;
