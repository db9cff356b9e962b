import { limits, ROUTES, type RequestOf } from '@latchkey/protocol/wire';
import type { Client } from '../../client/types.ts';
import { RefusedError } from '../../errors.ts';
import { callOptions, patientWire, type LineOptions } from '../transfers/server-line.ts';
import type { JudgedArrival } from './judge-arrival.ts';
import { keepSenders } from './keep-senders.ts';

type Entry = RequestOf<typeof ROUTES.arrivalsFile>['entries'][number];

/** What one call carries at most, as JSON. The route takes 12 MiB. */
const MOST_BYTES = 8_000_000;

/**
 * Files arrivals, each under a record id that every device gives it: whoever is first files it, and no one twice. An
 * arrival that a server refuses to file does not hold up the others; it stays where it is.
 *
 * @returns record ids that this call filed
 */
export async function fileArrivals(
  client: Client,
  judged: readonly JudgedArrival[],
  options: LineOptions,
): Promise<readonly Uint8Array[]> {
  await keepSenders(
    client,
    judged.flatMap(({ sender }) => (sender === null ? [] : [sender])),
  );
  const entries: Entry[] = [];
  for (const { arrival, body, holds } of judged) {
    const record = await client.mailbox.nameRecord('message', arrival.key);
    const { epoch, sealed } = await client.mailbox.sealNew(record, body);
    entries.push({ arrival: arrival.number, record, epoch, sealed, holds: holds.map((each) => ({ ...each })) });
  }
  const filed: Uint8Array[] = [];
  for (const batch of batchesOf(entries)) filed.push(...(await fileBatch(client, batch, options)));
  if (filed.length > 0) await client.mailbox.noteFiled();
  else await client.mailbox.catchUp();
  return filed;
}

async function fileBatch(client: Client, entries: readonly Entry[], options: LineOptions): Promise<Uint8Array[]> {
  const { id: space } = client.mailbox;
  const request = { space, entries: [...entries] };
  try {
    const { answers } = await patientWire(client).call(ROUTES.arrivalsFile, request, callOptions(client, options));
    return entries.filter((_, place) => answers[place] === 'filed').map(({ record }) => record);
  } catch (error) {
    if (!(error instanceof RefusedError) || !ofOneEntry.has(error.wire)) throw error;
    if (entries.length === 1) return [];
    const half = Math.ceil(entries.length / 2);
    const first = await fileBatch(client, entries.slice(0, half), options);
    return [...first, ...(await fileBatch(client, entries.slice(half), options))];
  }
}

/** Refusals that one entry can bring upon a whole batch. */
const ofOneEntry: ReadonlySet<string> = new Set(['request_malformed', 'exists_differently', 'body_too_large']);

function* batchesOf(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let sizeBytes = 0;
  for (const entry of entries) {
    const entryBytes =
      (4 / 3) * entry.holds.reduce((sum, { header }) => sum + 64 + (header?.length ?? 0), entry.sealed.length);
    if (batch.length === limits.MAX_WRITES || (batch.length > 0 && sizeBytes + entryBytes > MOST_BYTES)) {
      yield batch;
      batch = [];
      sizeBytes = 0;
    }
    batch.push(entry);
    sizeBytes += entryBytes;
  }
  if (batch.length > 0) yield batch;
}
