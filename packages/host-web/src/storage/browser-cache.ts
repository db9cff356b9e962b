import type { CachedLog, CachedRecord, RecordCache } from '@latchkey/sdk/ports';
import { base64urlnopad } from '@scure/base';
import type { Database, Transaction } from './database.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Sealed records as the server gave them. Their keys are named by bytes, so that they come back in their order. */
export function browserCache(database: Database): RecordCache {
  return {
    log: async (space) => {
      const log = await database.read(['logs'], (tx) => tx.get('logs', nameOf(space)));
      return (log as CachedLog | undefined) ?? null;
    },
    apply: (space, { records, log }) =>
      database.write(['logs', 'records'], async (tx) => {
        await Promise.all(records.map((record) => putNewer(tx, space, record)));
        const before = (await tx.get('logs', nameOf(space))) as CachedLog | undefined;
        if (before === undefined || before.size <= log.size) {
          await tx.put('logs', nameOf(space), { ...log, peaks: log.peaks.slice() });
        }
      }),
    read: async (space, record) => {
      const found = await database.read(['records'], (tx) => tx.get('records', keyOf(space, record)));
      return (found as CachedRecord | undefined) ?? null;
    },
    async *all(space) {
      const found = await database.read(['records'], (tx) => tx.getAll('records', rangeOf(space)));
      yield* found as readonly CachedRecord[];
    },
    forget: (space) =>
      database.write(['logs', 'records'], async (tx) => {
        await tx.remove('logs', nameOf(space));
        await tx.remove('records', rangeOf(space));
      }),
    forgetAll: () =>
      database.write(['logs', 'records'], async (tx) => {
        await tx.clear('logs');
        await tx.clear('records');
      }),
  };
}

async function putNewer(tx: Transaction, space: Uint8Array, record: CachedRecord): Promise<void> {
  const key = keyOf(space, record.record);
  const before = (await tx.get('records', key)) as CachedRecord | undefined;
  if (before !== undefined && before.version > record.version) return;
  // The bytes are the caller's, who may use their memory again.
  await tx.put('records', key, { ...record, record: record.record.slice(), sealed: record.sealed.slice() });
}

function nameOf(space: Uint8Array): string {
  return base64urlnopad.encode(space);
}

function keyOf(space: Uint8Array, record: Uint8Array): [Bytes, Bytes] {
  return [Uint8Array.from(space), Uint8Array.from(record)];
}

/** All keys of a space: bytes come before every array. */
function rangeOf(space: Uint8Array): IDBKeyRange {
  return IDBKeyRange.bound([Uint8Array.from(space)], [Uint8Array.from(space), []]);
}
