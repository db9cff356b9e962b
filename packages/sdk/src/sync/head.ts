/** A device's word on how far a space's log has come (docs/spec/07-spaces.md, "Heads"). */
import { equalBytes } from '../signing/equal-bytes.ts';
import { joinBytes, readU32, readU64, u32, u64 } from './byte-fields.ts';
import type { SpaceKeys } from './space-keys.ts';

const FORMAT_VERSION = 1;
// Where each field begins.
const AT = { epoch: 1, space: 5, size: 21, root: 29, device: 61, counter: 77, hour: 85, mac: 89, end: 121 } as const;

export interface Head {
  readonly device: Uint8Array;
  /** Of the change log after the batch that the head was written with. */
  readonly size: number;
  /** Of the tree at that size, 32 bytes. */
  readonly root: Uint8Array;
  /** One more with each head of this device. */
  readonly counter: number;
  /** Since 1970-01-01T00Z, by the device's clock. */
  readonly hour: number;
}

/** Under the keyring's newest epoch. */
export async function encodeHead(keys: SpaceKeys, head: Head): Promise<Uint8Array> {
  const signed = joinBytes(
    Uint8Array.of(FORMAT_VERSION),
    u32(keys.epoch),
    keys.space,
    u64(head.size),
    head.root,
    head.device,
    u64(head.counter),
    u32(head.hour),
  );
  return joinBytes(signed, await keys.headMac(keys.epoch, signed));
}

/**
 * A head from before a lock-out, where the keyring begins after it: whoever was locked out could have made it, so that
 * it says nothing.
 */
export function isOfLostEpoch(keys: SpaceKeys, bytes: Uint8Array): boolean {
  if (bytes.length !== AT.end || bytes[0] !== FORMAT_VERSION) return false;
  const epoch = readU32(bytes, AT.epoch);
  return epoch < keys.epoch && !keys.knows(epoch);
}

/** Null unless it was made for this space under an epoch of the keyring. */
export async function decodeHead(keys: SpaceKeys, bytes: Uint8Array): Promise<Head | null> {
  if (bytes.length !== AT.end || bytes[0] !== FORMAT_VERSION) return null;
  const epoch = readU32(bytes, AT.epoch);
  if (!keys.knows(epoch)) return null;
  const mac = await keys.headMac(epoch, bytes.subarray(0, AT.mac));
  if (!equalBytes(mac, bytes.subarray(AT.mac))) return null;
  if (!equalBytes(bytes.subarray(AT.space, AT.size), keys.space)) return null;
  const size = readU64(bytes, AT.size);
  const counter = readU64(bytes, AT.counter);
  if (size === null || counter === null) return null;
  const root = bytes.slice(AT.root, AT.device);
  const device = bytes.slice(AT.device, AT.counter);
  return { device, size, root, counter, hour: readU32(bytes, AT.hour) };
}
