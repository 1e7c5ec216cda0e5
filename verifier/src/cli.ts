#!/usr/bin/env node
// posp-verify: checks a bundle.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseLogPolicy } from "./log.js";
import { type Trust, verify } from "./verify.js";

const usage = `posp-verify [OPTIONS] FILE

Checks a replay bundle of Proof of Sampling (docs/bundle.md), without a network and without keys.
FILE is - for the standard input.

  --trust-block HASH    of the block in which the epoch was certified, from a source that you trust
  --trust-network HASH  network id, from a source that you trust
  --trust-log FILE      policy of the transparency log: its key, witnesses and quorum, as you trust them
  --json                one JSON object instead of lines
  --help

It exits with 0 if no check failed, 1 if one did, 2 if it could not begin.

  posp-verify epoch-7.bundle
  posp-verify --trust-block 0x… --trust-network 0x… --json sample.bundle`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "trust-block": { type: "string" },
      "trust-network": { type: "string" },
      "trust-log": { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Error("name one file; --help says more");
  const trust: Trust = {};
  for (const [key, flag] of [["block", "trust-block"], ["network", "trust-network"]] as const) {
    const value = values[flag]?.toLowerCase();
    if (value === undefined) continue;
    if (!/^0x[0-9a-f]{64}$/.test(value)) throw new Error(`--${flag} wants 0x and 64 hexadecimal digits`);
    trust[key] = value;
  }
  if (values["trust-log"] !== undefined) trust.log = parseLogPolicy(await readFile(values["trust-log"], "utf8"));
  const file = path === "-" ? await standardInput() : await readFile(path);
  const report = await verify(file, trust, ({ name, outcome, found }) => {
    if (!values.json) console.log(`${outcome.padEnd(11)}  ${name.padEnd(20)}  ${found}`);
  });
  const failed = report.checks.filter((c) => c.outcome === "failed").map((c) => c.name);
  if (values.json) console.log(JSON.stringify(report, (_, v: unknown) => (typeof v === "bigint" ? Number(v) : v), 2));
  else console.log(failed.length > 0 ? `\nbundle is WRONG: ${failed.join(", ")}` : "\nbundle is good, as far as it was checked");
  return report.good ? 0 : 1;
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

// Who stops reading, as head does, has read enough.
process.stdout.on("error", (e: NodeJS.ErrnoException) => process.exit(e.code === "EPIPE" ? process.exitCode : 2));

try {
  process.exitCode = await main();
} catch (e) {
  console.error(`posp-verify: ${e instanceof Error ? e.message : String(e)}`);
  process.exitCode = 2;
}
