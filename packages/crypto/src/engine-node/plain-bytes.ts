/** Callers get a Uint8Array, not its subclass: Buffer's `slice` shares memory where Uint8Array's copies. */
export function plainBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
