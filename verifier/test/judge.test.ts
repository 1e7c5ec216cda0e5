import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex, Invalid, toHex, zeroAddress, zeroHash } from "../src/bytes.js";
import { greedy, type ModelSpec, type Sampling, specId, unseeded } from "../src/digest.js";
import { decodeEvidence, encodeEvidence, type Evidence } from "../src/evidence.js";
import { exp, ln } from "../src/fixed.js";
import { advance, compareClaim, judge, type Sample } from "../src/judge.js";
import { checkOpening, type Opening } from "../src/opening.js";
import { checkPolicy, encodePolicy, policyId, type Policy } from "../src/policy.js";
import { vectors } from "./vectors.js";

const v = vectors("verdict");

function policyOf(p: any): Policy {
  const question = (q: any): any => ({ classes: q.classes ?? [], edges: q.edges ?? [], logE: q.logE ?? [] });
  const { pairs, samples, positions, confidencePpm } = p.calibration;
  return {
    ...p,
    model: question(p.model),
    choice: question(p.choice),
    margin: question(p.margin),
    interval: { edges: p.interval.edges ?? [], e: p.interval.e ?? [] },
    pairs,
    samples: BigInt(samples),
    positions: BigInt(positions),
    confidencePpm,
  };
}

const policies: Policy[] = v.policies.cases.map((c: any) => policyOf(c.policy));

test("exp and ln, to the bit", () => {
  assert.ok(v.exp.cases.length > 5 && v.ln.cases.length > 5);
  for (const c of v.exp.cases) assert.equal(exp(c.x), BigInt(c.y), `exp(${c.x})`);
  for (const c of v.ln.cases) assert.equal(ln(BigInt(c.y)), c.x, `ln(${c.y})`);
});

test("policies' encodings and ids", () => {
  assert.ok(policies.length >= 3);
  for (const [i, c] of v.policies.cases.entries()) {
    assert.equal(toHex(encodePolicy(policies[i]!)), c.encoding);
    assert.equal(policyId(policies[i]!), c.id);
    checkPolicy(policies[i]!);
  }
});

test("what is no policy is refused", () => {
  const good = policies[1]!;
  const bad: [string, Partial<Policy>][] = [
    ["no model", { model: { ...good.model, logE: [] } }],
    ["no choice", { choice: { ...good.choice, logE: [] }, interval: { edges: [], e: [] } }],
    ["edges", { model: { ...good.model, edges: good.model.edges.slice().reverse() } }],
    ["edge of 0", { interval: { edges: [0], e: [[1, 1, 1]] } }],
    ["edge of 1", { interval: { edges: [1 << 30], e: [[1, 1, 1]] } }],
    ["e-value of 0", { interval: { edges: [1], e: [[1, 0, 1]] } }],
    ["bins", { choice: { classes: [], edges: [1], logE: [[1, 2, 3]] } }],
    ["beyond 40 nats", { choice: { classes: [], edges: [1], logE: [[1, 41 << 16]] } }],
    ["many edges", { choice: { classes: [], edges: Array.from({ length: 1025 }, (_, i) => i + 1), logE: [] } }],
    ["lambda", { lambdaPpm: 1_000_000 }],
    ["cap", { cap: (40 << 16) + 1 }],
    ["failAt", { failAt: good.cap + 1 }],
    ["passAt", { passAt: good.failAt }],
    ["wrongModel", { wrongModel: 0 }],
    ["confidence", { confidencePpm: 1_000_001 }],
  ];
  for (const [name, change] of bad) assert.throws(() => checkPolicy({ ...good, ...change }), Invalid, name);
});

test("comparisons of a claim with a recomputation", () => {
  assert.ok(v.comparisons.cases.length >= 40);
  for (const c of v.comparisons.cases) {
    const got = compareClaim(policies[c.policy]!, decodeEvidence(fromHex(c.claim)), decodeEvidence(fromHex(c.own)));
    assert.deepEqual(got, { logE: c.logE, model: c.model, choice: c.choice, distance: c.distance }, `policy ${c.policy}, ${c.name}`);
  }
});

type Whole = Required<Opening> & { sampling: Sampling };

