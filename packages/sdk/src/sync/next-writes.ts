/** What a batch of edits makes of the records as they are now (docs/spec/07-spaces.md, "Writing"). */
import { paddedRecordBytes, sealRecord } from '@latchkey/crypto';
import { limits } from '@latchkey/protocol/wire';
import { hex } from '@scure/base';
import { SdkError } from '../errors.ts';
import type { CachedRecord } from '../ports.ts';
import { encodeRecordBody, parseRecordBody } from './record-body.ts';
import type { SpaceContext } from './space-context.ts';
import { openCached } from './take-changes.ts';
import type { RecordBody, RecordEdit, SealAgain } from './types.ts';

/** What the length of a sealed record has besides its padded body: version, epoch, salt, tag. */
const SEALED_EXTRA_BYTES = 1 + 4 + 32 + 16;
const LENGTH_PREFIX_BYTES = 8;
/** In base64 it leaves room in the largest request. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

export interface NextWrites {
  /** How many of the edits these writes answer; the others do not fit the batch. */
  readonly edits: number;
  readonly writes: readonly CachedRecord[];
}

interface Draft {
  readonly record: Uint8Array;
  /** Of the record now. */
  readonly version: number;
  readonly body: RecordBody | null | 'unreadable';
  /** What is to be written; null where nothing is. */
  readonly bytes: Uint8Array | null;
}

/** @throws SdkError `record_newer`, `record_too_large`, `epoch_unknown` */
export async function nextWrites(
  context: SpaceContext,
  edits: readonly (RecordEdit | SealAgain)[],
): Promise<NextWrites> {
  const drafts = new Map<string, Draft>();
  let [taken, sizeBytes] = [0, 0];
  for (const edit of edits) {
    const name = hex.encode(edit.id);
    const draft = drafts.get(name) ?? (await currentDraft(context, edit.id));
    const next = edit.change === 'seal-again' ? await again(context, draft) : changed(draft, edit);
    const growthBytes = sealedBytesOf(next) - sealedBytesOf(draft);
    const isFull = !drafts.has(name) && drafts.size >= limits.MAX_WRITES;
    if (taken > 0 && (isFull || sizeBytes + growthBytes > MAX_BATCH_BYTES)) break;
    sizeBytes += growthBytes;
    drafts.set(name, next);
    taken += 1;
  }
  const writes: CachedRecord[] = [];
  for (const { record, version, bytes } of drafts.values()) {
    if (bytes !== null) writes.push(await sealVersion(context, { record, version: version + 1 }, bytes));
  }
  return { edits: taken, writes };
}

/** A fresh seal of one version; never the same bytes twice. @throws SdkError `record_too_large` */
export async function sealVersion(
  { engine, keys, space }: SpaceContext,
  { record, version }: { readonly record: Uint8Array; readonly version: number },
  bytes: Uint8Array,
): Promise<CachedRecord> {
  if (sealedSizeOf(bytes) > limits.MAX_RECORD_BYTES) {
    throw new SdkError('record_too_large', `a record of ${bytes.length} bytes is more than a server takes`);
  }
  const { epoch } = keys;
  const place = { space, epoch, record, version: BigInt(version), membershipNote: null };
  const sealed = await sealRecord({ engine, epochSecret: keys.secretOf(epoch) }, place, bytes);
  return { record, version, epoch, sealed };
}

async function currentDraft(context: SpaceContext, record: Uint8Array): Promise<Draft> {
  const cached = await context.host.cache.read(context.space, record);
  if (cached === null) return { record, version: 0, body: null, bytes: null };
  const opened = await openCached(context, cached);
  const body = parseRecordBody(opened);
  opened.fill(0);
  return { record, version: cached.version, body, bytes: null };
}

/** Also of a record that only a newer version reads: its bytes are not looked at. */
async function again(context: SpaceContext, draft: Draft): Promise<Draft> {
  const cached = await context.host.cache.read(context.space, draft.record);
  if (draft.bytes !== null || cached === null || cached.epoch >= context.keys.epoch) return draft;
  return { ...draft, bytes: await openCached(context, cached) };
}

function changed(draft: Draft, { change, knows }: RecordEdit): Draft {
  const { body } = draft;
  if (body === 'unreadable') throw newer();
  if (body !== null && knows !== undefined && body.v > knows) throw newer();
  const next = change(body);
  if (next === 'keep') return draft;
  // A record's id belongs to its kind: another kind, or an older form of it, would overwrite what is not understood.
  if (body !== null && next !== null && (next.kind !== body.kind || next.v < body.v)) throw newer();
  return { ...draft, body: next, bytes: encodeRecordBody(next) };
}

function sealedBytesOf({ bytes }: Draft): number {
  return bytes === null ? 0 : sealedSizeOf(bytes);
}

function sealedSizeOf(bytes: Uint8Array): number {
  return SEALED_EXTRA_BYTES + paddedRecordBytes(LENGTH_PREFIX_BYTES + bytes.length);
}

function newer(): SdkError {
  return new SdkError('record_newer', 'a newer version of Latchkey wrote this record');
}
