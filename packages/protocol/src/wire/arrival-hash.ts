import { sha256 } from '@noble/hashes/sha2.js';

export interface HashedArrival {
  readonly number: number;
  readonly hour: number;
  readonly key: Uint8Array;
  readonly items: readonly { readonly sizeBytes: number; readonly header: Uint8Array | null }[];
  readonly part: Uint8Array;
}

// ASCII of "latchkey/v1/arrival\0"
const label = Uint8Array.from('latchkey/v1/arrival\0', (character) => character.charCodeAt(0));

/** SHA-256 while its input comes. */
export interface RunningSha256 {
  update(bytes: Uint8Array): RunningSha256;
  digest(): Uint8Array;
}

/**
 * What an arrival leaves behind when it is removed, and its leaf in the log of arrivals: 32 bytes.
 * docs/spec/06-wire.md, "Arrivals".
 *
 * @param newSha256 the platform's own where it has one that runs at once: five times as fast
 */
export function arrivalHash(
  arrival: HashedArrival,
  newSha256: () => RunningSha256 = () => sha256.create(),
): Uint8Array {
  const hash = newSha256();
  hash.update(label).update(u64(arrival.number)).update(u64(arrival.hour)).update(arrival.key);
  hash.update(u32(arrival.items.length));
  for (const item of arrival.items) {
    hash.update(u64(item.sizeBytes)).update(u32(item.header?.length ?? 0));
    if (item.header !== null) hash.update(item.header);
  }
  return hash.update(u32(arrival.part.length)).update(arrival.part).digest();
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
