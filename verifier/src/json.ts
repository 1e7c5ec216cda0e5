// Canonical JSON of bundles: one encoding of each value. docs/bundle.md,
// "Conventions".

import { type Address, type Hash, Invalid, fromHex } from "./bytes.js";

/** Reads a parsed value of one shape; throws Invalid where it has another. */
export type Shape<T> = (v: unknown, where: string) => T;

function wrong(where: string, want: string): never {
  throw new Invalid(`${where} is no ${want}`);
}

const integer =
  (low: number, high: number, name: string): Shape<number> =>
  (v, where) =>
    typeof v === "number" && Number.isInteger(v) && v >= low && v <= high ? v : wrong(where, name);

export const u8 = integer(0, 255, "u8");
export const u32 = integer(0, 2 ** 32 - 1, "u32");
export const i32 = integer(-(2 ** 31), 2 ** 31 - 1, "i32");

const decimal =
  (bits: bigint): Shape<bigint> =>
  (v, where) => {
    if (typeof v === "string" && v.length <= 78 && /^(0|[1-9][0-9]*)$/.test(v) && BigInt(v) >> bits === 0n) return BigInt(v);
    return wrong(where, `u${bits} in decimal`);
  };

export const u64 = decimal(64n);
export const u256 = decimal(256n);

const hexOf =
  (size: number, name: string): Shape<string> =>
  (v, where) =>
    typeof v === "string" && v.length === 2 * size + 2 && /^0x[0-9a-f]*$/.test(v) ? v : wrong(where, name);

export const address: Shape<Address> = hexOf(20, "address");
export const hash: Shape<Hash> = hexOf(32, "hash");

/** Bytes, as many as size says where it is given. */
export const bytes =
  (size?: number): Shape<Uint8Array> =>
  (v, where) => {
    if (typeof v !== "string") wrong(where, "0x-hex");
    try {
      return fromHex(v, size);
    } catch {
      return wrong(where, size === undefined ? "0x-hex" : `0x-hex of ${size} bytes`);
    }
  };

export const text: Shape<string> = (v, where) => (typeof v === "string" ? v : wrong(where, "string"));

export const list =
  <T>(of: Shape<T>): Shape<T[]> =>
  (v, where) =>
    Array.isArray(v) ? v.map((x, i) => of(x, `${where}[${i}]`)) : wrong(where, "list");

/** What an object need not have. */
export const optional = <T>(of: Shape<T>): Shape<T | undefined> => Object.assign((v: unknown, where: string) => of(v, where), { optional: true });

const isOptional = (of: Shape<unknown>): boolean => "optional" in of;

/** An object with exactly these keys, of which it need not have the optional ones; they must be given in ascending order. */
export const object =
  <S extends Record<string, Shape<unknown>>>(shapes: S): Shape<{ [K in keyof S]: ReturnType<S[K]> }> =>
  (v, where) => {
    if (typeof v !== "object" || v === null || Array.isArray(v)) wrong(where, "object");
    const keys = Object.keys(v);
    const want = Object.keys(shapes).filter((k) => Object.hasOwn(v, k) || !isOptional(shapes[k]!));
    if (keys.length !== want.length || keys.some((k, i) => k !== want[i])) wrong(where, `object of ${want.join(", ")}`);
    const out: Record<string, unknown> = {};
    for (const [key, shape] of Object.entries(shapes)) if (want.includes(key)) out[key] = shape((v as Record<string, unknown>)[key], `${where}.${key}`);
    return out as { [K in keyof S]: ReturnType<S[K]> };
  };

/** Reads canonical JSON of a shape, and nothing else. */
export function decodeJSON<T>(b: Uint8Array, shape: Shape<T>, name: string): T {
  if (b.some((c) => c < 0x20 || c > 0x7e || c === 0x5c)) throw new Invalid(`${name}: canonical JSON has printable ASCII without a backslash`);
  const source = new TextDecoder().decode(b);
  let v: unknown;
  try {
    v = JSON.parse(source);
  } catch {
    throw new Invalid(`${name}: not JSON`);
  }
  const value = shape(v, name);
  // What was parsed holds each key once, and each value as it is written in one way only.
  if (JSON.stringify(v) !== source) throw new Invalid(`${name}: not canonical JSON`);
  return value;
}
