// Writes snapshots/{abi,bytecode,storage} from forge's out/deploy, and one document
// in solc's combined-json form for abigen to standard output: one document, so
// that structs which several contracts share become one Go type.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const out = (name) => JSON.parse(readFileSync(`out/deploy/${name}.sol/${name}.json`, "utf8"));
const names = process.argv.slice(2).sort();

for (const kind of ["abi", "bytecode", "storage"]) {
  rmSync(`snapshots/${kind}`, { recursive: true, force: true });
  mkdirSync(`snapshots/${kind}`, { recursive: true });
}

// The compiler numbers its syntax tree across a run; the numbers are no part of a layout.
const withoutNodeIds = (value) =>
  JSON.parse(JSON.stringify(value, (k, v) => (k === "astId" ? undefined : v)).replace(/\)\d+(?=_|,|"|\))/g, ")"));

const contracts = {};
for (const name of names) {
  const artifact = out(name);
  const bytecode = artifact.bytecode.object.replace(/^0x/, "");
  const runtime = (artifact.deployedBytecode.object.length - 2) / 2;
  if (runtime > 24_576) throw new Error(`${name} is ${runtime} bytes, and a contract may have 24576`);
  writeFileSync(`snapshots/abi/${name}.json`, JSON.stringify(artifact.abi, null, 2) + "\n");
  writeFileSync(`snapshots/bytecode/${name}.hex`, bytecode + "\n");
  const { storage } = withoutNodeIds(artifact.storageLayout);
  writeFileSync(`snapshots/storage/${name}.json`, JSON.stringify(storage, null, 2) + "\n");
  contracts[`src/${name}.sol:${name}`] = {
    abi: artifact.abi,
    bin: bytecode,
    "bin-runtime": "",
    srcmap: "",
    "srcmap-runtime": "",
    metadata: "",
    devdoc: {},
    userdoc: {},
    hashes: artifact.methodIdentifiers,
  };
}
process.stdout.write(JSON.stringify({ contracts, version: "0.8.30" }));
