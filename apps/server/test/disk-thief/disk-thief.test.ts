/**
 * Somebody copies the whole data folder of a running server and wants to know who sent what. Two thieves are given the
 * true senders of half of the deliveries, to learn from, and guess the other half. The first looks only at what the
 * inventory admits; the second also at everything else: equal values in any form, nearness in the raw bytes of every
 * file with its free pages, the pages on which contents lie, ids, counters. The second must not be better than the first
 * by more than three standard errors of such a count: a leak that gives away one sender in ten is found, a fainter one
 * may not be. Leaks planted on purpose show that it looks.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FILE_INVENTORY } from '../../src/inventory/files.ts';
import { JOINS } from '../../src/inventory/joins.ts';
import { sharedBlobs } from '../../src/handover/shared-blobs.ts';
import { admittedEvidence, otherEvidence } from './evidence.ts';
import { guessedRight } from './guess.ts';
import { joinGraph } from './join-graph.ts';
import { makeMonth, type Delivery, type Month } from './month.ts';
import { stealFolder, type StolenFolder } from './stolen-folder.ts';
import { candidatesOf, targetsOf } from './targets.ts';

const data = mkdtempSync(join(tmpdir(), 'latchkey-month-'));
let month: Month;
let stolen: StolenFolder;

before(async () => {
  month = await makeMonth({ data, seed: 7, days: 30, messagesADay: 0.5 });
  stolen = stealFolder(data);
});
after(async () => {
  await month.server.stop();
  rmSync(data, { recursive: true });
});

interface Guesses {
  readonly deliveries: number;
  readonly chance: number;
  readonly admitted: number;
  readonly all: number;
}

function guess(folder: StolenFolder, truth: readonly Delivery[]): Guesses {
  const targets = targetsOf(folder, candidatesOf(folder), truth);
  const [admitted, other] = [admittedEvidence(folder), otherEvidence(folder)];
  const questions = targets.map((target) => ({
    sender: target.sender,
    evidence: target.candidates.map((candidate) => admitted(target, candidate)),
  }));
  const more = targets.map((target, place) => ({
    sender: target.sender,
    evidence: target.candidates.map((candidate, each) => ({
      ...questions[place]?.evidence[each],
      ...other(target, candidate),
    })),
  }));
  return {
    deliveries: targets.length,
    chance: targets.reduce((sum, { candidates }) => sum + 1 / candidates.length, 0) / targets.length,
    admitted: guessedRight(questions),
    all: guessedRight(more),
  };
}

/** Three standard errors of a part of so many. */
const margin = ({ admitted, deliveries }: Guesses): number => 3 * Math.sqrt((admitted * (1 - admitted)) / deliveries);
const shown = (guesses: Guesses): string =>
  Object.entries(guesses)
    .map(([name, value]) => `${name} ${Math.round(value * 1_000) / 1_000}`)
    .join(', ');

test('a thief of the whole folder names senders no better than the inventory admits', (t) => {
  const guesses = guess(stolen, month.deliveries);
  t.diagnostic(shown(guesses));
  assert.ok(guesses.deliveries > 150 && guesses.admitted > guesses.chance, 'there is nothing to compare with');
  assert.ok(guesses.all <= guesses.admitted + margin(guesses), shown(guesses));
});

/** @returns the deliveries under the names that they have now, where those were changed */
type Plant = (database: DatabaseSync, truth: readonly Delivery[]) => readonly Delivery[] | void;

