import { KeyDirectoryError } from './errors.ts';

export function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** For public bytes: takes the time it takes. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.every((byte, at) => byte === right[at]);
}

/** @throws KeyDirectoryError `argument_invalid` */
export function requireBytes(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new KeyDirectoryError('argument_invalid', `a field has not its ${length} bytes`);
}
