import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { Invalid, concat, fromHex, utf8 } from "../src/bytes.js";
import { type LogEntry, checkHead, parseLogPolicy, readHead, readLog, stands, verifyEd25519 } from "../src/log.js";
import { vectors } from "./vectors.js";

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

// RFC 8032, 7.1: tests 1, 2, 3.
const rfc = [
  ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
  ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
  ["fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
] as const;

test("Ed25519: the RFC's signatures, and the library's on anything else", () => {
  for (const [key, message, signature] of rfc) {
    assert.ok(verifyEd25519(fromHex("0x" + signature), fromHex("0x" + message), fromHex("0x" + key)));
  }
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(), (secret, message, flip) => {
      const key = ed25519.getPublicKey(secret);
      const signature = ed25519.sign(message, secret);
      assert.ok(verifyEd25519(signature, message, key));
      const [badKey, badSignature] = [key.slice(), signature.slice()];
      badKey[flip % 32]! ^= 1 << (flip % 8);
      badSignature[flip % 64]! ^= 1 << (flip % 8);
      return !verifyEd25519(badSignature, message, key) && !verifyEd25519(signature, message, badKey) && !verifyEd25519(signature, concat(message, Uint8Array.of(0)), key);
    }),
    { numRuns: 25, seed: 1 },
  );
});

test("Ed25519: Go's word where implementations differ", () => {
  const { cases, length } = vectors("ed25519");
  assert.ok(cases.length === length && cases.some((c: { kind: string; valid: boolean }) => c.kind === "mixed order" && c.valid));
  for (const [i, { kind, key, message, signature, valid }] of cases.entries()) {
    assert.equal(verifyEd25519(fromHex(signature), fromHex(message), fromHex(key)), valid, `case ${i}, ${kind}`);
  }
});

test("Ed25519: lengths are what they are", () => {
  const secret = new Uint8Array(32).fill(7);
  const [key, message] = [ed25519.getPublicKey(secret), utf8("a message")];
  const signature = ed25519.sign(message, secret);
  assert.ok(verifyEd25519(signature, message, key));
  assert.ok(!verifyEd25519(signature.slice(0, 63), message, key));
  assert.ok(!verifyEd25519(concat(signature, Uint8Array.of(0)), message, key));
  assert.ok(!verifyEd25519(signature, message, key.slice(1)));
});

const hashLeaf = (s: string): Uint8Array => sha256(concat(Uint8Array.of(0), utf8(s)));
const hashNode = (a: Uint8Array, b: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(1), a, b));

// RFC 6962, 2.1 and 2.1.1, word by word.
const half = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);
const rootOf = (d: string[]): Uint8Array => (d.length === 1 ? hashLeaf(d[0]!) : hashNode(rootOf(d.slice(0, half(d.length))), rootOf(d.slice(half(d.length)))));
function pathOf(m: number, d: string[]): Uint8Array[] {
  if (d.length === 1) return [];
  const k = half(d.length);
  return m < k ? [...pathOf(m, d.slice(0, k)), rootOf(d.slice(k))] : [...pathOf(m - k, d.slice(k)), rootOf(d.slice(0, k))];
}

test("an entry stands where it stands, in trees of all sizes", () => {
  for (let size = 1; size <= 33; size++) {
    const list = Array.from({ length: size }, (_, i) => `entry ${i}`);
    const head = { size: BigInt(size), root: rootOf(list) } as Parameters<typeof stands>[1];
    for (let i = 0; i < size; i++) {
      const e = { text: list[i]!, index: BigInt(i), proof: pathOf(i, list) } as LogEntry;
      assert.ok(stands(e, head), `${i} of ${size}`);
      for (let other = 0; other <= size; other++) assert.equal(stands({ ...e, index: BigInt(other) }, head), other === i, `${i} as ${other} of ${size}`);
      assert.ok(!stands({ ...e, text: e.text + "x" }, head));
      assert.ok(!stands({ ...e, proof: [...e.proof, e.proof[0] ?? head.root] }, head));
      assert.ok(size === 1 || !stands({ ...e, proof: e.proof.slice(0, -1) }, head));
      e.proof.forEach((_, at) => assert.ok(!stands({ ...e, proof: e.proof.map((h, k) => (k === at ? hashLeaf("x") : h)) }, head)));
      assert.ok(!stands(e, { ...head, size: head.size + (i === size - 1 ? 1n : BigInt(size)) }), `${i} of ${size} in a larger tree`);
    }
  }
});