const planted: readonly (readonly [string, Plant])[] = [
  [
    'the sender beside the arrival',
    (database, truth) => {
      database.exec('alter table arrival add column sender text');
      const set = database.prepare(
        'update arrival set sender = ? where number = ? and account = (select id from account where address = ?)',
      );
      for (const { sender, number, recipient } of truth) set.run(sender, number, recipient);
    },
  ],
  [
    'the uploader beside the blob',
    (database, truth) => eachBlob(database, truth, 'uploader', 'select id from account where address = ?'),
  ],
  [
    'a session’s hash, cut, beside the blob',
    (database, truth) =>
      eachBlob(
        database,
        truth,
        'made_by',
        'select substr(token_hash, 1, 12) from session join account on account.id = account where address = ?',
      ),
  ],
  [
    'ids of blobs that begin like their uploader’s',
    (database, truth) => {
      const account = database.prepare('select substr(id, 1, 8) as beginning from account where address = ?');
      const places = ['blob set id', 'hold set blob', 'arrival_item set blob'];
      const renames = places.map((place) =>
        database.prepare(`update ${place} = ? where ${place.split(' ').at(-1) ?? ''} = ?`),
      );
      return truth.map((delivery) => {
        const beginning = account.get(delivery.sender)?.['beginning'] as Uint8Array;
        const blobs = delivery.blobs.map((blob) => {
          const renamed = Buffer.concat([beginning, Buffer.from(blob, 'hex').subarray(8)]);
          for (const rename of renames) rename.run(renamed, Buffer.from(blob, 'hex'));
          return renamed.toString('hex');
        });
        return { ...delivery, blobs };
      });
    },
  ],
  [
    'blobs that were never rewritten: own copies lie behind what was sent',
    (database, truth) => {
      const rows = database.prepare('select * from blob').all();
      const byId = new Map(rows.map((row) => [Buffer.from(row['id'] as Uint8Array).toString('hex'), row]));
      const owned = database.prepare(
        'select lower(hex(blob)) as blob from hold join account on account.id = account where address = ? and header is null',
      );
      const own = new Map(
        month.addresses.map((address) => [address, owned.all(address).map((row) => String(row['blob']))]),
      );
      const order = truth.flatMap(({ sender, blobs }) => [blobs[0] ?? '', own.get(sender)?.pop() ?? '']);
      database.exec('delete from blob; vacuum; begin');
      const insert = database.prepare('insert into blob values (?, ?, ?, ?, ?)');
      for (const id of new Set([...order, ...byId.keys()])) {
        const row = byId.get(id);
        if (row === undefined) continue;
        const { id: blob, size_bytes: size, content, file, unnamed_on_day: day } = row;
        insert.run(blob ?? null, size ?? null, content ?? null, file ?? null, day ?? null);
      }
      database.exec('commit');
    },
  ],
  [
    'what was removed, left on free pages',
    (database, truth) => {
      database.exec('pragma secure_delete = off; create table note (sender blob, blob blob)');
      const insert = database.prepare('insert into note select id, ? from account where address = ?');
      for (const { sender, blobs } of truth) for (const blob of blobs) insert.run(Buffer.from(blob, 'hex'), sender);
      database.exec('drop table note');
    },
  ],
];

function eachBlob(database: DatabaseSync, truth: readonly Delivery[], column: string, who: string): void {
  database.exec(`alter table blob add column ${column} blob`);
  const set = database.prepare(`update blob set ${column} = (${who}) where id = ?`);
  for (const { sender, blobs } of truth) for (const blob of blobs) set.run(sender, Buffer.from(blob, 'hex'));
}

for (const [name, plant] of planted) {
  test(`planted and found: ${name}`, (t) => {
    let truth = month.deliveries;
    const folder = stealFolder(data, (database) => {
      truth = plant(database, truth) ?? truth;
    });
    const guesses = guess(folder, truth);
    t.diagnostic(shown(guesses));
    assert.ok(guesses.all > guesses.admitted + margin(guesses), shown(guesses));
  });
}

test('every file of the folder stands in the inventory', () => {
  const listed = Object.keys(FILE_INVENTORY);
  for (const { name } of stolen.files) {
    assert.ok(
      listed.some((each) => name === each || (each.endsWith('/') && name.startsWith(each))),
      name,
    );
  }
});

const columnsOf = (folder: StolenFolder): string[] =>
  [...new Set(joinGraph(folder).map(({ columns }) => columns.join(' = ')))].toSorted();
const admittedColumns = JOINS.flatMap(({ columns }) => columns.map((pair) => pair.toSorted().join(' = '))).toSorted();

test('rows of two accounts share exactly the values that the inventory admits, and a handover shows them', async () => {
  assert.deepEqual(columnsOf(stolen), admittedColumns);
  const accounts = candidatesOf(stolen);
  const graph = joinGraph(stolen);
  for (const { account, address } of accounts) {
    const edges = graph.filter(({ accounts: both }) => both.includes(account));
    const seen = edges.map(({ accounts: [one, other], value }) => {
      const with_ = accounts.find((each) => each.account === (one === account ? other : one));
      return `${value} ${with_?.address ?? ''}`;
    });
    const handed = await sharedBlobs(month.server.services.store.db, Buffer.from(account, 'hex'));
    assert.deepEqual(
      [...new Set(seen)].toSorted(),
      handed.map((each) => `${each.blob} ${each.address}`).toSorted(),
      address,
    );
  }
  assert.ok(graph.length > 20);
});

test('planted and found: values that join accounts otherwise', () => {
  const changes: readonly (readonly [change: string, columns: string])[] = [
    [`alter table arrival add column sender text default 'alice@localhost'`, 'account.address = arrival.sender'],
    [
      `alter table session add column who text default 'x'; update session set who = (select hex(id) from account limit 1)`,
      'account.id = session.who',
    ],
    [`update record set sealed = (select sealed from record limit 1)`, 'record.sealed = record.sealed'],
  ];
  for (const [change, columns] of changes) {
    const found = columnsOf(stealFolder(data, (database) => database.exec(change)));
    assert.ok(found.includes(columns), `${change}: ${found.join('; ')}`);
  }
});
