/**
 * Opening attachments, whole or in ranges. The end and the size are checked first, then each part's hash before
 * anything of it is shown (docs/spec/08-message.md, "Attachments").
 */
import {
  CHUNK_BYTES,
  CHUNK_PLAINTEXT_BYTES,
  chunkOffsetOf,
  CryptoError,
  inOrder,
  NONCE_BYTES,
  openSeekable,
  type PayloadReader,
  type SeekablePayload,
} from '@latchkey/crypto';
import type { FileStatement } from '@latchkey/protocol';
import { equalBytes } from '../signing/equal-bytes.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import { hashGivenUp } from './hash-given-up.ts';
import { altered, itemKeyFor, type MessageHost } from './item-key.ts';
import { PART_BYTES } from './manifest.ts';
import { alteredIfBroken } from './open-first-chunk.ts';
import type { AttachmentEntry } from './types.ts';

const PART_CHUNKS: number = PART_BYTES / CHUNK_BYTES;
/** On their way while one is opened: with it 24 MiB. */
const PARTS_AHEAD = 2;
const PART_PLAINTEXT_BYTES: number = PART_CHUNKS * CHUNK_PLAINTEXT_BYTES;

export interface AttachmentRange {
  readonly entry: AttachmentEntry;
  readonly payload: PayloadReader;
  readonly start: number;
  readonly end: number;
}

/**
 * All bytes without the padding. Whether they are all is known when the stream has ended without an error. A piece is
 * good until the next one is asked for.
 *
 * @throws SdkError `item_altered`; whatever the payload throws
 */
export async function* openAttachment(
  host: MessageHost,
  entry: AttachmentEntry,
  payload: PayloadReader,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { sizeBytes } = entry;
  const padded = openSpan(host, { entry, payload, start: 0, end: Number.POSITIVE_INFINITY });
  let given = 0;
  for await (const piece of padded) {
    const shown = piece.subarray(0, Math.max(0, sizeBytes - given));
    given += shown.length;
    if (piece.subarray(shown.length).some((byte) => byte !== 0)) throw altered('its padding is not empty');
    if (shown.length > 0) yield shown;
  }
}

/**
 * The bytes from `start` up to and without `end`. Reads whole parts. A piece is good until the next one is asked for.
 *
 * @throws CryptoError `range_outside_payload`; SdkError `item_altered`; whatever the payload throws
 */
export async function* openAttachmentRange(
  host: MessageHost,
  range: AttachmentRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { entry, start, end } = range;
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
  if (!inside || end > entry.sizeBytes) {
    throw new CryptoError('range_outside_payload', 'the range does not lie inside the attachment');
  }
  yield* openSpan(host, range);
}

/** From any place to any other, padding included. */
async function* openSpan(
  host: MessageHost,
  { entry, payload, start, end }: AttachmentRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { statement } = parseSigned('latchkey/file/v1', entry.manifest);
  const seekable = await openEnd(host, { entry, payload });
  try {
    const stop = Math.min(end, seekable.plaintextSizeBytes);
    const endIndex = Math.ceil(stop / PART_PLAINTEXT_BYTES);
    const memories: Uint8Array<ArrayBuffer>[] = [];
    const ahead: Promise<Part>[] = [];
    const fetchPart = (index: number): void => {
      // A part lies where the one lay that was opened last.
      const place = index % (PARTS_AHEAD + 1);
      const memory = memories[place] ?? new Uint8Array(Math.min(PART_BYTES, payload.sizeBytes));
      const part = readPart(host, seekable, { index, statement, memory }).then((read) => {
        memories[place] = new Uint8Array(read.bytes.buffer);
        return read;
      });
      // Whoever stops reading never asks for the parts that were fetched ahead.
      part.catch(() => undefined);
      ahead.push(part);
    };
    let next = Math.floor(start / PART_PLAINTEXT_BYTES);
    for (let at = start; at < stop;) {
      const index = Math.floor(at / PART_PLAINTEXT_BYTES);
      for (; next < Math.min(endIndex, index + PARTS_AHEAD); next++) fetchPart(next);
      const partStart = index * PART_PLAINTEXT_BYTES;
      const partEnd = Math.min(stop, partStart + PART_PLAINTEXT_BYTES);
      const part = await ahead.shift();
      if (part === undefined) break;
      if (next < endIndex) fetchPart(next++);
      const [from, to] = [at - partStart, partEnd - partStart];
      if (part.isOpen) yield part.bytes.subarray(from, to);
      else yield* openChunksOf(host, seekable, { part: part.bytes, index, from, to });
      at = partEnd;
    }
  } finally {
    seekable.payloadKey.fill(0);
  }
}