const toBase64 = (b: Uint8Array): string => Buffer.from(b).toString("base64");

/** A key of an algorithm: how policies name it, and how it signs. */
function signer(name: string, algorithm: number, seed: number): { verifier: string; line: (text: string, time?: bigint) => string } {
  const secret = new Uint8Array(32).fill(seed);
  const key = concat(Uint8Array.of(algorithm), ed25519.getPublicKey(secret));
  const id = sha256(concat(utf8(name + "\n"), key)).slice(0, 4);
  const line = (text: string, time = 1_790_000_000n): string => {
    const stamp = new Uint8Array(8);
    new DataView(stamp.buffer).setBigUint64(0, time);
    const signature = algorithm === 1 ? ed25519.sign(utf8(text), secret) : concat(stamp, ed25519.sign(utf8(`cosignature/v1\ntime ${time}\n${text}`), secret));
    return `\u2014 ${name} ${toBase64(concat(id, signature))}\n`;
  };
  return { verifier: `${name}+${Buffer.from(id).toString("hex")}+${toBase64(key)}`, line };
}

const log = signer("log.example/a", 1, 1);
const [alice, bob, carol] = [2, 3, 4].map((seed) => signer(`witness.example/${seed}`, 4, seed)) as [ReturnType<typeof signer>, ReturnType<typeof signer>, ReturnType<typeof signer>];
const three = `# comment\nlog ${log.verifier} https://log.example\nwitness a ${alice.verifier}\nwitness b ${bob.verifier} https://b.example\nwitness c ${carol.verifier}\n`;
const text = `log.example/a\n12\n${toBase64(new Uint8Array(32).fill(9))}\n`;

const accepted = (policy: string, head: string): boolean => {
  try {
    checkHead(readHead(Buffer.from(head)), parseLogPolicy(policy));
    return true;
  } catch (e) {
    assert.ok(e instanceof Invalid, String(e));
    return false;
  }
};

test("a head counts with the signatures that the policy asks for", () => {
  const [l, a, b, c] = [log.line(text), alice.line(text), bob.line(text), carol.line(text)];
  const unknown = "\u2014 nobody.example " + toBase64(new Uint8Array(70)) + "\n";
  for (const [quorum, signed, want] of [
    ["quorum none\n", [l], true],
    ["quorum none\n", [a, b, c], false],
    ["quorum none\n", [l, unknown], true],
    ["quorum none\n", [unknown], false],
    ["quorum b\n", [l, b], true],
    ["quorum b\n", [l, a, c], false],
    ["group g 2 a b c\nquorum g\n", [l, c, a], true],
    ["group g 2 a b c\nquorum g\n", [l, c], false],
    ["group g 2 a b c\nquorum g\n", [l, c, c], false],
    ["group g 2 a b c\nquorum g\n", [c, a], false],
    ["group g any a b\ngroup h all g c\nquorum h\n", [l, b, c], true],
    ["group g any a b\ngroup h all g c\nquorum h\n", [l, a, b], false],
    // A signature by a known key that is wrong spoils the head; by one that does not count it is nobody's.
    ["group g any a b\nquorum g\n", [l, a, bob.line(text.replace("12", "13"))], false],
    ["group g any a b\nquorum g\n", [l, a, carol.line(text.replace("12", "13"))], true],
    ["quorum a\n", [l, a, alice.line(text.replace("12", "13"))], true], // the second of one key is not looked at
    ["quorum a\n", [l, alice.line(text, 2n ** 64n - 1n)], true],
  ] as const) {
    assert.equal(accepted(three + quorum, text + "\n" + signed.join("")), want, `${quorum}${signed.join("")}`);
  }
  const other = text.replace("log.example/a", "log.example/b");
  assert.ok(!accepted(three + "quorum a\n", other + "\n" + log.line(other) + alice.line(other)), "of another origin");
  const more = text + "an extension\n";
  assert.ok(accepted(three + "quorum a\n", more + "\n" + log.line(more) + alice.line(more)));
});

