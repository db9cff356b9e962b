import { concatBytes } from './age/bytes.ts';
import type { Engine } from './engine/engine.ts';
import { requireLength } from './engine/require-length.ts';
import { LABELS } from './labels.ts';

export interface ItemParts {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  /** 16 bytes: the first of an age payload. */
  readonly payloadNonce: Uint8Array;
}

/**
 * The commitment to one payload, 32 bytes (docs/spec/01-item.md, "Item commitment"). Signed statements carry it, because an age
 * payload alone commits to no key: two file keys can open one payload to two texts.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function itemOf(engine: Engine, { fileKey, payloadNonce }: ItemParts): Promise<Uint8Array> {
  requireLength('file key', fileKey, 16);
  requireLength('payload nonce', payloadNonce, 16);
  return engine.sha256(concatBytes(LABELS.item.bytes, fileKey, payloadNonce));
}
