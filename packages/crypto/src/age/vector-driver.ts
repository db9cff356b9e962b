/**
 * Drives this engine through test vectors of the C2SP project (CCTV, "age"), in every way that files can come.
 * Pure, so that one corpus runs on every engine that a machine offers, browsers included.
 */
import { hex } from '@scure/base';
import type { Awaitable, Engine } from '../engine/engine.ts';
import { CryptoError, type CryptoErrorCode } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import { concatBytes, sameBytes } from './bytes.ts';
import { decodeArmor } from './decode-armor.ts';
import { encodeArmor } from './encode-armor.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { formatHeader, formatMacInput, parseHeader } from './header.ts';
import { open } from './open.ts';
import { openHeader } from './open-header.ts';
import { openPayload } from './open-payload.ts';
import { openRange, openSeekable } from './open-range.ts';
import { payloadKeyOf } from './payload-key.ts';
import { NONCE_BYTES, payloadSizeOf } from './payload-size.ts';
import { readHeader } from './read-header.ts';
import { sealPayload } from './seal-payload.ts';
import { type AgeVector, type VectorOutcome, parseAgeVector } from './parse-vector.ts';

export interface VectorDriverOptions {
  /** By name, as the package `cctv-age` exports them. */
  readonly vectors: Readonly<Record<string, Uint8Array>>;
  /** zlib (RFC 1950); some vectors are compressed. */
  readonly inflate: (bytes: Uint8Array) => Awaitable<Uint8Array>;
  /** Files up to this size are driven byte by byte from end to end, longer ones at the start of every 64 KiB. */
  readonly byteByByteUpToBytes: number;
  /** Of files that do not come byte by byte only the first two boundaries and the last: 16 MiB have 256 of them. */
  readonly fewBoundaries?: boolean;
}

export interface VectorReport {
  readonly vectorCount: number;
  /** Pairs of a vector and a way to drive it. */
  readonly driveCount: number;
  /** What was not as the vector says; empty where all is well. */
  readonly differences: readonly string[];
}

export async function driveAgeVectors(engine: Engine, options: VectorDriverOptions): Promise<VectorReport> {
  const differences: string[] = [];
  let vectorCount = 0;
  let driveCount = 0;
  for (const [name, text] of Object.entries(options.vectors)) {
    vectorCount++;
    const vector = await parseAgeVector(text, options.inflate);
    const ways: Record<string, () => Promise<string | null>> = {
      whole: () => driveStream(engine, vector, whole(vector.file)),
      streamed: () => driveStream(engine, vector, unevenly(vector.file)),
      'byte by byte': () => driveStream(engine, vector, byteByByte(vector.file, options)),
      apart: () => driveApart(engine, vector),
      'round trip': () => driveRoundTrip(engine, vector),
    };
    for (const [way, drive] of Object.entries(ways)) {
      driveCount++;
      const difference = await drive().catch((error: unknown) => `stopped with ${String(error)}`);
      if (difference !== null) differences.push(`${name}, ${way}: ${difference}`);
    }
  }
  return { vectorCount, driveCount, differences };
}

interface Driven {
  readonly outcome: VectorOutcome;
  readonly plaintext: Uint8Array;
}

/** Header, payload and armor in one stream. */
async function driveStream(engine: Engine, vector: AgeVector, file: Pieces): Promise<string | null> {
  const source = vector.armored ? decodeArmor(file) : file;
  const released: Uint8Array[] = [];
  let outcome: VectorOutcome = 'success';
  let opening = true;
  try {
    const opened = await open(engine, { source, identities: vector.identities });
    opening = false;
    if (opened === null) outcome = 'no match';
    else for await (const bytes of opened.plaintext) released.push(bytes);
  } catch (error) {
    outcome = outcomeOf(error, opening);
  }
  return compare(engine, vector, { outcome, plaintext: concatBytes(...released) });
}

/** Header and payload as two files; the payload by ranges. */
async function driveApart(engine: Engine, vector: AgeVector): Promise<string | null> {
  let outcome: VectorOutcome = 'success';
  let plaintext: Uint8Array = new Uint8Array(0);
  let opening = true;
  try {
    const { header, payload } = await splitFile(vector);
    const opened = await openHeader(engine, { header, identities: vector.identities });
    opening = payload.length < NONCE_BYTES;
    if (opened === null) outcome = 'no match';
    else {
      const reader = {
        sizeBytes: payload.length,
        readAt: async (offset: number, lengthBytes: number) => payload.slice(offset, offset + lengthBytes),
      };
      const seekable = await openSeekable(engine, { fileKey: opened.fileKey, reader });
      plaintext = await collect(openRange(seekable, 0, seekable.plaintextSizeBytes));
    }
  } catch (error) {
    outcome = outcomeOf(error, opening);
  }
  // A range is refused as a whole where a stream has given out what stands before the bad chunk.
  return vector.expect === outcome && outcome !== 'success' ? null : compare(engine, vector, { outcome, plaintext });
}

