/** The real server in a process of its own, with its limits off, and what a bench asks of it from inside. */
import { createHash, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { databaseFile } from '../../../apps/server/src/store/database-file.ts';
import { fillCrowd, type Member } from './fill-crowd.ts';
import { randomHeader, startTestServer } from '../../../apps/server/src/testing/index.ts';

/** What the other side asks over IPC, and what it is answered. */
export interface Questions {
  /** Accounts `reader-0@localhost`, … with a session each. */
  accounts: { asked: { count: number }; answered: { sessions: string[] } };
  /** The same writes as of a delivery, straight to the writer, so many at once. */
  straight: { asked: StraightRun; answered: { ms: number } };
  /** The rows of a delivery by prepared statements, so many deliveries a commit, in a database of its own. */
  inserts: { asked: StraightRun; answered: { ms: number } };
  /** So many arrivals for the first account, as rows. */
  fill: { asked: { arrivals: number; blob: string }; answered: Record<string, never> };
  /** So many accounts and arrivals in all, as rows; so many of the accounts with a session. */
  crowd: {
    asked: { accounts: number; arrivals: number; blob: string; members: number };
    answered: { members: Member[] };
  };
  /** Of the whole process, after what can be collected was. */
  memory: { asked: Record<string, never>; answered: { rssBytes: number } };
  /** Milliseconds inside the server of the next calls of one route. The first time begins to count them. */
  durations: { asked: { route: string }; answered: { ms: number[] } };
  /** Processor time of the whole process, all threads: since it was last asked, and since it began. */
  processor: { asked: Record<string, never>; answered: { ms: number; everMs: number } };
}

export interface StraightRun {
  readonly deliveries: number;
  readonly clients: number;
  /** base64url. */
  readonly blob: string;
  readonly blobBytes: number;
  readonly readers: number;
}

type Handlers = {
  readonly [Name in keyof Questions]: (
    asked: Questions[Name]['asked'],
  ) => Promise<Questions[Name]['answered']> | Questions[Name]['answered'];
};

const PART_BYTES = 1_040;
let countedRoute: string | null = null;
let counted: number[] = [];
let processorBefore = process.cpuUsage();

const server = await startTestServer({
  logTo(line) {
    // Only while somebody counts: the other measurements are not to pay for it.
    if (countedRoute === null || !line.includes(countedRoute)) return;
    counted.push((JSON.parse(line) as { ms: number }).ms);
  },
});
const { store } = server.services;
const accountIds: Uint8Array[] = [];

const handlers: Handlers = {
  async accounts({ count }) {
    const sessions: string[] = [];
    for (let number = 0; number < count; number++) sessions.push(await newAccount(`reader-${number}@localhost`));
    return { sessions };
  },

  async straight(run) {
    const blob = Buffer.from(run.blob, 'base64url');
    const deliveries = Array.from({ length: run.deliveries }, (_, number) => ({
      items: [{ blob, sizeBytes: run.blobBytes, content: null }],
      recipients: [
        {
          address: `reader-${number % run.readers}@localhost`,
          key: randomBytes(16),
          part: randomBytes(PART_BYTES),
          headers: [randomHeader()],
        },
      ],
    }));
    const startMs = performance.now();
    await atOnce(run.clients, deliveries, async (delivery) => {
      const [answer] = await store.write('deliver', delivery);
      if (answer !== 'ok') throw new Error('a delivery was not taken');
    });
    return { ms: performance.now() - startMs };
  },

  inserts(run) {
    return { ms: timeInserts(run) };
  },

  fill({ arrivals, blob }) {
    const database = new DatabaseSync(databaseFile(server.data), { timeout: 30_000 });
    fillArrivals(database, { arrivals, blob: Buffer.from(blob, 'base64url') });
    database.close();
    return {};
  },

  crowd({ blob, ...crowd }) {
    const database = new DatabaseSync(databaseFile(server.data), { timeout: 30_000 });
    // Rows of accounts in turn lie all over the file; what is filled is not what is measured.
    database.exec('pragma synchronous = off; pragma cache_size = -2000000');
    const members = fillCrowd(database, { ...crowd, blob: Buffer.from(blob, 'base64url') });
    database.close();
    return { members };
  },

  memory() {
    globalThis.gc?.();
    return { rssBytes: process.memoryUsage().rss };
  },

  durations({ route }) {
    const ms = counted;
    [countedRoute, counted] = [route, []];
    return { ms };
  },

  processor() {
    const { user, system } = process.cpuUsage(processorBefore);
    processorBefore = process.cpuUsage();
    return { ms: (user + system) / 1_000, everMs: (processorBefore.user + processorBefore.system) / 1_000 };
  },
};

process.on('message', ({ name, asked }: { name: keyof Questions; asked: never }) => {
  void answerTo(name, asked).then(
    (answered) => process.send?.({ answered }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => void server.stop().then(() => process.exit(0)));
process.send?.({ answered: { origin: server.origin } });

async function answerTo(name: keyof Questions, asked: never): Promise<unknown> {
  return handlers[name](asked);
}

async function newAccount(address: string): Promise<string> {
  const account = randomBytes(16);
  const token = Buffer.concat([account, randomBytes(32)]);
  accountIds.push(account);
  await store.write('createAccount', {
    account,
    address,
    quotaBytes: 1e15,
    quotaArrivals: 1e9,
    newDays: 0,
    record: 'AAAA',
    statement: 'none',
    ...(await server.services.keyLog.genesisOf(address, 'none')),
    invitation: null,
    latches: [],
    session: {
      tokenHash: createHash('sha256').update(token).digest(),
      id: randomBytes(16),
      name: Buffer.alloc(40),
      device: randomBytes(16),
      days: 30,
    },
  });
  return token.toString('base64url');
}

/** All of the list, so many of it at once. */
async function atOnce<T>(lanes: number, list: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const left = list.values();
  const lane = async (): Promise<void> => {
    for (const each of left) await work(each);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** A database with the server's own tables and settings; only the network, the checks and the queue are missing. */
function timeInserts({ deliveries, clients, readers }: StraightRun): number {
  const source = new DatabaseSync(databaseFile(server.data), { readOnly: true });
  const tables = source
    .prepare("select sql from sqlite_schema where sql is not null and name not like 'sqlite_%'")
    .all();
  source.close();
  const path = join(server.data, `straight-${randomBytes(4).toString('hex')}.sqlite`);
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on');
  for (const { sql } of tables) database.exec(String(sql));
  const account = database.prepare("insert into account values (?, ?, 'open', null, 1e15, 1e9, 0, 0, 0, 0, null)");
  const ids = Array.from({ length: readers }, () => randomBytes(16));
  ids.forEach((id, number) => account.run(id, `reader-${number}@localhost`));
  const statements = deliveryStatements(database);
  const rows = Array.from({ length: deliveries }, () => newRow());
  const startMs = performance.now();
  for (let at = 0; at < deliveries; at += clients) {
    database.exec('begin immediate');
    rows.slice(at, at + clients).forEach((row, place) => {
      const number = at + place;
      insertDelivery(statements, { ...row, account: ids[number % readers] ?? row.key, number: number + 1 });
    });
    database.exec('commit');
  }
  const ms = performance.now() - startMs;
  database.close();
  return ms;
}

function fillArrivals(database: DatabaseSync, { arrivals, blob }: { arrivals: number; blob: Uint8Array }): void {
  const [account] = accountIds;
  if (account === undefined) throw new Error('there is no account to fill');
  const statements = deliveryStatements(database);
  database.exec('begin immediate');
  const row = newRow();
  for (let number = 1; number <= arrivals; number++) {
    insertDelivery(statements, { ...row, key: randomBytes(16), blob, account, number });
  }
  database
    .prepare('update account set arrivals_ever = ?, arrivals_here = ?, events_ever = ? where id = ?')
    .run(arrivals, arrivals, arrivals, account);
  database.exec('commit');
}

interface DeliveryRow {
  readonly key: Uint8Array;
  readonly hash: Uint8Array;
  readonly part: Uint8Array;
  readonly blob: Uint8Array;
  readonly header: Uint8Array;
}

function newRow(): DeliveryRow {
  const [key, hash, blob] = [randomBytes(16), randomBytes(32), randomBytes(16)];
  return { key, hash, blob, part: randomBytes(PART_BYTES), header: randomHeader() };
}

type DeliveryStatements = ReturnType<typeof deliveryStatements>;

function deliveryStatements(database: DatabaseSync) {
  return {
    arrival: database.prepare('insert into arrival (account, number, key, hash, hour, part) values (?, ?, ?, ?, ?, ?)'),
    item: database.prepare(
      'insert into arrival_item (account, arrival, item, blob, size_bytes, header) values (?, ?, 0, ?, 20000, ?)',
    ),
    account: database.prepare(
      `update account set arrivals_ever = arrivals_ever + 1, arrivals_here = arrivals_here + 1,
         used_bytes = used_bytes + 20000, events_ever = events_ever + 1 where id = ?`,
    ),
    event: database.prepare(
      "insert into event (account, number, day, kind, space, value) values (?, ?, 20000, 'arrival', null, ?)",
    ),
  };
}

function insertDelivery(
  { arrival, item, account, event }: DeliveryStatements,
  row: DeliveryRow & { readonly account: Uint8Array; readonly number: number },
): void {
  arrival.run(row.account, row.number, row.key, row.hash, 490_000, row.part);
  item.run(row.account, row.number, row.blob, row.header);
  account.run(row.account);
  event.run(row.account, row.number, row.number);
}