/** A spec, and an opening that nothing is wrong with by itself. */
function wellFormed(policy: Policy, covered: boolean, rule: number, tokens: number): { spec: ModelSpec; opening: Whole } {
  const spec: ModelSpec = {
    weightsRoot: zeroHash,
    precision: "",
    tokenizerHash: zeroHash,
    chatTemplateHash: zeroHash,
    engineClass: covered ? policy.pairs[0]!.claimed : "another",
    samplingRule: rule === unseeded ? "posp-unseeded-v1" : "posp-gumbel-v1",
    vocabSize: 100,
    eos: 99,
    contextLimit: 10_000,
    referenceVersion: "",
    policyId: policyId(policy),
  };
  const micro = rule === greedy ? 0 : 1_000_000;
  const sampling: Sampling = { rule, temperatureMicro: micro, topPMicro: micro, seed: zeroHash, maxTokens: tokens };
  const opening: Whole = {
    receipt: {
      provider: zeroAddress, epoch: 0n, sequence: 0n, specId: specId(spec), requestHash: zeroHash, outputHash: zeroHash, evidenceHash: zeroHash,
      promptTokens: 1, outputTokens: tokens, clientNonce: zeroHash, time: 0n,
    },
    sampling,
    finish: 2,
    request: { tokens: [1], sampling, salt: zeroHash, traceSeed: zeroHash },
    output: { tokens: new Array<number>(tokens).fill(0), finish: 2, salt: zeroHash, traceSeed: zeroHash },
  };
  return { spec, opening };
}

test("verdicts of samples", () => {
  assert.ok(v.samples.cases.length >= 150);
  const evidence = (hex: string): Evidence | undefined => (hex === "0x" ? undefined : decodeEvidence(fromHex(hex)));
  for (const c of v.samples.cases) {
    const policy = policies[c.policy]!;
    const { spec, opening } = wellFormed(policy, c.covered, c.rule, c.tokens);
    const provider = evidence(c.provider);
    const sample: Sample = {
      // Without an opening nobody knows of which spec it is.
      ...(c.opened && { opening: { rule: c.rule, length: c.tokens, wrong: checkOpening(spec, opening) }, known: { policy, engineClass: spec.engineClass } }),
      ...(provider && { provider }),
      committee: c.members.map((m: string) => {
        const e = evidence(m);
        return { operator: zeroAddress, ...(e && { evidence: e }) };
      }),
    };
    const j = judge(sample);
    assert.deepEqual(
      { verdict: j.verdict, class: j.class, logE: j.logE, done: j.operators.map((o) => o.done), scored: j.operators.map((o) => o.scored), operatorLogE: j.operators.map((o) => o.logE) },
      { verdict: c.verdict, class: c.class, logE: c.logE, done: c.done, scored: c.scored, operatorLogE: c.operatorLogE },
      `policy ${c.policy}, rule ${c.rule}, ${c.name}`,
    );
  }
});

test("what is wrong with an opening by itself", () => {
  const policy = policies[0]!;
  const [none, truncated, wrongTokenCount, malformed] = [0, 5, 6, 7];
  const cases: [string, number, (o: Whole, s: ModelSpec) => void][] = [
    ["nothing", none, () => {}],
    ["ends at EOS", none, (o, s) => { o.output.tokens[7] = s.eos; o.finish = 1; }],
    ["EOS as the last one of as many as asked for", none, (o, s) => { o.output.tokens[7] = s.eos; }],
    ["no room left", none, (o, s) => { o.sampling.maxTokens = 100; s.contextLimit = 9; o.receipt.specId = specId(s); }],
    ["cut short", truncated, (o) => { o.sampling.maxTokens = 100; }],
    ["stops without EOS", truncated, (o) => { o.finish = 1; }],
    ["goes on after EOS", truncated, (o, s) => { o.output.tokens[3] = s.eos; }],
    ["stops after EOS", truncated, (o, s) => { o.output.tokens[3] = o.output.tokens[7] = s.eos; o.finish = 1; }],
    ["empty", truncated, (o) => { o.output.tokens = []; o.receipt.outputTokens = 0; o.finish = 1; }],
    ["fewer than the receipt says", wrongTokenCount, (o) => { o.receipt.promptTokens = 2; }],
    ["more than the receipt says", wrongTokenCount, (o) => { o.receipt.outputTokens = 7; }],
    ["more than asked for", wrongTokenCount, (o) => { o.sampling.maxTokens = 7; }],
    ["no prompt", malformed, (o) => { o.request.tokens = []; o.receipt.promptTokens = 0; }],
    ["a token beyond the vocabulary", malformed, (o) => { o.output.tokens[2] = 100; }],
    ["too long", malformed, (_, s) => { s.contextLimit = 8; }],
    ["unknown rule", malformed, (o) => { o.sampling.rule = 4; }],
    ["rule of another spec", malformed, (o) => { Object.assign(o.sampling, { rule: unseeded, temperatureMicro: 1, topPMicro: 1 }); }],
    ["greedy with a temperature", malformed, (o) => { o.sampling.temperatureMicro = 1; }],
    ["temperature above 10", malformed, (o) => { Object.assign(o.sampling, { rule: 2, temperatureMicro: 10_000_001, topPMicro: 1 }); }],
    ["unknown finish", malformed, (o) => { o.finish = 3; }],
    ["a trace seed under a public spec", malformed, (o) => { o.request.traceSeed = o.output.traceSeed = "0x" + "01".repeat(32); }],
    ["two trace seeds", malformed, (o) => { o.output.traceSeed = "0x" + "01".repeat(32); }],
    ["private without a trace seed", malformed, (o, s) => { s.referenceVersion = "posp-ref-v1-hidden:" + "0".repeat(64); o.receipt.specId = specId(s); }],
    ["another spec", malformed, (_, s) => { s.eos = 98; }],
  ];
  for (const [name, want, change] of cases) {
    const { spec, opening } = wellFormed(policy, true, greedy, 8);
    change(opening, spec);
    assert.equal(checkOpening(spec, opening), want, name);
  }
});

