import { inspect } from '@latchkey/crypto';
import type { ByteSource } from './ports.ts';
import { readerKindOf } from './reader-kind.ts';
import type { ItemFacts } from './types.ts';

/**
 * What can be said of an age file without a key. Pipes and armor are read to their end, files only to the end of
 * the header; nothing is verified.
 * @throws CryptoError header_malformed, header_too_large, payload_truncated, armor_malformed; what the source throws
 */
export async function inspectItem(source: ByteSource): Promise<ItemFacts> {
  const facts = await inspect({ source: source.stream(), sizeBytes: source.sizeBytes });
  return {
    armored: facts.armored,
    readers: facts.recipients.map(({ kind }) => readerKindOf(kind)),
    headerBytes: facts.headerSizeBytes,
    payloadBytes: facts.payloadSizeBytes,
    chunks: facts.chunkCount,
    plaintextBytes: facts.plaintextSizeBytes,
    itemBytes: facts.headerSizeBytes + facts.payloadSizeBytes,
  };
}
