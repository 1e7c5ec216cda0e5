import assert from "node:assert/strict";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { fromHex, integerHex, toHex, zeroHash } from "../src/bytes.js";
import * as d from "../src/digest.js";
import { tableSums, tableRoot } from "../src/draw.js";
import { decodeEvidence, encodeEvidence } from "../src/evidence.js";
import { hiddenTokens, seedCommitment, traceSeed } from "../src/hidden.js";
import { merkleLeaf, merkleRoot, merkleVerify } from "../src/merkle.js";
import { Signers, recover, recoverMessage } from "../src/signature.js";
import { vectors } from "./vectors.js";

const domainOf = (v: any): d.Domain => ({ chainId: BigInt(v.chainId), registry: v.registry });

const resultOf = (v: any): d.Result => ({
  ...v,
  epoch: BigInt(v.epoch),
  sampleCount: BigInt(v.sampleCount),
  batches: v.batches ?? [],
  standings: (v.standings ?? []).map((s: any) => ({ ...s, value: BigInt(s.value) })),
  faults: v.faults ?? [],
});

test("every digest is the vectors'", () => {
  const v = vectors("digests");
  const domain = domainOf(v.domain);
  const authority: d.Authority = { ...v.authority, chainId: BigInt(v.authority.chainId) };
  const receipt: d.Receipt = { ...v.receipt, epoch: BigInt(v.receipt.epoch), sequence: BigInt(v.receipt.sequence), time: BigInt(v.receipt.time) };
  const batch: d.Batch = {
    ...v.batch,
    epoch: BigInt(v.batch.epoch),
    firstSequence: BigInt(v.batch.firstSequence),
    leafCount: BigInt(v.batch.leafCount),
  };
  const commitments: d.Commitments = { ...v.commitments, epoch: BigInt(v.commitments.epoch) };
  const reveals: d.Reveals = {
    ...v.reveals,
    epoch: BigInt(v.reveals.epoch),
    items: v.reveals.items.map((it: any) => ({ ...it, evidence: d.keccak(fromHex(it.evidence)) })),
  };
  const members: d.Member[] = v.members.map((m: any) => ({ operator: m.operator, weight: BigInt(m.weight), keyX: BigInt(m.keyX), keyY: BigInt(m.keyY) }));
  const result = resultOf(v.result);
  const empty = resultOf(v.emptyResult);
  const held = v.held.map((h: any) => ({ operator: h.Operator, commitment: h.Commitment, evidence: h.Evidence }));
  const cases: [string, string][] = [
    ["separator", d.separator(domain)],
    ["specId", d.specId(v.spec)],
    ["requestHash", d.requestHash({ ...v.request, traceSeed: zeroHash })],
    ["outputHash", d.outputHash({ ...v.output, traceSeed: zeroHash })],
    ["evidenceHash", d.evidenceHash(v.evidence.salt, d.keccak(fromHex(v.evidence.evidence)))],
    ["demandId", d.demandId(domain.chainId, v.onDemand, batch.epoch, v.receiptHash)],
    ["demandSampleId", d.sampleId(v.demandId, 0, BigInt(v.leaf))],
    ["buyerNonce", d.buyerNonce(v.buyer, v.secret)],
    ["receiptHash", d.receiptHash(receipt, domain)],
    ["receiptKey", recover(d.receiptHash(receipt, domain), fromHex(v.receipt.signature)) ?? ""],
    ["batchId", d.batchId(batch, domain)],
    ["seed", d.seedOf(domain, batch.epoch, v.batchId, v.beacon)],
    ["sampleId", d.sampleId(v.batchId, v.j, BigInt(v.leaf))],
    ["commitment", d.commitment(v.operator, v.sampleId, fromHex(v.operatorEvidence), v.salt)],
    ["commitmentsDigest", d.commitmentsDigest(commitments, authority)],
    ["revealsDigest", d.revealsDigest(reveals, authority)],
    ["openDigest", d.openDigest(domain, v.batchId, BigInt(v.leaf), v.operator)],
    ["heldHash", d.heldHash(v.receiptHash, v.providerEvidence, held)],
    ["tableRoot", tableRoot(members)],
    ["resultRoot", d.resultRoot(result)],
    ["resultDigest", d.certificateDigest(result, authority)],
    ["emptyResultRoot", d.resultRoot(empty)],
    ["emptyResultDigest", d.certificateDigest(empty, authority)],
  ];
  for (const [name, got] of cases) assert.equal(got, v[name], name);
  assert.deepEqual(v.samples.map(d.sampleLeaf), v.sampleLeaves);
  assert.equal(merkleRoot(v.sampleLeaves), v.result.sampleRoot);
  const { before } = tableSums(members);
  assert.deepEqual(members.map((m, i) => d.memberLeaf(m, before[i]!)), v.memberLeaves);
  for (const b of [v.evidence.evidence, v.operatorEvidence]) assert.equal(toHex(encodeEvidence(decodeEvidence(fromHex(b)))), b);
});

