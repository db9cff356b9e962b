/** New mail as it comes (docs/spec/09-mail.md, "Watching"). */
import { ROUTES } from '@latchkey/protocol/wire';
import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import type { StopSignal } from '../ports.ts';
import type { ChangesWatch } from '../sync/types.ts';
import { foundRecord } from './find-record.ts';
import { listRows } from './list.ts';
import { receiveRecords } from './receive.ts';
import { callOptions, mayPass, patientWire } from './transfers/server-line.ts';
import type { MessageRow } from './types.ts';

export interface WatchOptions {
  readonly signal?: StopSignal;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Every message that comes in from now on, and before that what lies unfiled, each once, whichever device files it.
 * Reconnects by itself for as long as the signal is down, and then ends.
 *
 * @throws SdkError `space_rolled_back`, `space_forked`, `space_altered` and what else does not pass by itself
 */
export async function* watch(
  client: Client,
  { signal }: WatchOptions = {},
): AsyncGenerator<MessageRow, void, undefined> {
  const changes = client.mailbox.watchChanges();
  const news: News = { changes, untold: new Map(), told: new Set(), signal };
  const isStopped = (): boolean => signal?.aborted === true;
  let pauseMs = FIRST_PAUSE_MS;
  try {
    while (!isStopped()) {
      try {
        // The place first: what comes while the list is read is then told twice rather than never, and `told` knows.
        const newest = await newestEvent(client, signal);
        yield* receiveNews(client, news);
        for await (const event of client.wire.events(
          newest,
          callOptions(client, signal === undefined ? {} : { signal }),
        )) {
          pauseMs = FIRST_PAUSE_MS;
          if (event.kind !== 'account') yield* receiveNews(client, news);
          if (isStopped()) return;
        }
      } catch (error) {
        if (isStopped()) return;
        if (!isPassing(error)) throw error;
      }
      if (isStopped()) return;
      await client.host.clock.sleep(pauseMs, signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  } finally {
    changes.end();
  }
}

interface News {
  readonly changes: ChangesWatch;
  /** Records to be looked at: they stay until they are told, however often the line is cut meanwhile. */
  readonly untold: Map<string, Uint8Array>;
  readonly told: Set<string>;
  readonly signal: StopSignal | undefined;
}

/** Files what is there, and tells that and what other devices filed. */
async function* receiveNews(client: Client, news: News): AsyncGenerator<MessageRow, void, undefined> {
  const { changes, untold, told, signal } = news;
  await receiveRecords(client, signal === undefined ? {} : { signal });
  for (const id of changes.take()) untold.set(hex.encode(id), id);
  for (const [name, id] of untold) {
    if (told.has(name) || !(await isReceived(client, id))) untold.delete(name);
  }
  const rows = await listRows(client, [...untold.values()]);
  for (const row of rows.toReversed()) {
    told.add(row.id);
    // What was deleted and is brought again is no news, nor what comes from somebody who was declined.
    if (row.folder !== 'trash' && row.sender !== 'declined') yield row;
  }
  untold.clear();
}

async function isReceived({ mailbox }: Client, id: Uint8Array): Promise<boolean> {
  const record = await mailbox.read(id).catch(nullIfNewer);
  const body = record?.body ?? null;
  const found = body === null ? null : foundRecord(id, body);
  if (found === null) return false;
  return found.content.kind !== 'message' || found.content.message.way === 'received';
}

/** What only a newer version can read is no news, as it is in no list. */
function nullIfNewer(error: unknown): null {
  if (error instanceof SdkError && error.code === 'record_newer') return null;
  throw error;
}

/** @returns number of the newest event */
async function newestEvent(client: Client, signal: StopSignal | undefined): Promise<number> {
  const call = callOptions(client, signal === undefined ? {} : { signal });
  const { newest } = await patientWire(client).call(ROUTES.eventsList, { after: null, limit: 1 }, call);
  return newest;
}

/** A line that was cut, and a place in the events that a server does not know any more: both begin anew. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof SdkError)) return false;
  return mayPass(error) || ('wire' in error && error.wire === 'cursor_old');
}

export interface WaitOptions extends WatchOptions {
  /** Absent: for as long as the signal is down. */
  readonly timeoutMs?: number;
}

/** The next message that comes in, or one that lies unfiled; null when the time is over or the signal is raised. */
export async function waitForMail(client: Client, { timeoutMs, signal }: WaitOptions = {}): Promise<MessageRow | null> {
  const { clock } = client.host;
  const endMs = timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() + timeoutMs;
  const stop: StopSignal = {
    get aborted() {
      return signal?.aborted === true || clock.nowMs() >= endMs;
    },
  };
  for await (const row of watch(client, { signal: stop })) return row;
  return null;
}
