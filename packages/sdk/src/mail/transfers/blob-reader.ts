import type { PayloadReader } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import { giveBack } from '../../by-hand/give-back.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import type { BlobBody, ByteRange } from '../../ports.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { callOptions, patientWire, type LineOptions, type ServerLine } from './server-line.ts';

/** Where an item's bytes lie: in an arrival that is not filed yet, or under an own hold. */
export type BlobPlace = { readonly arrival: number; readonly item: number } | { readonly hold: Uint8Array };

export interface BlobReaderOptions extends LineOptions {
  /** Of the whole blob, as this client knows it. */
  readonly sizeBytes: number;
  /** Bytes of a header that stand before the payload, and are left out. */
  readonly headerBytes?: number;
  /** Bytes that came; less than none where they came damaged and are asked for again. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Reads ranges of a blob, each with one call; after a cut the call goes on from its last byte.
 *
 * Its `readAt` throws SdkError `item_withheld` where the server says that it has no such item, `item_altered` where it
 * has another size; `stopped`; what the wire throws.
 */
export function blobReader(line: ServerLine, place: BlobPlace, options: BlobReaderOptions): PayloadReader {
  const { sizeBytes, headerBytes = 0 } = options;
  const patient = { ...line, wire: patientWire(line) };
  return {
    sizeBytes: sizeBytes - headerBytes,
    async readAt(offset, lengthBytes, memory) {
      const from = headerBytes + offset;
      const to = Math.min(from + lengthBytes, sizeBytes);
      const wanted = Math.max(0, to - from);
      const fits = memory !== undefined && memory.length >= wanted;
      const bytes = fits ? memory.subarray(0, wanted) : new Uint8Array(wanted);
      if (bytes.length === 0) return bytes;
      for (let tries = 1; ; tries++) {
        const hash = await readInto(bytes, patient, place, { ...options, range: { from, to } });
        if (hash === null || equalBytes(await line.host.engine.sha256(bytes), hash)) return bytes;
        if (tries === TRIES) throw altered('other bytes come than the server says');
        options.onBytes?.(-bytes.length);
      }
    },
  };
}

/** How often bytes are asked for that come damaged. What they hold has no part in it: a server learns nothing by it. */
const TRIES = 3;

type RangeOptions = BlobReaderOptions & { readonly range: ByteRange };

/** @returns what the server says the hash of these bytes is; null where it does not say */
async function readInto(
  bytes: Uint8Array,
  ...[line, place, options]: [ServerLine, BlobPlace, RangeOptions]
): Promise<Uint8Array | null> {
  let size = 0;
  try {
    const body = await read(line, place, options);
    for await (const piece of body.stream()) {
      if (size + piece.length > bytes.length) throw altered('more bytes than were asked for');
      bytes.set(piece, size);
      size += piece.length;
      options.onBytes?.(piece.length);
      giveBack(piece);
    }
    if (size < bytes.length) throw altered('fewer bytes than were asked for');
    return body.hash ?? null;
  } catch (error) {
    throw meaningOf(error);
  }
}

/** A payload that is in memory. */
export function bytesReader(bytes: Uint8Array): PayloadReader {
  return {
    sizeBytes: bytes.length,
    readAt: (offset, lengthBytes) => Promise.resolve(Uint8Array.from(bytes.subarray(offset, offset + lengthBytes))),
  };
}

async function read(line: ServerLine, place: BlobPlace, { range, signal, sizeBytes }: RangeOptions): Promise<BlobBody> {
  const options = { ...callOptions(line, signal === undefined ? {} : { signal }), range };
  const body = await ('hold' in place
    ? line.wire.read(ROUTES.holdsRead, place, options)
    : line.wire.read(ROUTES.arrivalItem, place, options));
  if (body.totalBytes !== sizeBytes) throw altered('the item has another size');
  return body;
}

function meaningOf(error: unknown): unknown {
  if (!(error instanceof RefusedError)) return error;
  if (error.wire === 'range_outside') return altered('the item is shorter');
  if (error.wire !== 'not_found') return error;
  return new SdkError('item_withheld', 'the server does not give an item that it took', { cause: error });
}

function altered(why: string): SdkError {
  return new SdkError('item_altered', `an item is not as it was: ${why}`);
}
