/** Fixed binary forms: numbers are unsigned and big-endian (docs/spec/04-records.md). */

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

export function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/** Null where the number is not exact in JSON. */
export function readU64(bytes: Uint8Array, at: number): number | null {
  const value = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at));
  return Number.isSafeInteger(value) ? value : null;
}
