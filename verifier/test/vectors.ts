// Reads tests/vectors, which Go and Solidity are held to as well.

import { readFileSync } from "node:fs";

/** The vectors' JSON. Integers beyond 2^53 are there as text, but for standings, which are kept as they are written. */
export function vectors(name: string): any {
  const url = new URL(`../../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}
