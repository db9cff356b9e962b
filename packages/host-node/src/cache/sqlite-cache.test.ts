import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { CachedRecord, RecordCache } from '@latchkey/sdk/ports';
import { memoryCache } from '@latchkey/sdk/testing';
import { sourceUrl, startChild } from '../../test/child-process.ts';
import { sqliteCache, type SqliteCache } from './sqlite-cache.ts';

let home = '';
let path = '';
let cache: SqliteCache;
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'latchkey-cache-')), 'home');
  path = join(home, 'cache.sqlite');
  cache = sqliteCache(home);
});
afterEach(async () => {
  await cache.close();
  rmSync(join(home, '..'), { recursive: true });
});

const space = new Uint8Array(16).fill(1);
const other = new Uint8Array(16).fill(2);
const log = (size: number): { size: number; peaks: Uint8Array; awaited: number } => ({
  size,
  peaks: new Uint8Array(32).fill(size),
  awaited: 0,
});

function record(number: number, version = 1, lengthBytes = 300): CachedRecord {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(12, number);
  return { record: id, version, epoch: 0, sealed: new Uint8Array(lengthBytes).fill(number + version) };
}

async function allOf(from: RecordCache, of: Uint8Array = space): Promise<CachedRecord[]> {
  const records: CachedRecord[] = [];
  for await (const each of from.all(of)) records.push(each);
  return records;
}

