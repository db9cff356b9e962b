/** Opening a file by hand, in the order of the C2SP age specification. */
import {
  type ByteReader,
  CryptoError,
  detectArmor,
  type Identity,
  inspectHeader,
  NONCE_BYTES,
  openHeader,
  openPayload,
  parseIdentity,
  payloadKeyOf,
  CHUNK_BYTES,
  readHeader,
} from '@latchkey/crypto';
import { finishSink } from './finish-sink.ts';
import { giveBack } from './give-back.ts';
import { movePayload } from './move-payload.ts';
import type { ByHandHost } from './ports.ts';
import { readerKindOf } from './reader-kind.ts';
import type { OpenOutcome, OpenRequest, ReaderKind } from './types.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { refuseWhenStopped } from './watch-source.ts';

const TAG_BYTES = 16;

/**
 * Opens an age file, armored or not, and commits the sink once every chunk has been verified.
 * @throws CryptoError header_malformed, header_too_large, header_mac_wrong, identity_malformed, passphrase_wrong,
 *   passphrase_work_too_high, payload_damaged, payload_truncated, armor_malformed; SdkError stopped; whatever
 *   source and sink throw. The sink is then discarded; a pipe has by then got the chunks before the bad one.
 */
export async function openByHand(host: ByHandHost, request: OpenRequest): Promise<OpenOutcome> {
  return finishSink<OpenOutcome>(request.sink, async () => {
    refuseWhenStopped(request.signal);
    const { armored, reader } = await detectArmor(request.source.stream());
    try {
      const header = await readHeader(reader);
      const fileKey = await unwrapFileKey(host, request, header);
      if (fileKey === null) return { commit: false, result: { outcome: 'not_for_me', readers: readersOf(header) } };
      const payloadKey = await readPayloadKey(host, reader, fileKey);
      try {
        const sealed = { payloadKey, reader, armored, headBytes: header.length + NONCE_BYTES };
        const plaintextBytes = await writePlaintext(host, request, sealed);
        return { commit: true, result: { outcome: 'opened', plaintextBytes, armored } };
      } finally {
        payloadKey.fill(0);
      }
    } finally {
      await reader.close();
    }
  });
}

function readersOf(header: Uint8Array): ReaderKind[] {
  return inspectHeader(header).recipients.map(({ kind }) => readerKindOf(kind));
}

async function unwrapFileKey(
  { engine }: ByHandHost,
  { identities = [], passphrase }: OpenRequest,
  header: Uint8Array,
): Promise<Uint8Array | null> {
  const parsed: Identity[] = identities.map((text) => parseIdentity(text));
  try {
    if (readersOf(header).includes('scrypt')) {
      const words = (await passphrase?.()) ?? null;
      if (words !== null) parsed.push({ kind: 'scrypt', passphrase: utf8Bytes(words) });
    }
    return (await openHeader(engine, { header, identities: parsed }))?.fileKey ?? null;
  } finally {
    for (const identity of parsed) (identity.kind === 'scrypt' ? identity.passphrase : identity.secret).fill(0);
  }
}

async function readPayloadKey({ engine }: ByHandHost, reader: ByteReader, fileKey: Uint8Array): Promise<Uint8Array> {
  try {
    const nonce = await reader.take(NONCE_BYTES);
    if (nonce.length < NONCE_BYTES) throw new CryptoError('payload_truncated', 'the payload was cut short');
    return await payloadKeyOf(engine, fileKey, nonce);
  } finally {
    fileKey.fill(0);
  }
}

interface SealedPayload {
  readonly payloadKey: Uint8Array;
  /** At the first byte of chunk 0. */
  readonly reader: ByteReader;
  readonly armored: boolean;
  /** Header and nonce. */
  readonly headBytes: number;
}

async function writePlaintext(host: ByHandHost, request: OpenRequest, sealed: SealedPayload): Promise<number> {
  const { source, sink, onProgress, signal } = request;
  const { payloadKey, reader, armored, headBytes } = sealed;
  const totalBytes = armored || source.sizeBytes === null ? null : plaintextBytesOf(source.sizeBytes - headBytes);
  if (!armored) {
    const movedBytes = await movePayload(host, 'open', {
      payloadKey,
      source,
      sourceOffset: headBytes,
      sink,
      onProgress: (doneBytes) => onProgress?.({ doneBytes, totalBytes }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (movedBytes !== null) return movedBytes;
  }
  let doneBytes = 0;
  for await (const piece of openPayload(host.chunks, { payloadKey, chunks: reader.rest() })) {
    refuseWhenStopped(signal);
    doneBytes += piece.length;
    await sink.write(piece);
    giveBack(piece);
    onProgress?.({ doneBytes, totalBytes });
  }
  return doneBytes;
}

/** For the progress bar only: a file that was cut somewhere has some size, too. */
function plaintextBytesOf(chunksBytes: number): number {
  return Math.max(0, chunksBytes - Math.ceil(chunksBytes / CHUNK_BYTES) * TAG_BYTES);
}
