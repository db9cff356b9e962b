import { limits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { hashGivenUp } from '../../message/index.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { cutParts, partMemory } from './cut-parts.ts';
import { callOptions, patientWire, type LineOptions, type ServerLine } from './server-line.ts';

/** Parts on their way at once. With the one that is being filled it bounds the memory: 24 MiB. */
const PARTS_AT_ONCE = 2;
/** How often a server is believed that lists parts and then has not got them. */
const ROUNDS = 3;

export interface UploadJob {
  /** 16 random bytes: id of the upload and of the hold that it becomes. */
  readonly hold: Uint8Array;
  /** Of the whole blob. */
  readonly sizeBytes: number;
  /** From the first byte; every call gives the same bytes. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

export interface UploadOptions extends LineOptions {
  /** Bytes that the server has now, those of an earlier attempt included. */
  readonly onBytes?: (doneBytes: number) => void;
}

export interface PlacedItem {
  readonly hold: Uint8Array;
  /** The right to deliver it. */
  readonly blob: Uint8Array;
}

interface Placed extends PlacedItem {
  readonly sizeBytes: number;
}

/**
 * Puts a blob on the server, in one call or in parts of 8 MiB, and goes on where an earlier attempt ended: parts that are
 * there already are made again and compared, never sent again. Memory does not grow with the blob.
 *
 * @throws SdkError `attachment_changed` where a part that is there is not the one that would be sent now; `stopped`;
 *   what the wire throws
 */
export async function uploadItem(line: ServerLine, job: UploadJob, options: UploadOptions = {}): Promise<PlacedItem> {
  const patient = { ...line, wire: patientWire(line) };
  const placed = await (job.sizeBytes <= limits.PART_BYTES ? putWhole : uploadInParts)(patient, job, options);
  if (!equalBytes(placed.hold, job.hold) || placed.sizeBytes !== job.sizeBytes) {
    throw new SdkError('answer_malformed', 'the server placed something else than what was sent');
  }
  return placed;
}

async function putWhole(line: ServerLine, job: UploadJob, options: UploadOptions): Promise<Placed> {
  const { hold, sizeBytes } = job;
  let body: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  const memory = partMemory(sizeBytes);
  for await (const { bytes } of cutParts(job.pieces(), { partBytes: sizeBytes, sizeBytes }, memory)) body = bytes;
  const placed = await line.wire.put(ROUTES.holdsPut, { hold }, body, callOptions(line, options));
  options.onBytes?.(sizeBytes);
  return placed;
}

async function uploadInParts(line: ServerLine, job: UploadJob, options: UploadOptions): Promise<Placed> {
  for (let round = 1; ; round++) {
    const there = await partsThere(line, job, options);
    if (there === 'whole') return complete(line, job, { ...options, digest: new Uint8Array(32) });
    const digest = await sendParts(line, job, { ...options, there });
    try {
      return await complete(line, job, { ...options, digest });
    } catch (error) {
      if (round === ROUNDS || !(error instanceof RefusedError && error.wire === 'upload_incomplete')) throw error;
    }
  }
}

async function complete(
  line: ServerLine,
  { hold: upload }: UploadJob,
  options: LineOptions & { readonly digest: Uint8Array },
): Promise<Placed> {
  return line.wire.call(ROUTES.uploadsComplete, { upload, digest: options.digest }, callOptions(line, options));
}

type Listed = ResponseOf<(typeof ROUTES)['uploadsList']>;

/** `whole`: the upload was completed before, and nobody heard the answer. */
type PartsThere = 'whole' | ReadonlyMap<number, Uint8Array>;

async function partsThere(line: ServerLine, job: UploadJob, options: LineOptions): Promise<PartsThere> {
  const { hold: upload, sizeBytes } = job;
  const call = callOptions(line, options);
  try {
    await line.wire.call(ROUTES.uploadsCreate, { upload, sizeBytes }, call);
  } catch (error) {
    if (error instanceof RefusedError && error.wire === 'exists_differently') return 'whole';
    throw error;
  }
  const there = new Map<number, Uint8Array>();
  let after: number | null = null;
  for (let more = true; more;) {
    const page: Listed = await line.wire.call(ROUTES.uploadsList, { upload, after }, call);
    for (const { part, hash } of page.parts) there.set(part, hash);
    const last = page.parts.at(-1)?.part ?? null;
    more = page.more && last !== null && last > (after ?? -1);
    after = last;
  }
  return there;
}

/** @returns SHA-256 of the hashes of all parts */
async function sendParts(
  line: ServerLine,
  job: UploadJob,
  options: UploadOptions & { readonly there: ReadonlyMap<number, Uint8Array> },
): Promise<Uint8Array> {
  const { there, onBytes } = options;
  const { hold: upload, sizeBytes } = job;
  const { engine } = line.host;
  const shape = { partBytes: limits.PART_BYTES, sizeBytes };
  const hashes = new Uint8Array(Math.ceil(sizeBytes / limits.PART_BYTES) * 32);
  const memory = partMemory(limits.PART_BYTES);
  const flights = new Set<Promise<void>>();
  let doneBytes = 0;

  function isThere(bytes: Uint8Array<ArrayBuffer>): void {
    doneBytes += bytes.length;
    onBytes?.(doneBytes);
    memory.giveBack(bytes);
  }

  async function send(part: number, bytes: Uint8Array<ArrayBuffer>, bodyHash: Uint8Array): Promise<void> {
    await line.wire.put(ROUTES.uploadsPart, { upload, part }, bytes, { ...callOptions(line, options), bodyHash });
    isThere(bytes);
  }

  try {
    for await (const { part, bytes: cut } of cutParts(job.pieces(), shape, memory)) {
      const { hash, bytes } = await hashGivenUp(line.host, cut);
      hashes.set(hash, part * 32);
      const known = there.get(part);
      if (known !== undefined) {
        if (!equalBytes(known, hash)) throw changed();
        isThere(bytes);
        continue;
      }
      // Only now: while the line was full this part was made.
      if (flights.size >= PARTS_AT_ONCE) await Promise.race(flights);
      const flight = send(part, bytes, hash);
      flights.add(flight);
      void forgetLanded(flights, flight);
    }
    await Promise.all(flights);
  } finally {
    await Promise.allSettled(flights);
  }
  return engine.sha256(hashes);
}

/** One that fails stays among them, and is met at the next wait. */
async function forgetLanded(flights: Set<Promise<void>>, flight: Promise<void>): Promise<void> {
  try {
    await flight;
    flights.delete(flight);
  } catch {
    // Whoever waits for the flights hears of it.
  }
}

/** Other bytes under one key and nonce would open both: nothing more is sent. */
function changed(): SdkError {
  return new SdkError('attachment_changed', 'a part that the server has is not the one that would be sent now');
}