/** What was read is written again byte for byte: armor, header and, with the file key of the vector, payload. */
async function driveRoundTrip(engine: Engine, vector: AgeVector): Promise<string | null> {
  if (vector.expect === 'header failure' || vector.expect === 'armor failure') return null;
  const { header, payload } = await splitFile(vector);
  const { stanzas, mac } = parseHeader(header);
  if (!sameBytes(formatHeader(formatMacInput(stanzas), mac), header)) return 'the header is written in another way';
  if (vector.expect !== 'success') return null;

  const nonce = payload.subarray(0, NONCE_BYTES);
  const payloadKey = await payloadKeyOf(engine, vector.fileKey, nonce);
  const cipher = chunkCipher(engine);
  const chunks = unevenly(payload.subarray(NONCE_BYTES));
  const plaintext = await collect(openPayload(cipher, { payloadKey, chunks }));
  if (payloadSizeOf(plaintext.length) !== payload.length) return 'the size of the payload is another one';
  const sealed = await collect(sealPayload(cipher, { payloadKey, plaintext: unevenly(plaintext) }));
  if (!sameBytes(concatBytes(nonce, sealed), payload)) return 'the payload is sealed in another way';
  const file = concatBytes(header, payload);
  const armored = await collect(decodeArmor(encodeArmor(unevenly(file))));
  return sameBytes(armored, file) ? null : 'armor does not come back';
}

async function compare(engine: Engine, vector: AgeVector, driven: Driven): Promise<string | null> {
  if (driven.outcome !== vector.expect) return `expected ${vector.expect}, got ${driven.outcome}`;
  if (vector.payloadHash === null) return null;
  const hash = hex.encode(await engine.sha256(driven.plaintext));
  return hash === vector.payloadHash ? null : 'what was given out is not what was expected';
}

const OUTCOMES: ReadonlyMap<CryptoErrorCode, VectorOutcome> = new Map([
  ['header_malformed', 'header failure'],
  ['header_too_large', 'header failure'],
  ['passphrase_work_too_high', 'header failure'],
  ['header_mac_wrong', 'HMAC failure'],
  ['passphrase_wrong', 'no match'],
  ['payload_damaged', 'payload failure'],
  ['payload_truncated', 'payload failure'],
  ['armor_malformed', 'armor failure'],
]);

function outcomeOf(error: unknown, opening: boolean): VectorOutcome {
  const outcome = error instanceof CryptoError ? OUTCOMES.get(error.code) : undefined;
  if (outcome === undefined) throw error;
  // The vectors count a missing nonce as part of the header.
  return outcome === 'payload failure' && opening ? 'header failure' : outcome;
}

type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

async function splitFile({ armored, file }: AgeVector): Promise<{ header: Uint8Array; payload: Uint8Array }> {
  const reader = new ByteReader(whole(armored ? await collect(decodeArmor(whole(file))) : file));
  const header = await readHeader(reader);
  return { header, payload: await collect(reader.rest()) };
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part.slice());
  return concatBytes(...parts);
}

async function* whole(bytes: Uint8Array): Pieces {
  yield bytes;
}

/** Sizes that meet no boundary twice, with empty pieces among them. */
async function* unevenly(bytes: Uint8Array): Pieces {
  for (let at = 0, step = 0; at < bytes.length; step = (step * 7 + 13) % 9973) {
    yield bytes.subarray(at, at + step);
    at += step;
  }
}

const BOUNDARY_BYTES = 64 * 1024;
/** More than any header of the vectors and their chunks' tags, so that every boundary lies among single bytes. */
const SINGLE_BYTES = 6 * 1024;

async function* byteByByte(
  bytes: Uint8Array,
  { byteByByteUpToBytes, fewBoundaries = false }: VectorDriverOptions,
): Pieces {
  const last = Math.floor(bytes.length / BOUNDARY_BYTES);
  for (let at = 0; at < bytes.length;) {
    const boundary = Math.floor(at / BOUNDARY_BYTES);
    const near = at % BOUNDARY_BYTES < SINGLE_BYTES && (!fewBoundaries || boundary < 2 || boundary === last);
    const step = bytes.length <= byteByByteUpToBytes || near ? 1 : BOUNDARY_BYTES - (at % BOUNDARY_BYTES);
    yield bytes.subarray(at, at + step);
    at += step;
  }
}
