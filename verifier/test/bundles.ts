// Bundles from the generator (tools/bundles), with what each check of each must
// come to.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseLogPolicy } from "../src/log.js";
import { type Outcome, type Trust } from "../src/verify.js";

export interface Generated {
  file: string;
  corruption: string; // empty where nothing is wrong
  trustBlock: string;
  trustNetwork: string;
  trustLog: string; // text of a policy, empty where none is trusted
  checks: { name: string; outcome: Outcome }[];
}

/** What is trusted of a bundle. */
export const trustOf = (g: Generated): Trust => ({ block: g.trustBlock, network: g.trustNetwork, ...(g.trustLog && { log: parseLogPolicy(g.trustLog) }) });

export interface Bundles {
  list: Generated[];
  read(g: Generated): Uint8Array;
  /** Removes what was generated. */
  remove(): void;
}

/** Generates n bundles; undefined, having said why, where there is no Go to do it with. */
export function generate(n: number, seed: number): Bundles | undefined {
  if (spawnSync("go", ["version"]).status !== 0) {
    console.log("skipped: no Go here to generate bundles with");
    return undefined;
  }
  const out = mkdtempSync(join(tmpdir(), "posp-bundles-"));
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const run = spawnSync("go", ["run", "./tools/bundles", "-n", String(n), "-seed", String(seed), "-out", out], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`tools/bundles: ${run.stderr}`);
  return {
    list: JSON.parse(readFileSync(join(out, "expected.json"), "utf8")) as Generated[],
    read: (g) => readFileSync(join(out, g.file)),
    remove: () => rmSync(out, { recursive: true }),
  };
}
