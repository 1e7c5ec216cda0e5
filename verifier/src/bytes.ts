// Bytes, and how they are written: "0x" and lower-case hexadecimal digits.
// Values of fixed size are kept as that text, so that they compare and serve
// as keys as they are: text of one length ascends as the bytes do.

/** 20 bytes: a provider, operator or contract. */
export type Address = string;
/** 32 bytes: a digest, root, id, salt, nonce or beacon. */
export type Hash = string;

export const zeroAddress: Address = "0x" + "0".repeat(40);
export const zeroHash: Hash = "0x" + "0".repeat(64);

/** What is wrong with bytes that somebody else wrote. Its text is one line. */
export class Invalid extends Error {
  override name = "Invalid";
}

const digits = "0123456789abcdef";

const value = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) value[digits.charCodeAt(i)] = i;

const nibble = (code: number): number => (code < 128 ? value[code]! : -1);

const pair: string[] = [];
for (let i = 0; i < 256; i++) pair.push(digits[i >> 4]! + digits[i & 15]!);

export function toHex(b: Uint8Array): string {
  let s = "0x";
  for (let i = 0; i < b.length; i++) s += pair[b[i]!]!;
  return s;
}

/** Writes the bytes of 0x-hex into out from at, and returns how many there are. */
export function writeHex(s: string, out: Uint8Array, at: number): number {
  const n = (s.length - 2) >> 1;
  for (let i = 0; i < n; i++) {
    const high = nibble(s.charCodeAt(2 * i + 2));
    const low = nibble(s.charCodeAt(2 * i + 3));
    if (high < 0 || low < 0) throw new Invalid("not lower-case hexadecimal digits");
    out[at + i] = (high << 4) | low;
  }
  return n;
}

/** The bytes of 0x-hex; of size bytes where one is given. */
export function fromHex(s: string, size?: number): Uint8Array {
  if (!s.startsWith("0x") || s.length % 2 !== 0) throw new Invalid("not 0x and pairs of hexadecimal digits");
  const out = new Uint8Array((s.length - 2) >> 1);
  if (size !== undefined && out.length !== size) throw new Invalid(`${out.length} bytes, want ${size}`);
  writeHex(s, out, 0);
  return out;
}

/** An integer of up to 32 bytes, big-endian. */
export function toInteger(b: Uint8Array): bigint {
  return b.length === 0 ? 0n : BigInt(toHex(b));
}

/** A non-negative integer as size bytes, big-endian, as 0x-hex. */
export function integerHex(x: bigint, size: number): string {
  const s = x.toString(16);
  if (x < 0n || s.length > 2 * size) throw new Invalid(`an integer does not fit into ${size} bytes`);
  return "0x" + s.padStart(2 * size, "0");
}

export function uint32At(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}

export function int32At(b: Uint8Array, at: number): number {
  return (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

const encoder = new TextEncoder();

/** A text in UTF-8. */
export const utf8 = (s: string): Uint8Array => encoder.encode(s);

/** -1, 0 or 1, of texts of one length or of numbers of one kind. */
export function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