/** Size, nonce, item and last chunk. */
async function openEnd(
  host: MessageHost,
  { entry, payload }: Pick<AttachmentRange, 'entry' | 'payload'>,
): Promise<SeekablePayload> {
  if (payload.sizeBytes !== entry.payloadBytes) throw altered('it has another size');
  const nonce = await payload.readAt(0, NONCE_BYTES);
  if (nonce.length !== NONCE_BYTES) throw altered('it was cut short');
  const { fileKey } = await itemKeyFor(host.engine, { fileKey: entry.key.fileKey, nonce, item: entry.key.item });
  return alteredIfBroken(openSeekable(host.engine, { fileKey, reader: payload, cipher: host.chunks }));
}

/** A part whose hash fits: its plaintext, or its chunks. */
interface Part {
  readonly isOpen: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function readPart(
  host: MessageHost,
  { payloadKey, reader }: SeekablePayload,
  { index, statement, memory }: { index: number; statement: FileStatement; memory: Uint8Array<ArrayBuffer> },
): Promise<Part> {
  const offset = chunkOffsetOf(index * PART_CHUNKS);
  const part = await reader.readAt(offset, Math.min(PART_BYTES, reader.sizeBytes - offset), memory);
  const signed = statement.parts[index];
  if (signed === undefined) throw altered('it has more parts than were signed');
  if (host.chunks.openPart === undefined) {
    const { hash, bytes } = await hashGivenUp(host, part);
    if (!equalBytes(hash, signed)) throw altered('a part is not the one');
    return { isOpen: false, bytes };
  }
  const final = offset + part.length === reader.sizeBytes;
  const firstChunk = index * PART_CHUNKS;
  const bytes = await host.chunks.openPart({ payloadKey, firstChunk, bytes: part, final, hash: signed });
  if (bytes === null) throw altered('a part is not the one, or does not open');
  return { isOpen: true, bytes };
}

interface PartSpan {
  readonly part: Uint8Array<ArrayBuffer>;
  readonly index: number;
  /** Bytes of the part's plaintext. */
  readonly from: number;
  readonly to: number;
}

/** Of a part whose hash fits: the chunks that the span touches, a few runs at once. */
async function* openChunksOf(
  { chunks }: MessageHost,
  { payloadKey, reader }: SeekablePayload,
  { part, index, from, to }: PartSpan,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const isLastPart = chunkOffsetOf(index * PART_CHUNKS) + part.length === reader.sizeBytes;
  const firstChunk = Math.floor(from / CHUNK_PLAINTEXT_BYTES);
  const endChunk = Math.ceil(to / CHUNK_PLAINTEXT_BYTES);
  const runChunks = chunks.chunksPerRun;
  const opened = inOrder(everyNth(runChunks, firstChunk, endChunk), {
    atOnce: chunks.runsInFlight,
    work: async (start) => {
      const end = Math.min(start + runChunks, endChunk);
      const bytes = part.slice(start * CHUNK_BYTES, end * CHUNK_BYTES);
      const final = isLastPart && end * CHUNK_BYTES >= part.length;
      const run = await chunks.openRun({ payloadKey, firstChunk: index * PART_CHUNKS + start, bytes, final });
      if (!run.whole) throw altered('a chunk does not open');
      return { bytes: run.bytes, startsAt: start * CHUNK_PLAINTEXT_BYTES };
    },
  });
  for await (const { bytes, startsAt } of opened) {
    const shown = bytes.subarray(Math.max(0, from - startsAt), Math.min(bytes.length, to - startsAt));
    if (shown.length > 0) yield shown;
  }
}

// eslint-disable-next-line typescript/require-await
async function* everyNth(step: number, from: number, to: number): AsyncGenerator<number, void, undefined> {
  for (let at = from; at < to; at += step) yield at;
}