test("what is no head", () => {
  const l = log.line(text);
  for (const bad of [
    "", "\n\n", text, text + l, text + "\n", text + "\n" + l.slice(0, -1), text + "\n" + l.replace("\u2014", "-"), text + "\n\u2014 two words " + l.slice(16),
    text.replace("12", "012") + "\n" + l, text.replace("12", "-1") + "\n" + l, text.replace("12", "9223372036854775808") + "\n" + l, "log.example/a\n12\n\n" + l,
    text + "\t\n\n" + l, text + "\n" + l.replace("=", ""), text + "\n" + l.repeat(101),
  ]) {
    assert.throws(() => readHead(Buffer.from(bad)), Invalid, JSON.stringify(bad));
  }
  assert.throws(() => readHead(Buffer.concat([Buffer.of(0xff), Buffer.from(text + "\n" + l)])), Invalid);
});

test("what is no policy", () => {
  for (const bad of [
    "", "quorum none\n", `log ${log.verifier} https://x\n`, `log ${log.verifier.replace("log.", "leg.")} https://x\nquorum none\n`, `log ${log.verifier} x\n`.repeat(2) + "quorum none\n",
    `log ${alice.verifier} x\nquorum none\n`, three + "quorum d\n", three + "quorum a\nquorum b\n", three + "group a all b c\nquorum a\n", three + "group g 0 a b\nquorum g\n",
    three + "group g 3 a b\nquorum g\n", three + "group g two a b\nquorum g\n", three + "group g all a b\ngroup h any g a\nquorum h\n", three + `witness a ${bob.verifier}\nquorum a\n`,
    three + `witness d ${log.verifier}\nquorum d\n`, three + "nonsense\nquorum none\n",
  ]) {
    assert.throws(() => parseLogPolicy(bad), Invalid, bad);
  }
});

test("what is nothing of a log", () => {
  const entry = `posp.log.v1 batch 3 0x${"ab".repeat(20)} 0x${"cd".repeat(32)}\n`;
  const proof = `c2sp.org/tlog-proof@v1\nindex 5\n${toBase64(new Uint8Array(32))}\n\n`;
  const head = "a head\n";
  const read = (s: string): unknown => readLog(Buffer.from(s));
  assert.equal(readLog(Buffer.from(entry + proof + entry + proof.replace("5", "6") + head)).entries.length, 2);
  assert.equal(readLog(Buffer.from(head)).entries.length, 0);
  for (const bad of [
    "", entry, entry + head, entry + proof, entry + proof + entry + proof + head, entry.replace("batch", "bitch") + proof + head, entry.replace(" 3 ", " 03 ") + proof + head,
    entry.replace(" 3 ", " 18446744073709551616 ") + proof + head, entry.replace("0xab", "0xAB") + proof + head, entry + proof.replace("5", "05") + head,
    entry + proof.replace("5", "9223372036854775808") + head, entry + proof.replace("AA=", "AB=") + head, entry + proof.replace("AAA=", "==") + head, entry + proof.replace("@v1", "@v2") + head,
    entry + proof + "x".repeat(65537),
  ]) {
    assert.throws(() => read(bad), Invalid, bad.slice(0, 200));
  }
});
