import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { fromHex, toHex } from "../src/bytes.js";
import { keccak } from "../src/digest.js";
import { type Report, type Trust, checkNames, verify, verifySteps } from "../src/verify.js";
import { generate, trustOf } from "./bundles.js";

/** How many generated bundles are checked: POSP_BUNDLES=1000 for what the project promises. */
const count = Number(process.env["POSP_BUNDLES"] ?? 45);

const bundles = generate(count, 1);
after(() => bundles?.remove());
const skip = bundles === undefined;

function report(file: Uint8Array, trust: Trust): Report {
  const steps = verifySteps(file, trust);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test("every check of every generated bundle comes to what it must", { skip }, () => {
  const list = bundles!.list;
  assert.equal(list.length, count);
  const corrupted = list.filter((g) => g.corruption !== "");
  assert.ok(corrupted.length >= Math.floor(count / 3), `${corrupted.length} of ${count} are corrupted`);
  for (const g of list) {
    const { checks, good } = report(bundles!.read(g), trustOf(g));
    const wrong = checks.find((c, i) => c.outcome !== g.checks[i]!.outcome);
    assert.deepEqual(checks.map(({ name, outcome }) => ({ name, outcome })), g.checks, `${g.file}, ${g.corruption || "nothing wrong"}: ${wrong?.name}: ${wrong?.found}`);
    assert.equal(good, g.corruption === "", g.file);
  }
});

/** A small bundle that is good, whole and not redacted. */
function small(): { file: Uint8Array; trust: Trust } {
  const whole = bundles!.list.filter((g) => g.checks.every((c) => c.outcome === "ok" || c.name === "completeness" || c.name === "contest"));
  const files = whole.map((g) => ({ file: bundles!.read(g), trust: trustOf(g) }));
  files.sort((a, b) => a.file.length - b.file.length);
  assert.ok(files[0] !== undefined, "no generated bundle is whole and good");
  return files[0];
}

function refused(r: Report): boolean {
  assert.deepEqual(r.checks.map((c) => c.name), [...checkNames]);
  assert.ok(r.checks.every((c) => c.found !== "" && !c.found.includes("\n") && !c.found.startsWith("it could not be checked")));
  return !r.good;
}

test("no byte of a bundle can be another one", { skip, timeout: 300_000 }, () => {
  const { file, trust } = small();
  assert.ok(report(file, trust).good);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, x) => {
      const changed = file.slice();
      changed[at]! ^= x;
      return refused(report(changed, trust));
    }),
    { numRuns: 150, seed: 3 },
  );
});

test("a bundle that is cut, lengthened or noise is none", { skip }, () => {
  const { file, trust } = small();
  const isNone = (b: Uint8Array): boolean => {
    const r = report(b, trust);
    return refused(r) && r.checks[0]!.outcome === "failed" && r.checks.slice(1).every((c) => c.outcome === "not checked");
  };
  fc.assert(fc.property(fc.nat(file.length - 1), (n) => isNone(file.slice(0, n))), { numRuns: 300, seed: 4 });
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (b) => isNone(Buffer.concat([file, b]))), { numRuns: 50, seed: 5 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (b) => isNone(Buffer.concat([file.slice(0, 15), b]))), { numRuns: 300, seed: 6 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isNone), { numRuns: 100, seed: 7 });
});

interface Layout {
  head: Uint8Array; // magic
  manifest: { sections: { hash: string; name: string; size: number }[] };
  sections: Uint8Array[]; // all are held
  rest: Uint8Array; // samples
}

function layout(file: Uint8Array): Layout {
  const view = new DataView(file.buffer, file.byteOffset);
  let at = 19 + view.getUint32(15);
  const manifest = JSON.parse(Buffer.from(file.slice(19, at)).toString());
  const sections = manifest.sections.map(({ size }: { size: number }) => {
    const section = file.slice(at + 1, at + 1 + size);
    at += 1 + size;
    return section;
  });
  return { head: file.slice(0, 15), manifest, sections, rest: file.slice(at) };
}

/** The file with a section changed, and a manifest that says so. */
function sealed(l: Layout, index: number, section: Uint8Array): Uint8Array {
  const sections = l.manifest.sections.map((s, i) => (i === index ? { ...s, hash: keccak(section), size: section.length } : s));
  const manifest = Buffer.from(JSON.stringify({ ...l.manifest, sections }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(manifest.length);
  return Buffer.concat([l.head, size, manifest, ...l.sections.map((s, i) => Buffer.concat([Buffer.of(1), i === index ? section : s])), l.rest]);
}

test("no byte of a section can be another one, whatever the manifest says", { skip, timeout: 300_000 }, () => {
  const { file, trust } = small();
  const l = layout(file);
  assert.equal(toHex(sealed(l, 0, l.sections[0]!)), toHex(file));
  fc.assert(
    fc.property(fc.nat(l.sections.length - 1), fc.nat(), fc.constantFrom(..."0123456789abcdefx[]{},:\" "), (index, at, character) => {
      const section = l.sections[index]!.slice();
      const before = section[at % section.length]!;
      section[at % section.length] = character.charCodeAt(0);
      return section[at % section.length] === before || refused(report(sealed(l, index, section), trust));
    }),
    { numRuns: 150, seed: 8 },
  );
});

test("a header that is no header, a trie that goes in circles, RLP that is too deep", { skip }, () => {
  const { file, trust } = small();
  const l = layout(file);
  const index = l.manifest.sections.findIndex((s) => s.name === "chain");
  const chain = JSON.parse(Buffer.from(l.sections[index]!).toString());
  for (const change of [
    { block: "0x" },
    { block: "0xc0" },
    { block: "0x" + "c1".repeat(5000) + "c0" },
    { block: "0xff" + "ff".repeat(40) },
    { block: "0x" + "f8".repeat(3) },
    { nodes: [] },
    { nodes: ["0x", "0xc0"] },
    { nodes: [...chain.nodes, chain.nodes[0]] },
    { receipt: 4294967295 },
    { beaconBlock: chain.parent },
  ]) {
    const r = report(sealed(l, index, Buffer.from(JSON.stringify({ ...chain, ...change }))), trust);
    assert.ok(refused(r), JSON.stringify(change).slice(0, 80));
    assert.equal(r.checks[0]!.outcome, "ok");
  }
});

test("what is trusted must be what is there", { skip }, async () => {
  const { file, trust } = small();
  const other = "0x" + "11".repeat(32);
  const outcome = (r: Report, name: string): string => r.checks.find((c) => c.name === name)!.outcome;
  assert.equal(outcome(report(file, { ...trust, block: other }), "block"), "failed");
  assert.equal(outcome(report(file, { ...trust, network: other }), "network"), "failed");
  const seen: string[] = [];
  const r = await verify(file, {}, (c) => seen.push(c.name));
  assert.deepEqual(seen, [...checkNames]);
  assert.ok(r.good);
  assert.equal(outcome(r, "block"), "not checked");
  assert.equal(r.network, trust.network);
  assert.equal(r.block, trust.block);
  assert.deepEqual(fromHex(r.bundle).length, 32);
});

test("others get a turn while a bundle is checked", { skip }, async () => {
  const { file, trust } = small();
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await verify(file, trust);
  clearInterval(timer);
  assert.ok(turns > 0);
});
