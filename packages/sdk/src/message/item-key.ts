/** Keys of items: made fresh for one payload, and checked against what was signed (docs/spec/01-item.md). */
import {
  FILE_KEY_BYTES,
  itemOf,
  NONCE_BYTES,
  type ChunkCipher,
  type Encapsulations,
  type Engine,
} from '@latchkey/crypto';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { ItemKey } from './types.ts';

/** What sealing and opening messages needs of the machine; a ByHandHost has it. */
export interface MessageHost {
  readonly engine: Engine;
  readonly chunks: ChunkCipher;
  encapsulateAhead?(publicKeys: readonly Uint8Array[]): Encapsulations | null;
}

/** A key for one payload that does not exist yet. */
export async function newItemKey(engine: Engine): Promise<ItemKey> {
  const fileKey = engine.randomBytes(FILE_KEY_BYTES);
  const nonce = engine.randomBytes(NONCE_BYTES);
  return { fileKey, nonce, item: await itemOf(engine, { fileKey, payloadNonce: nonce }) };
}

/**
 * The key of a payload that was read, if it is the one that was signed: one payload can be made to open to two texts
 * under two keys, and only this tells them apart.
 *
 * @throws SdkError `item_altered`
 */
export async function itemKeyFor(
  engine: Engine,
  { fileKey, nonce, item }: { readonly fileKey: Uint8Array; readonly nonce: Uint8Array; readonly item: Uint8Array },
): Promise<ItemKey> {
  if (!equalBytes(await itemOf(engine, { fileKey, payloadNonce: nonce }), item)) {
    throw altered('its key is not the one that was signed');
  }
  return { fileKey, nonce, item };
}

/** What cannot be shown, because it is not what was signed. */
export function altered(why: string, options?: ErrorOptions): SdkError {
  return new SdkError('item_altered', `the item is not what was signed: ${why}`, options);
}
