/** Numbers in sealed formats are unsigned and big-endian (docs/spec/04-records.md). */

export function encodeU8(value: number): Uint8Array {
  return encodeUnsigned(BigInt(value), 1);
}

export function encodeU32(value: number): Uint8Array {
  return encodeUnsigned(BigInt(value), 4);
}

export function encodeU64(value: bigint): Uint8Array {
  return encodeUnsigned(value, 8);
}

export function decodeUnsigned(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function encodeUnsigned(value: bigint, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  let rest = value;
  for (let at = lengthBytes - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
