/** Sealing a file by hand, in the order of the C2SP age specification. */
import {
  encodeArmor,
  FILE_KEY_BYTES,
  NONCE_BYTES,
  parseRecipient,
  payloadKeyOf,
  payloadSizeOf,
  type Recipient,
  sealHeader,
  sealPayload,
} from '@latchkey/crypto';
import { SdkError } from '../errors.ts';
import { finishSink } from './finish-sink.ts';
import { giveBack } from './give-back.ts';
import { movePayload } from './move-payload.ts';
import type { ByHandHost } from './ports.ts';
import { readerKindOf } from './reader-kind.ts';
import type { Sealed, SealRequest } from './types.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { refuseWhenStopped, watchSource } from './watch-source.ts';

interface SealingKeys {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly nonce: Uint8Array;
  readonly payloadKey: Uint8Array;
}

/**
 * Seals `source` into `sink` as an age file under a fresh file key, and commits the sink.
 * @throws SdkError recipients_missing, stopped; CryptoError recipient_malformed, recipients_mixed,
 *   recipients_below_floor, argument_invalid; whatever source and sink throw. The sink is then discarded.
 */
export async function sealByHand(host: ByHandHost, request: SealRequest): Promise<Sealed> {
  return finishSink(request.sink, async () => {
    const recipients = recipientsOf(request);
    refuseWhenStopped(request.signal);
    const keys = await makeKeys(host, recipients);
    try {
      const sizes =
        request.armor === true ? await streamSealed(host, request, keys) : await writeSealed(host, request, keys);
      return { commit: true, result: { ...sizes, readers: recipients.map(({ kind }) => readerKindOf(kind)) } };
    } finally {
      keys.payloadKey.fill(0);
    }
  });
}

function recipientsOf({ recipients = [], passphrase }: SealRequest): readonly Recipient[] {
  const parsed: Recipient[] = recipients.map((text) => parseRecipient(text));
  // crypto refuses a passphrase beside others: one rule, in one place.
  if (passphrase !== undefined) parsed.push({ kind: 'scrypt', passphrase: utf8Bytes(passphrase) });
  if (parsed.length === 0) throw new SdkError('recipients_missing', 'there is nobody who could open it');
  return parsed;
}

async function makeKeys({ engine }: ByHandHost, recipients: readonly Recipient[]): Promise<SealingKeys> {
  const fileKey = engine.randomBytes(FILE_KEY_BYTES);
  try {
    const header = await sealHeader(engine, { fileKey, recipients, wrappedBefore: [] });
    const nonce = engine.randomBytes(NONCE_BYTES);
    return { header, nonce, payloadKey: await payloadKeyOf(engine, fileKey, nonce) };
  } finally {
    fileKey.fill(0);
  }
}

type Sizes = Pick<Sealed, 'plaintextBytes' | 'sealedBytes'>;

/** Header and nonce, then the payload as fast as the host can. */
async function writeSealed(host: ByHandHost, request: SealRequest, keys: SealingKeys): Promise<Sizes> {
  const { source, sink, onProgress, signal } = request;
  const { header, nonce, payloadKey } = keys;
  await sink.write(header);
  await sink.write(nonce);
  const movedBytes = await movePayload(host, 'seal', {
    payloadKey,
    source,
    sourceOffset: 0,
    sink,
    onProgress: (doneBytes) => onProgress?.({ doneBytes, totalBytes: source.sizeBytes }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (movedBytes !== null)
    return { plaintextBytes: movedBytes, sealedBytes: header.length + payloadSizeOf(movedBytes) };

  let sealedBytes = header.length + nonce.length;
  const plaintext = countPlaintext(request);
  for await (const piece of sealPayload(host.chunks, { payloadKey, plaintext: plaintext.stream })) {
    sealedBytes += piece.length;
    await sink.write(piece);
    giveBack(piece);
  }
  return { plaintextBytes: plaintext.doneBytes(), sealedBytes };
}

async function streamSealed(host: ByHandHost, request: SealRequest, keys: SealingKeys): Promise<Sizes> {
  const { header, nonce, payloadKey } = keys;
  const plaintext = countPlaintext(request);
  async function* file(): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    yield nonce;
    yield* sealPayload(host.chunks, { payloadKey, plaintext: plaintext.stream });
  }
  let sealedBytes = 0;
  for await (const piece of encodeArmor(file())) {
    await request.sink.write(piece);
    sealedBytes += piece.length;
  }
  return { plaintextBytes: plaintext.doneBytes(), sealedBytes };
}

function countPlaintext({ source, onProgress, signal }: SealRequest): {
  stream: AsyncIterable<Uint8Array>;
  doneBytes: () => number;
} {
  let done = 0;
  const onBytes = (doneBytes: number): void => {
    done = doneBytes;
    onProgress?.({ doneBytes, totalBytes: source.sizeBytes });
  };
  return { stream: watchSource(source.stream(), { signal, onBytes }), doneBytes: () => done };
}
