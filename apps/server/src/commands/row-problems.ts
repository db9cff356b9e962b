import { limits } from '@latchkey/protocol/wire';
import { sql } from 'kysely';
import { OWNED_TABLES } from '../handover/account-rows.ts';
import type { Db } from '../store/sqlite.ts';

/** Rows that do not fit together, a line for each kind with how many there are. */
export async function rowProblems(db: Db): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { what, rows } of rules) {
    const [first] = (await sql<{ found: number }>`select count(*) as found from (${rows})`.execute(db)).rows;
    if (first !== undefined && first.found > 0) problems.push(`${what}: ${first.found}`);
  }
  for (const table of OWNED_TABLES) {
    const { found } = await db
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('found'))
      .where('account', 'not in', (query) =>
        stayWithTheAddress.has(table)
          ? query.selectFrom('account').select('id')
          : query.selectFrom('account').select('id').where('state', '!=', 'gone'),
      )
      .executeTakeFirstOrThrow();
    if (found > 0) problems.push(`rows of ${table} without an account: ${found}`);
  }
  return problems;
}

/** Of an address under a tombstone: the account is gone, its history is not. */
const stayWithTheAddress = new Set<string>(['statement', 'opening', 'address_index']);

const rules = [
  {
    what: 'holds on a blob that is not there',
    rows: sql`select 1 from hold where blob not in (select id from blob)`,
  },
  {
    what: 'arrivals with a blob that is not there',
    rows: sql`select 1 from arrival_item where blob not in (select id from blob)`,
  },
  {
    what: 'holds and arrivals with another size than their blob',
    rows: sql`select 1 from blob join (select blob, size_bytes as size from hold union all
      select blob, size_bytes from arrival_item) x on x.blob = blob.id where size <> blob.size_bytes`,
  },
  {
    what: 'blobs in the database with another size than they say, or with both or neither of content and file',
    rows: sql`select 1 from blob where (content is null) = (file is null) or length(content) <> size_bytes`,
  },
  {
    what: 'holds and arrivals with a header that is in no known form',
    rows: sql`select 1 from (select header from hold union all select header from arrival_item)
      where length(header) <> ${limits.HEADER_BYTES} or substr(header, 1, 1) <> x'01'`,
  },
  {
    what: 'spaces whose change log has holes',
    rows: sql`select 1 from space where size <> (select count(*) from change x where x.account = space.account and
      x.space = space.id) or size <> coalesce((select max(number) from change x where x.account = space.account and
      x.space = space.id), 0)`,
  },
  {
    what: 'records that the change log does not know so',
    rows: sql`select 1 from record where not exists (select 1 from change x where x.account = record.account and
      x.space = record.space and x.number = record.number and x.record = record.id and x.version = record.version)`,
  },
  {
    what: 'accounts whose arrivals have holes',
    rows: sql`select 1 from account where state <> 'gone' and arrivals_ever <>
      (select count(*) from arrival x where x.account = account.id)`,
  },
  {
    what: 'accounts whose events go beyond their count',
    rows: sql`select 1 from account where events_ever < (select max(number) from event x where x.account = account.id)`,
  },
  {
    what: 'waiting arrivals without items, or items of arrivals that do not wait',
    rows: sql`select 1 from arrival where (hour is not null) <> exists (select 1 from arrival_item x
      where x.account = arrival.account and x.arrival = arrival.number)`,
  },
  {
    what: 'accounts without a latch, or whose identity statements have holes',
    rows: sql`select 1 from account where state <> 'gone' and (not exists (select 1 from login x where x.account =
      account.id) or (select count(*) from statement x where x.account = account.id) <>
      1 + coalesce((select max(version) from statement x where x.account = account.id), -2))`,
  },
];
