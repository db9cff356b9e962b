/** Byte arrays without a platform: this room has neither TextEncoder nor Buffer. */

/** ASCII text to bytes. The caller vouches that `text` is ASCII (constants and checked text only). */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Each byte becomes the character of the same number; callers check that it is ASCII. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  // Applied, not spread: spreading walks an iterator, which takes seven times as long.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + 4096));
  }
  return text;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let lengthBytes = 0;
  for (const part of parts) lengthBytes += part.length;
  const whole = new Uint8Array(lengthBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The same for parts that nobody else holds: a single one is given out as it is. */
export function joinFreshBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (parts.length !== 1 || only === undefined || !isUnshared(only)) return concatBytes(...parts);
  return only.length === only.buffer.byteLength ? only : concatBytes(only);
}

/** Platforms take no views of memory that other threads see. */
export function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

/** Compares without stopping at the first difference, so that time tells nothing about a secret. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