test("a signature's forms", () => {
  const v = vectors("digests");
  const sig = fromHex(v.receipt.signature);
  const as = (change: (s: Uint8Array) => void): Uint8Array => {
    const s = sig.slice();
    change(s);
    return s;
  };
  const digest = v.receiptHash;
  const plain = as((s) => void (s[64]! %= 27));
  assert.equal(recover(digest, plain), v.receiptKey);
  // The mirror image of a signature, with s in the upper half, is of the same key and refused.
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const high = as((s) => {
    s.set(fromHex(integerHex(n - BigInt(toHex(s.subarray(32, 64))), 32)), 32);
    s[64]! ^= 7; // 27 and 28
  });
  assert.equal(recover(digest, high), undefined);
  const withS = (x: bigint): Uint8Array => as((s) => s.set(fromHex(integerHex(x, 32)), 32));
  assert.notEqual(recover(digest, withS(n >> 1n)), undefined);
  assert.equal(recover(digest, withS((n >> 1n) + 1n)), undefined);
  for (const bad of [sig.subarray(1), as((s) => void (s[64] = 29)), as((s) => void (s[64] = 2)), as((s) => void s.fill(0, 0, 32)), as((s) => void s.fill(0xff, 0, 32))]) {
    assert.equal(recover(digest, bad), undefined);
  }
  // Marked as an Ethereum message it is of another digest, and so of another key or none.
  const message = as((s) => void (s[64]! += 4));
  assert.equal(recover(digest, message), undefined);
  assert.notEqual(recoverMessage(digest, message), v.receiptKey);
  assert.equal(recoverMessage(digest, sig), v.receiptKey);
});

test("Merkle roots and proofs", () => {
  const v = vectors("merkle");
  assert.ok(v.roots.cases.length === v.roots.length && v.proofs.cases.length === v.proofs.length && v.proofs.length >= 50);
  for (const c of v.roots.cases) {
    const values = Array.from({ length: c.n }, (_, i) => {
      const b = new Uint8Array(37);
      b.set(new TextEncoder().encode("value"));
      new DataView(b.buffer).setUint32(33, i);
      return d.keccak(b);
    });
    assert.equal(merkleRoot(values), c.root, `${c.n} values`);
  }
  for (const c of v.proofs.cases) {
    const [index, count] = [BigInt(c.index), BigInt(c.count)];
    assert.equal(merkleLeaf(c.value), c.leaf);
    assert.ok(merkleVerify(c.root, c.value, index, count, c.proof));
    assert.ok(!merkleVerify(c.root, c.root, index, count, c.proof));
    assert.ok(!merkleVerify(c.root, c.value, count, count, c.proof));
    assert.ok(!merkleVerify(c.root, c.value, index, count, [...c.proof, c.root]));
    if (count > 1n) assert.ok(!merkleVerify(c.root, c.value, index ^ 1n, count, c.proof));
  }
});

test("hidden rows of private specs", () => {
  const v = vectors("hidden");
  assert.ok(v.private.cases.length === v.private.length && v.requests.cases.length === v.requests.length && v.outputs.length === v.requests.length);
  for (const c of v.private.cases) assert.equal(d.isPrivate({ referenceVersion: c.referenceVersion } as d.ModelSpec), c.private, c.referenceVersion);
  const tokensOf = (c: any): number[] => {
    const b = fromHex(c.tokens);
    const view = new DataView(b.buffer);
    return Array.from({ length: c.n }, (_, i) => view.getUint32(4 * i));
  };
  for (const [i, c] of v.requests.cases.entries()) {
    const seed = traceSeed(c.traceSeed);
    const tokens = tokensOf(c);
    assert.equal(hiddenTokens(seed, 0, tokens), c.root, `request ${i}`);
    assert.equal(seedCommitment(seed), c.seedCommitment);
    assert.equal(d.requestHash({ tokens, sampling: c, salt: c.salt, traceSeed: c.traceSeed }), c.hash);
    const o = v.outputs.cases[i];
    assert.equal(hiddenTokens(seed, 1, tokensOf(o)), o.root, `output ${i}`);
    assert.equal(d.outputHash({ tokens: tokensOf(o), finish: o.finish, salt: o.salt, traceSeed: o.traceSeed }), o.hash);
  }
  assert.throws(() => traceSeed(zeroHash));
  assert.throws(() => traceSeed("0x" + "f".repeat(64)));
});

test("a known key signs what it is recovered from, and nothing else", () => {
  const [key, other] = [1, 2].map((n) => new Uint8Array(32).fill(n)) as [Uint8Array, Uint8Array];
  const sign = (n: number, by: Uint8Array): { digest: string; signature: Uint8Array } => {
    const digest = d.keccakBytes(Uint8Array.of(n));
    const [v, ...rs] = secp256k1.sign(digest, by, { prehash: false, format: "recovered" });
    return { digest: toHex(digest), signature: Uint8Array.from([...rs, v!]) };
  };
  const address = toHex(d.keccakBytes(secp256k1.getPublicKey(key, false).subarray(1)).subarray(12));
  const signers = new Signers();
  for (let n = 0; n < 40; n++) {
    const own = sign(n, key);
    const foreign = sign(n, other);
    const turned = own.signature.slice();
    turned[64]! ^= 1;
    const changed = own.signature.slice();
    changed[n % 64]! ^= 1;
    assert.ok(recover(own.digest, own.signature) === address && signers.signed(own.digest, own.signature, address), `signature ${n}`);
    assert.ok(!signers.signed(sign(n + 100, key).digest, own.signature, address));
    assert.ok(!signers.signed(foreign.digest, foreign.signature, address));
    assert.ok(!signers.signed(own.digest, turned, address));
    assert.ok(!signers.signed(own.digest, changed, address));
  }
});
