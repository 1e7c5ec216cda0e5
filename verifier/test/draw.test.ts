import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchId, sampleId, seedOf, type BatchRecord, type Domain, type Member } from "../src/digest.js";
import { Committees, Draw, Electorate, assignments, sampleCount } from "../src/draw.js";
import { vectors } from "./vectors.js";

test("leaves and committees are the vectors'", () => {
  const v = vectors("draw");
  assert.ok(v.cases.length === v.length && v.length >= 10);
  for (const [i, c] of v.cases.entries()) {
    const domain: Domain = { chainId: BigInt(c.chainId), registry: c.registry };
    const batch: BatchRecord = {
      id: c.batchId,
      provider: c.provider,
      epoch: BigInt(c.epoch),
      firstSequence: BigInt(c.firstSequence),
      root: c.root,
      leafCount: BigInt(c.leafCount),
      ratePpm: c.ratePpm,
      kMin: c.kMin,
    };
    assert.equal(batchId(batch, domain), c.batchId);
    assert.equal(seedOf(domain, batch.epoch, c.batchId, c.beacon), c.seed);
    assert.equal(sampleCount(batch.leafCount, c.ratePpm, c.kMin), BigInt(c.k), `case ${i}`);
    const members: Member[] = c.operators
      .map((operator: string, o: number) => ({ operator, weight: BigInt(c.weights[o]), keyX: 0n, keyY: 0n }))
      .filter((m: Member) => !c.excluded.includes(m.operator))
      .sort((a: Member, b: Member) => (a.operator < b.operator ? -1 : 1));
    const k = sampleCount(batch.leafCount, c.ratePpm, c.kMin);
    const draw = new Draw(c.seed, batch.leafCount, k);
    const committees = new Committees(c.seed, new Electorate(members), batch.provider);
    assert.deepEqual(c.j.map((j: number) => Number(draw.leaf(BigInt(j)))), c.leaves, `case ${i}`);
    assert.deepEqual(c.j.map((j: number, at: number) => sampleId(c.batchId, j, BigInt(c.leaves[at]))), c.sampleIds);
    assert.deepEqual(c.j.map((j: number) => committees.draw(BigInt(j), c.m)), c.committees, `case ${i}`);
    for (const [at, leaf] of c.leaves.entries()) assert.equal(draw.position(BigInt(leaf)), BigInt(c.j[at]));
    if (k > 100n) continue;
    const all = [...assignments(domain, batch, c.beacon, members, c.m)];
    assert.equal(BigInt(all.length), k);
    assert.deepEqual(c.j.map((j: number) => all[j]!.committee), c.committees);
    assert.deepEqual(c.j.map((j: number) => all[j]!.sampleId), c.sampleIds);
  }
});

test("a draw is a permutation, and its inverse finds every leaf", () => {
  const seed = "0x" + "5a".repeat(32);
  for (const n of [1n, 2n, 3n, 4n, 5n, 16n, 17n, 100n, 257n]) {
    const draw = new Draw(seed, n, n);
    const leaves = new Set<bigint>();
    for (let j = 0n; j < n; j++) {
      const leaf = draw.leaf(j);
      leaves.add(leaf);
      assert.ok(leaf < n);
      assert.equal(draw.position(leaf), j);
    }
    assert.equal(BigInt(leaves.size), n);
    assert.equal(draw.position(n), undefined);
  }
  fc.assert(
    fc.property(fc.bigInt(1n, (1n << 64n) - 1n), fc.bigInt(0n, (1n << 64n) - 1n), (n, x) => {
      const draw = new Draw(seed, n, n);
      const leaf = draw.leaf(x % n);
      return leaf < n && draw.position(leaf) === x % n;
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("sample counts", () => {
  assert.equal(sampleCount(0n, 1_000_000, 4), 0n);
  assert.equal(sampleCount(100n, 10_001, 0), 2n);
  assert.equal(sampleCount(100n, 2 ** 32 - 1, 0), 100n);
  assert.equal(sampleCount((1n << 64n) - 1n, 1_000_000, 0), (1n << 64n) - 1n);
  assert.throws(() => new Draw("0x" + "00".repeat(32), 3n, 4n), /4 samples of 3 leaves/);
});

test("many batches and a large table: no batch goes through all of it", { timeout: 120_000 }, () => {
  const n = 20_000;
  const members = Array.from({ length: n }, (_, i) => ({ operator: "0x" + i.toString(16).padStart(40, "0"), weight: BigInt(i % 7), keyX: 1n, keyY: 2n }));
  const electorate = new Electorate(members);
  const looked = { rows: 0 };
  Object.defineProperty(electorate, "members", { value: new Proxy(members, { get: (t, k) => (typeof k === "string" && /^[0-9]+$/.test(k) && looked.rows++, Reflect.get(t, k)) }) });
  for (let i = 0; i < 500; i++) new Committees("0x" + i.toString(16).padStart(64, "0"), electorate, members[i]!.operator).draw(0n, 3);
  assert.ok(looked.rows < 500 * 100, `${looked.rows} rows were looked at`);
});
