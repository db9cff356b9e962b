import { limits } from '@latchkey/protocol/wire';
import type { Pass } from '../http/authenticate.ts';
import type { Handlers, Session } from '../http/call.ts';
import { sendBlob } from '../blobs/send-blob.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';
import { deliver } from './deliver.ts';

type Names = 'passesIssue' | 'deliver' | 'arrivalsList' | 'arrivalItem' | 'arrivalsFile' | 'arrivalsRemove';

export const mailHandlers: Pick<Handlers, Names> = {
  passesIssue({ services, input, session }) {
    services.limits.take('passes', Buffer.from(session.account).toString('hex'), input.count);
    const { newAccountRecipients } = services.config;
    if (session.isNew) takeNewcomers(services, session, input.count);
    const pass: Pass = { hour: hourOf(services.store.clock()), ...(session.isNew && { most: newAccountRecipients }) };
    return { passes: Array.from({ length: input.count }, () => services.seal.seal('pass', pass)) };
  },

  deliver,

  async arrivalsList({ services: { store }, input, session }) {
    const { account } = session;
    const { arrivals_ever: size } = await store.db
      .selectFrom('account')
      .select('arrivals_ever')
      .where('id', '=', account)
      .executeTakeFirstOrThrow();
    const rows = await store.db
      .selectFrom('arrival')
      .selectAll()
      .where('account', '=', account)
      .where('number', '>', input.after)
      .$if(input.onlyHere, (query) => query.where('hour', 'is not', null))
      .orderBy('number')
      .limit(input.limit + 1)
      .execute();
    const page = rows.slice(0, input.limit);
    const items = await itemsOf(
      store,
      account,
      page.map((row) => row.number),
    );
    let sizeBytes = 0;
    const arrivals = [];
    for (const { number, hour, key, part, hash } of page) {
      if (sizeBytes > limits.MAX_ANSWER_BYTES) break;
      if (hour === null || part === null) {
        arrivals.push({ state: 'removed' as const, number, hash });
        continue;
      }
      const own = items.get(number) ?? [];
      sizeBytes += part.length + own.reduce((sum, item) => sum + 64 + (item.header?.length ?? 0), 0);
      arrivals.push({ state: 'here' as const, number, hour, key, items: own, part });
    }
    return { size, arrivals, more: arrivals.length < rows.length };
  },

  async arrivalItem({ services, input, session, incoming }) {
    const row = await services.store.db
      .selectFrom('arrival_item')
      .select('blob')
      .where('account', '=', session.account)
      .where('arrival', '=', input.arrival)
      .where('item', '=', input.item)
      .executeTakeFirst();
    if (row === undefined) throw new Refused('not_found');
    return sendBlob(services, row.blob, incoming.headers.range);
  },

  async arrivalsFile({ services, input, session }) {
    return services.store.write('fileArrivals', { account: session.account, ...input });
  },

  async arrivalsRemove({ services, input, session }) {
    return services.store.write('removeArrivals', { account: session.account, numbers: input.numbers });
  },
};

/** @throws Refused `account_new` with the seconds until the next delivery */
function takeNewcomers({ limits }: Services, { account }: Session, count: number): void {
  try {
    limits.take('newcomer', Buffer.from(account).toString('hex'), count);
  } catch (error) {
    throw error instanceof Refused ? new Refused('account_new', error.retryAfterSeconds) : error;
  }
}

interface ListedItem {
  readonly sizeBytes: number;
  readonly header: Uint8Array | null;
}

async function itemsOf(
  { db }: Services['store'],
  account: Session['account'],
  numbers: readonly number[],
): Promise<Map<number, ListedItem[]>> {
  const items = new Map<number, ListedItem[]>();
  if (numbers.length === 0) return items;
  const rows = await db
    .selectFrom('arrival_item')
    .select(['arrival', 'size_bytes', 'header'])
    .where('account', '=', account)
    .where('arrival', 'in', numbers)
    .orderBy('arrival')
    .orderBy('item')
    .execute();
  for (const { arrival, size_bytes: sizeBytes, header } of rows) {
    items.set(arrival, [...(items.get(arrival) ?? []), { sizeBytes, header }]);
  }
  return items;
}
