import { limits } from '@latchkey/protocol/wire';
import type { Handlers } from '../http/call.ts';
import type { Db } from '../store/sqlite.ts';
import { Refused } from '../store/refused.ts';
import { requireAct } from './require-act.ts';

type Names =
  | 'spacesCreate'
  | 'spacesRetire'
  | 'spacesList'
  | 'spacesWrite'
  | 'spacesChanges'
  | 'spacesRead'
  | 'spacesHeads'
  | 'spacesHeadPut';

export const spaceHandlers: Pick<Handlers, Names> = {
  async spacesCreate({ services, input, session }) {
    await services.store.write('createSpace', { account: session.account, ...input });
    return {};
  },

  async spacesRetire({ services, input, session }) {
    const act = await requireAct(services, session, { action: 'change-latches', note: input.act });
    await services.store.write('retireSpace', { act, space: input.space });
    return {};
  },

  async spacesList({ services, session }) {
    const spaces = await services.store.db
      .selectFrom('space')
      .select(['id as space', 'kind', 'size'])
      .where('account', '=', session.account)
      .limit(limits.MAX_SPACES)
      .execute();
    return { spaces };
  },

  async spacesWrite({ services, input, session }) {
    return services.store.write('writeRecords', { account: session.account, ...input });
  },

  async spacesChanges({ services: { store }, input, session }) {
    const { account } = session;
    const { space, after, limit } = input;
    const size = await sizeOf(store.db, account, space);
    const rows = await store.db
      .selectFrom('change')
      .leftJoin('record', (join) =>
        join
          .onRef('record.account', '=', 'change.account')
          .onRef('record.space', '=', 'change.space')
          .onRef('record.id', '=', 'change.record')
          .onRef('record.version', '=', 'change.version'),
      )
      .select([
        'change.number',
        'change.record',
        'change.version',
        'change.epoch',
        'change.hash',
        (select) => select.fn<number | null>('length', ['record.sealed']).as('sealedBytes'),
      ])
      .where('change.account', '=', account)
      .where('change.space', '=', space)
      .where('change.number', '>', after)
      .where('change.number', '<=', size)
      .orderBy('change.number')
      .limit(limit)
      .execute();
    const page = takeWhileFits(rows, (row) => row.sealedBytes ?? 0);
    const current = page.filter((row) => row.sealedBytes !== null).map((row) => row.record);
    const sealed = await sealedRecords(store.db, { account, space, records: current });
    const changes = page.map(({ sealedBytes: _sealedBytes, ...row }) => {
      const found = sealed.get(hex(row.record));
      // It may have moved on between the two queries: then a later line of the log has it.
      return { ...row, sealed: found?.version === row.version ? found.sealed : null };
    });
    return { size, changes, more: after + changes.length < size };
  },

  async spacesRead({ services: { store }, input, session }) {
    const { account } = session;
    const { space, records: wanted } = input;
    await sizeOf(store.db, account, space);
    const sizes = await store.db
      .selectFrom('record')
      .select((select) => ['id', select.fn<number>('length', ['sealed']).as('sealedBytes')])
      .where('account', '=', account)
      .where('space', '=', space)
      .where('id', 'in', wanted)
      .execute();
    const page = takeWhileFits(sizes, (row) => row.sealedBytes);
    const found = await sealedRecords(store.db, { account, space, records: page.map((row) => row.id) });
    const records = [...found.values()].map(({ id: record, version, epoch, sealed }) => ({
      record,
      version,
      epoch,
      sealed,
    }));
    return { records, left: sizes.slice(page.length).map((row) => row.id) };
  },

  async spacesHeads({ services: { store }, input, session }) {
    await sizeOf(store.db, session.account, input.space);
    const heads = await store.db
      .selectFrom('head')
      .select(['device', 'size', 'head'])
      .where('account', '=', session.account)
      .where('space', '=', input.space)
      .limit(limits.MAX_DEVICES)
      .execute();
    return { heads };
  },

  async spacesHeadPut({ services, input, session }) {
    await services.store.write('putHead', { account: session.account, ...input });
    return {};
  },
};

async function sizeOf(db: Db, account: Uint8Array, space: Uint8Array): Promise<number> {
  const row = await db
    .selectFrom('space')
    .select('size')
    .where('account', '=', account)
    .where('id', '=', space)
    .executeTakeFirst();
  if (row === undefined) throw new Refused('not_found');
  return row.size;
}

/** Always at least one, so that a caller gets on. */
function takeWhileFits<Row>(rows: readonly Row[], sizeOfRow: (row: Row) => number): Row[] {
  const taken: Row[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    sizeBytes += sizeOfRow(row);
    if (taken.length > 0 && sizeBytes > limits.MAX_ANSWER_BYTES) break;
    taken.push(row);
  }
  return taken;
}

interface RecordKeys {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly records: readonly Uint8Array[];
}

interface FoundRecord {
  readonly id: Uint8Array;
  readonly version: number;
  readonly epoch: number;
  readonly sealed: Uint8Array;
}

async function sealedRecords(db: Db, { account, space, records }: RecordKeys): Promise<Map<string, FoundRecord>> {
  if (records.length === 0) return new Map();
  const rows = await db
    .selectFrom('record')
    .select(['id', 'version', 'epoch', 'sealed'])
    .where('account', '=', account)
    .where('space', '=', space)
    .where('id', 'in', records)
    .execute();
  return new Map(rows.map((row) => [hex(row.id), row]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
