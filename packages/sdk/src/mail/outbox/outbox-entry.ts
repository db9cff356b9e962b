import { SdkError } from '../../errors.ts';
import type { Client } from '../../client/types.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { RecordBody, RecordEdit } from '../../sync/types.ts';
import { writePatiently } from '../write-patiently.ts';
import { OUTBOX_VERSION, outboxRecordBody, parseOutboxRecord, type OutboxRecord } from './outbox-record.ts';

/** A message on its way, in the hands of this run. */
export interface OutboxEntry {
  /** Record id, 16 random bytes. */
  readonly id: Uint8Array;
  readonly record: OutboxRecord;
}

/** @throws what writing throws */
export async function beginEntry(client: Client, entry: OutboxEntry): Promise<OutboxEntry> {
  const change = (): RecordBody => outboxRecordBody(entry.record);
  await writePatiently(client.host, client.mailbox, [{ id: entry.id, knows: OUTBOX_VERSION, change }]);
  return entry;
}

/** Takes over an entry from whatever process had it. @throws SdkError `outbox_taken` where it has come further since */
export async function takeOver(client: Client, found: OutboxEntry): Promise<OutboxEntry> {
  const { engine } = client.host;
  const { run, own, abandoned } = found.record;
  // Own copies are sealed anew: other bytes under other ids. Once one is filed it stays.
  const anew = {
    own: { message: engine.randomBytes(16), keyList: engine.randomBytes(16) },
    abandoned: [...abandoned, own.message, own.keyList],
  };
  const record = {
    ...found.record,
    run: engine.randomBytes(16),
    ...(found.record.step === 'clearing' ? {} : anew),
  };
  const change = stillOf(run, ({ step }) => {
    // What was decided by the step that was found does not hold any more.
    if (step !== found.record.step) throw taken();
    return outboxRecordBody(record);
  });
  await writePatiently(client.host, client.mailbox, [{ id: found.id, knows: OUTBOX_VERSION, change }]);
  return { id: found.id, record };
}

/** @throws SdkError `outbox_taken` where another process goes on with it; what writing throws */
export async function changeEntry(
  client: Client,
  { id, record: before }: OutboxEntry,
  { to, edits = [] }: { readonly to: Partial<OutboxRecord> | 'removed'; readonly edits?: readonly RecordEdit[] },
): Promise<OutboxEntry> {
  const record = to === 'removed' ? before : { ...before, ...to };
  const body = to === 'removed' ? null : outboxRecordBody(record);
  const change = stillOf(before.run, () => body);
  await writePatiently(client.host, client.mailbox, [...edits, { id, knows: OUTBOX_VERSION, change }]);
  return { id, record };
}

/** Every entry that this version understands; others are left to those who wrote them. */
export async function outboxEntries(client: Client): Promise<readonly OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  for await (const { id, body } of client.mailbox.entries('outbox')) {
    const record = body === null ? null : parseOutboxRecord(body);
    if (record !== null) entries.push({ id, record });
  }
  return entries;
}

function stillOf(run: Uint8Array, next: (current: OutboxRecord) => RecordBody | null): RecordEdit['change'] {
  return (current) => {
    const record = current === null ? null : parseOutboxRecord(current);
    if (record === null || !equalBytes(record.run, run)) {
      throw taken();
    }
    return next(record);
  };
}

function taken(): SdkError {
  return new SdkError('outbox_taken', 'another process goes on with this message, or has ended it');
}