test("of a text that is left out everything is in order", () => {
  const { spec, opening } = wellFormed(policies[0]!, true, greedy, 8);
  const { receipt, sampling, request, output } = opening;
  const beyond = { ...request, tokens: [100] };
  const cut = { ...output, tokens: [1, 2, 99, 4, 5, 6, 7, 8] };
  assert.equal(checkOpening(spec, { receipt, sampling, finish: 2 }), 0);
  assert.equal(checkOpening(spec, { receipt, sampling, finish: 1 }), 0);
  assert.equal(checkOpening(spec, { receipt, sampling, finish: 3 }), 7);
  assert.equal(checkOpening(spec, { receipt, sampling, finish: 2, request: beyond }), 7);
  assert.equal(checkOpening(spec, { receipt, sampling, finish: 2, output: cut }), 5);
  assert.equal(checkOpening(spec, { receipt, sampling: { ...sampling, maxTokens: 9 }, finish: 2 }), 5);
  assert.equal(checkOpening(spec, { receipt: { ...receipt, outputTokens: 0 }, sampling, finish: 1 }), 5);
  assert.equal(checkOpening(spec, { receipt: { ...receipt, promptTokens: 0 }, sampling, finish: 2 }), 7);
  assert.equal(checkOpening(spec, { receipt: { ...receipt, promptTokens: 2 ** 32 - 1 }, sampling, finish: 2 }), 7);
  const secret = { ...spec, referenceVersion: "posp-ref-v1-hidden:" + "0".repeat(64) };
  const hidden = { ...receipt, specId: specId(secret) };
  assert.equal(checkOpening(secret, { receipt: hidden, sampling, finish: 2 }), 0);
  assert.equal(checkOpening(secret, { receipt: hidden, sampling, finish: 2, output }), 7);
});

test("a standing moves within 64 bits", () => {
  assert.equal(advance(5n, -6), 0n);
  assert.equal(advance(5n, 6), 11n);
  assert.equal(advance((1n << 64n) - 1n, 6), (1n << 64n) - 1n);
});

test("evidence decodes to what encodes to it, or not at all", () => {
  const seedBytes: Uint8Array[] = v.comparisons.cases.map((c: any) => fromHex(c.own));
  fc.assert(
    fc.property(fc.constantFrom(...seedBytes), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(8), (b, changes, cut) => {
      const m = b.slice(0, Math.max(0, b.length - (cut > 4 ? 0 : cut)));
      for (const [at, x] of changes) if (m.length > 0) m[at % m.length] = x;
      try {
        return toHex(encodeEvidence(decodeEvidence(m))) === toHex(m);
      } catch (e) {
        return e instanceof Invalid;
      }
    }),
    { numRuns: 2000, seed: 2 },
  );
});
