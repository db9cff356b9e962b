/** The server under measurement in a process of its own, with its rate limits off and a log of any size. */
import { createHash, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { parseCheckpoint, parseNote } from '../../../packages/tlog/src/index.ts';
import { startTestServer } from '../../../apps/server/src/testing/index.ts';
import { databaseFile } from '../../../apps/server/src/store/database-file.ts';
import { newPerson } from '../../mail/new-person.ts';
import { nextStatement } from '../next-statement.ts';
import { Fillers } from '../fillers.ts';

/** What the other side may ask, by name. */
export interface Questions {
  /** Puts random leaves into the key log, and waits until they are in its head. */
  fill: { asked: { leaves: number }; answered: Record<string, never> };
  /** Accounts with real identities. */
  accounts: { asked: { count: number }; answered: { addresses: string[]; own: Own } };
  /** The next version of each of the first accounts, signed and not yet sent. */
  sign: { asked: { count: number }; answered: { updates: Update[] } };
  /** The next version of each of the last accounts straight to the server's writer, all at once, until a published head has them all. */
  write: { asked: { count: number }; answered: { ms: number; processorMs: number } };
  /** Until the published head has as many leaves as were accepted. */
  settled: { asked: Record<string, never>; answered: { ms: number } };
  processor: { asked: Record<string, never>; answered: { ms: number } };
}

/** Of the first account, for a client that asks. */
export interface Own {
  readonly address: string;
  readonly session: string;
  readonly note: string;
}

export interface Update {
  readonly session: string;
  readonly statement: string;
}

type Handlers = {
  readonly [Name in keyof Questions]: (
    asked: Questions[Name]['asked'],
  ) => Promise<Questions[Name]['answered']> | Questions[Name]['answered'];
};

const server = await startTestServer();
const { store, keyLog } = server.services;
let processorBefore = process.cpuUsage();

interface Account {
  readonly id: Uint8Array;
  readonly address: string;
  readonly session: string;
  readonly logIndex: Uint8Array;
  version: number;
  person: Awaited<ReturnType<typeof newPerson>>;
}
const accounts: Account[] = [];

const handlers: Handlers = {
  async fill({ leaves }) {
    const database = new DatabaseSync(databaseFile(server.data), { timeout: 60_000 });
    const fillers = new Fillers(3);
    const insert = database.prepare('insert into key_leaf (position, leaf) values (?, ?)');
    const { next } = database.prepare('select coalesce(max(position), -1) + 1 as next from key_leaf').get() as {
      next: number;
    };
    database.exec('begin immediate');
    for (let at = 0; at < leaves; at++) insert.run(next + at, fillers.next());
    database.exec('commit');
    database.close();
    keyLog.wake();
    await settled();
    return {};
  },

  async accounts({ count }) {
    const made: Account[] = [];
    for (let number = 0; number < count; number++) made.push(await newAccount(`person-${accounts.length + number}`));
    accounts.push(...made);
    await settled();
    const [first] = accounts;
    if (first === undefined) throw new Error('there is no account');
    const { address, session, person } = first;
    return { addresses: made.map((each) => each.address), own: { address, session, note: person.identity.note } };
  },

  async sign({ count }) {
    const updates: Update[] = [];
    for (const account of accounts.slice(0, count)) {
      const next = await nextStatement(nodeEngine, account.person);
      account.person = next;
      updates.push({ session: account.session, statement: next.identity.note });
    }
    return { updates };
  },

  async write({ count }) {
    // Nobody reads these statements: the writer takes what the routes before it have judged. They are as long as real ones.
    const made = accounts.slice(-count).map((account) => {
      account.version += 1;
      const note = `${'x'.repeat(10_600)}${randomBytes(16).toString('hex')}`;
      return { account, version: account.version, note };
    });
    const before = process.cpuUsage();
    const started = performance.now();
    await Promise.all(
      made.map(({ account, version, note }) => {
        const { id, address, logIndex } = account;
        const leaf = keyLog.leafOf({ address, version, note, flag: 'signed', logIndex });
        return store.write('addStatement', { account: id, version, note, leaf });
      }),
    );
    keyLog.wake();
    await settled();
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - started, processorMs: (user + system) / 1_000 };
  },

  async settled() {
    const started = performance.now();
    await settled();
    return { ms: performance.now() - started };
  },

  processor() {
    const { user, system } = process.cpuUsage(processorBefore);
    processorBefore = process.cpuUsage();
    return { ms: (user + system) / 1_000 };
  },
};

process.on('message', ({ name, asked }: { name: keyof Questions; asked: never }) => {
  void Promise.resolve(handlers[name](asked)).then(
    (answered) => process.send?.({ answered }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => void server.stop().then(() => process.exit(0)));
process.send?.({ answered: { origin: server.origin } });

/** Until a published head of the index log carries a head of the key log with every leaf that was accepted. */
async function settled(): Promise<void> {
  for (;;) {
    const { accepted } = await store.db
      .selectFrom('key_leaf')
      .select((select) => select.fn.max('position').as('accepted'))
      .executeTakeFirstOrThrow();
    const head = await store.db
      .selectFrom('log_head')
      .select('note')
      .where('log', '=', 'keys')
      .where('state', '=', 'published')
      .executeTakeFirst();
    const size = head === undefined ? 0 : parseCheckpoint(parseNote(Buffer.from(head.note)).text).size;
    const proved = await keyLog.prove([], null);
    if (accepted === null || (size === accepted + 1 && proved?.head.keysSize === size)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function newAccount(name: string): Promise<Account> {
  const id = randomBytes(16);
  const token = Buffer.concat([id, randomBytes(32)]);
  const address = `${name}@localhost`;
  const person = await newPerson(nodeEngine, address);
  const { note } = person.identity;
  const genesis = await keyLog.genesisOf(address, note);
  await store.write('createAccount', {
    account: id,
    address,
    quotaBytes: 1e15,
    quotaArrivals: 1e9,
    newDays: 0,
    record: 'AAAA',
    statement: note,
    ...genesis,
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
  return { id, address, session: token.toString('base64url'), logIndex: genesis.index.logIndex, version: 0, person };
}
