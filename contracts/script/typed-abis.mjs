// Writes abi/index.mjs and abi/index.d.mts from snapshots/abi: the ABIs as constants whose types are their values, as
// viem wants them ("as const"), without a compiler. npm runs it before it packs.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// What an integrator has no use for: development chains, verifiers of single steps, test harnesses.
const inner = /^(DevToken|ERC1967Proxy|Libraries|ReferenceLibraries|Verdicts|HiddenRows|.*Verifier)$/;

const typeOf = (v) =>
  Array.isArray(v)
    ? `readonly [${v.map(typeOf).join(", ")}]`
    : v !== null && typeof v === "object"
      ? `{ ${Object.entries(v).map(([k, x]) => `readonly ${JSON.stringify(k)}: ${typeOf(x)}`).join("; ")} }`
      : JSON.stringify(v);

const values = ["// Made by script/typed-abis.mjs."];
const types = ["// Made by script/typed-abis.mjs."];
for (const file of readdirSync(`${root}/snapshots/abi`).sort()) {
  const contract = file.replace(/\.json$/, "");
  if (inner.test(contract)) continue;
  const abi = JSON.parse(readFileSync(`${root}/snapshots/abi/${file}`, "utf8"));
  const name = contract[0].toLowerCase() + contract.slice(1) + "Abi";
  values.push(`export const ${name} = ${JSON.stringify(abi)};`);
  types.push(`/** ABI of ${contract}. */`, `export declare const ${name}: ${typeOf(abi)};`);
}
mkdirSync(`${root}/abi`, { recursive: true });
writeFileSync(`${root}/abi/index.mjs`, values.join("\n") + "\n");
writeFileSync(`${root}/abi/index.d.mts`, types.join("\n") + "\n");