/** The same throws for the same seed (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

suite('a cache of records', () => {
  test('is empty before anything is put, and holds what was put when it is opened again', async () => {
    assert.equal(await cache.log(space), null);
    assert.equal(await cache.read(space, record(1).record), null);
    assert.deepEqual(await allOf(cache), []);
    await cache.apply(space, { records: [record(2), record(1), record(3, 1, 0)], log: log(3) });
    await cache.apply(other, { records: [record(1, 9)], log: log(1) });
    await cache.close();
    cache = sqliteCache(home);
    assert.deepEqual(await cache.log(space), log(3));
    assert.deepEqual(await cache.read(space, record(2).record), record(2));
    assert.deepEqual(await allOf(cache), [record(1), record(2), record(3, 1, 0)]);
    assert.deepEqual(await allOf(cache, other), [record(1, 9)]);
    await cache.forget(space);
    assert.equal(await cache.log(space), null);
    assert.deepEqual(await allOf(cache), []);
    assert.deepEqual(await allOf(cache, other), [record(1, 9)]);
  });

  test('does what the cache in memory does, whatever is done to it', async () => {
    for (const seed of range(60)) {
      const below = dice(seed);
      const model = memoryCache();
      await cache.forget(space);
      await cache.forget(other);
      for (const step of range(12)) {
        const id = below(2) === 0 ? space : other;
        const records = range(below(5)).map(() => record(below(7), below(5), below(40)));
        const size = below(10);
        for (const each of [model, cache]) {
          if (step % 7 === 6) await each.forget(id);
          else await each.apply(id, { records, log: log(size) });
        }
        assert.deepEqual(await cache.log(id), await model.log(id), `seed ${seed}`);
      }
      for (const id of [space, other]) {
        assert.deepEqual(await allOf(cache, id), await allOf(model, id), `seed ${seed}`);
        for (const number of range(7)) {
          const { record: place } = record(number);
          assert.deepEqual(await cache.read(id, place), await model.read(id, place), `seed ${seed}`);
        }
      }
    }
  });

  test('gives a snapshot, record by record, that changes made meanwhile do not disturb', async () => {
    await cache.apply(space, { records: range(500).map((number) => record(number)), log: log(1) });
    const seen: CachedRecord[] = [];
    const second = sqliteCache(home);
    for await (const each of cache.all(space)) {
      seen.push(each);
      if (seen.length === 10) {
        await cache.apply(space, { records: [record(5, 2), record(400, 2), record(1_000)], log: log(2) });
        await second.forget(space);
        await second.apply(space, { records: [record(7)], log: log(3) });
      }
    }
    assert.deepEqual(
      seen,
      range(500).map((number) => record(number)),
    );
    assert.deepEqual(await allOf(cache), [record(7)]);
    await second.close();
  });

  test('may be left in the middle of a snapshot, and closed under one', async () => {
    await cache.apply(space, { records: range(50).map((number) => record(number)), log: log(1) });
    for await (const each of cache.all(space)) {
      assert.equal(each.version, 1);
      break;
    }
    const left = cache.all(space)[Symbol.asyncIterator]();
    await left.next();
    await cache.close();
    await assert.rejects(async () => left.next());
    assert.deepEqual(await cache.log(space), log(1), 'it opens again by itself');
  });

  test('forgets everything, down to its files, also what another process keeps open', async () => {
    const second = sqliteCache(home);
    await cache.apply(space, { records: [record(1)], log: log(1) });
    await second.apply(other, { records: [record(2)], log: log(1) });
    await cache.forgetAll();
    assert.deepEqual(readdirSync(home), []);
    assert.equal(await cache.log(space), null);
    assert.equal(await cache.log(other), null);
    await cache.apply(space, { records: [record(3)], log: log(1) });
    await second.close();
    assert.deepEqual(await allOf(cache), [record(3)]);
    await sqliteCache(join(home, 'none')).forgetAll();
    assert.equal(existsSync(join(home, 'none')), false);
  });

  test('is for its owner alone, in a folder that is', async () => {
    const before = process.umask(0);
    try {
      await cache.apply(space, { records: [record(1)], log: log(1) });
    } finally {
      process.umask(before);
    }
    assert.equal(statSync(home).mode & 0o777, 0o700);
    const names = readdirSync(home);
    assert.ok(names.includes('cache.sqlite-wal'));
    for (const name of names) assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name);
  });
});

suite('a damaged cache', () => {
  beforeEach(async () => {
    await cache.apply(space, { records: range(200).map((number) => record(number)), log: log(200) });
    await cache.close();
    assert.ok(!existsSync(`${path}-wal`), 'everything lies in the one file now');
  });

  async function isEmptyAndWorks(): Promise<void> {
    assert.equal(await cache.log(space), null);
    assert.deepEqual(await allOf(cache), []);
    await cache.apply(space, { records: [record(1)], log: log(1) });
    assert.deepEqual(await allOf(cache), [record(1)]);
  }

  test('is thrown away where it is no database', async () => {
    writeFileSync(path, 'no database at all. '.repeat(1_000));
    await isEmptyAndWorks();
  });

  test('is thrown away where it is cut', async () => {
    truncateSync(path, 20_000);
    await isEmptyAndWorks();
  });

  test('is thrown away where it has tables of another form', async () => {
    const database = new DatabaseSync(path);
    database.exec('pragma user_version = 77');
    database.close();
    await isEmptyAndWorks();
  });

  test('is thrown away where a row was changed by other hands', async () => {
    const database = new DatabaseSync(path);
    database.exec('update record set sealed = zeroblob(300) where rowid = 150');
    database.close();
    assert.deepEqual(await cache.read(space, record(0).record), record(0), 'other rows are as they were');
    assert.equal(await cache.read(space, record(149).record), null);
    await isEmptyAndWorks();
  });

  test('never gives a wrong record, wherever a byte flips', async () => {
    const good = readFileSync(path);
    const byNumber = new Map(range(200).map((number) => [number, record(number)]));
    let noticed = 0;
    for (let at = 0; at < good.length; at += 1_013) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x55;
      for (const name of readdirSync(home)) rmSync(join(home, name));
      writeFileSync(path, bad, { mode: 0o600 });
      const damaged = sqliteCache(home);
      try {
        const found = await damaged.log(space);
        if (found !== null) assert.deepEqual(found, log(200));
        for await (const each of damaged.all(space)) {
          const number = new DataView(each.record.buffer, each.record.byteOffset).getUint32(12);
          assert.deepEqual(each, byNumber.get(number), `a flip at ${at}`);
        }
      } catch (error) {
        noticed += 1;
        assert.equal((error as { code?: string }).code, 'profile_damaged', `a flip at ${at}: ${String(error)}`);
        assert.equal(await damaged.log(space), null);
      } finally {
        await damaged.close();
      }
    }
    assert.ok(noticed > 20, `${noticed} of the flips were noticed`);
  });
});

suite('several processes', () => {
  const child = (work: string): ReturnType<typeof startChild> =>
    startChild(`
      const { sqliteCache } = await import(${JSON.stringify(sourceUrl('cache/sqlite-cache.ts'))});
      const cache = sqliteCache(${JSON.stringify(home)});
      const space = new Uint8Array(16).fill(1);
      const recordOf = (number, version) => {
        const record = new Uint8Array(16);
        record[15] = number;
        return { record, version, epoch: 0, sealed: new Uint8Array(300).fill(version) };
      };
      const apply = (version) => cache.apply(space, {
        records: Array.from({ length: 20 }, (_, number) => recordOf(number, version)),
        log: { size: version, peaks: new Uint8Array(32).fill(version), awaited: 0 },
      });
      ${work}
    `);

  test('that apply at once end with the newest of everything', async () => {
    const children = [1, 2, 3].map((first) =>
      child(`for (let version = ${first}; version <= 150; version += 3) await apply(version);`),
    );
    assert.deepEqual(await Promise.all(children.map(({ ended }) => ended)), [0, 0, 0]);
    assert.deepEqual(await cache.log(space), log(150));
    const versions = (await allOf(cache)).map(({ version }) => version);
    assert.deepEqual(
      versions,
      range(20).map(() => 150),
    );
  });

  test('of which one is killed leave each batch whole or absent', async () => {
    for (const afterMs of [20, 45, 80]) {
      const writing = child(`
        console.log('begun');
        for (let version = 1; ; version++) await apply(version % 250);
      `);
      await writing.firstLine;
      setTimeout(() => writing.process.kill('SIGKILL'), afterMs);
      assert.equal(await writing.ended, 'SIGKILL');
      const size = (await cache.log(space))?.size ?? 0;
      const versions = new Set((await allOf(cache)).map(({ version }) => version));
      assert.deepEqual([...versions], size === 0 ? [] : [size]);
    }
  });
});
