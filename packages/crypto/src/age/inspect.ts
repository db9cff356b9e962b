/** What can be said of an age file without opening it. */
import type { ByteReader } from './byte-reader.ts';
import { detectArmor } from './detect-armor.ts';
import { parseHeader } from './header.ts';
import type { RecipientKind } from './kinds.ts';
import { knownStanzas } from './known-stanza.ts';
import { chunkCountOf, plaintextSizeOf } from './payload-size.ts';
import { readHeader } from './read-header.ts';

export interface HeaderInspection {
  /** One for each stanza, in order. */
  readonly recipients: readonly InspectedRecipient[];
  readonly headerSizeBytes: number;
}

export interface InspectedRecipient {
  /** Null where this room does not know the kind. */
  readonly kind: RecipientKind | null;
  /** The first argument of the stanza: printable ASCII, written by whoever made the file. */
  readonly name: string;
  /** log2 of the work factor, for a passphrase. */
  readonly logN?: number;
}

export interface FileInspection extends HeaderInspection {
  readonly armored: boolean;
  /** Nonce and chunks. */
  readonly payloadSizeBytes: number;
  /** As far as the size tells; nothing has been verified. */
  readonly plaintextSizeBytes: number;
  readonly chunkCount: number;
}

/** @throws CryptoError header_malformed, header_too_large */
export function inspectHeader(header: Uint8Array): HeaderInspection {
  const { stanzas } = parseHeader(header);
  const known = knownStanzas(stanzas);
  const recipients = stanzas.map(({ args: [name = ''] }): InspectedRecipient => {
    const stanza = known.find(({ kind }) => kind === name);
    if (stanza === undefined) return { kind: null, name };
    return stanza.kind === 'scrypt' ? { kind: stanza.kind, name, logN: stanza.logN } : { kind: stanza.kind, name };
  });
  return { recipients, headerSizeBytes: header.length };
}

export interface InspectOptions {
  /** An age file, binary or armored. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Size of the file, where it is known: then only the header of a binary file is read. */
  readonly sizeBytes?: number | null;
}

/**
 * Reads to the end where that is the only way to know the size, in constant memory.
 * @throws CryptoError header_malformed, header_too_large, payload_truncated, armor_malformed
 */
export async function inspect({ source, sizeBytes = null }: InspectOptions): Promise<FileInspection> {
  const { armored, reader } = await detectArmor(source);
  try {
    const header = inspectHeader(await readHeader(reader));
    const payloadSizeBytes =
      sizeBytes === null || armored ? await countRest(reader) : sizeBytes - header.headerSizeBytes;
    const plaintextSizeBytes = plaintextSizeOf(payloadSizeBytes);
    return { ...header, armored, payloadSizeBytes, plaintextSizeBytes, chunkCount: chunkCountOf(plaintextSizeBytes) };
  } finally {
    await reader.close();
  }
}

async function countRest(reader: ByteReader): Promise<number> {
  let sizeBytes = 0;
  for await (const piece of reader.rest()) sizeBytes += piece.length;
  return sizeBytes;
}
