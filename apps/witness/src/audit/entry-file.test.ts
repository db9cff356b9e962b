import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { decodeEntryBundle } from '@latchkey/tlog';
import fc from 'fast-check';
import { EntryFile } from './entry-file.ts';

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-entries-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'log');
}

const numbered = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, at) => new Uint8Array(Buffer.from(`entry ${from + at}`)));
const texts = (entries: Iterable<Uint8Array>): string[] =>
  Array.from(entries, (entry) => Buffer.from(entry).toString());

test('entries come back in every cut, also after the file was opened anew, and as the bundles of the log', async (t) => {
  const path = place(t);
  let file = await EntryFile.open(path);
  file.append(numbered(0, 1));
  file.append(numbered(1, 700));
  for (const round of [1, 2]) {
    assert.equal(file.size, 700);
    for (const [from, to] of [
      [0, 700],
      [0, 1],
      [255, 257],
      [256, 512],
      [699, 700],
      [5, 5],
    ] as const) {
      assert.deepEqual(texts(file.read(from, to)), texts(numbered(from, to)), `${from} to ${to}`);
    }
    assert.deepEqual(texts(decodeEntryBundle(file.readBundle(1, 256) ?? new Uint8Array())), texts(numbered(256, 512)));
    assert.deepEqual(texts(decodeEntryBundle(file.readBundle(2, 188) ?? new Uint8Array())), texts(numbered(512, 700)));
    assert.equal(file.readBundle(2, 189), null);
    assert.deepEqual([...file.read(0, 701)], []);
    file.close();
    if (round === 1) file = await EntryFile.open(path);
  }
});

test('what was not written to its end is dropped, and the next entry takes its place', async (t) => {
  const path = place(t);
  const file = await EntryFile.open(path);
  file.append(numbered(0, 300));
  file.close();
  const whole = readFileSync(path);
  for (const cut of [1, 5, 10]) {
    truncateSync(path, whole.length - cut);
    const opened = await EntryFile.open(path);
    assert.equal(opened.size, 299);
    opened.append(numbered(299, 300));
    opened.close();
    assert.deepEqual(readFileSync(path), whole);
  }
  appendFileSync(path, Buffer.of(0xff));
  const opened = await EntryFile.open(path);
  assert.equal(opened.size, 300);
  opened.close();
  assert.equal(statSync(path).size, whole.length);
});

test('cut back to any size and grown again it is the same file', async (t) => {
  const path = place(t);
  const file = await EntryFile.open(path);
  file.append(numbered(0, 600));
  const whole = readFileSync(path);
  for (const size of [599, 512, 511, 256, 255, 1, 0]) {
    file.truncate(size);
    assert.equal(file.size, size);
    file.append(numbered(size, 600));
    assert.deepEqual(readFileSync(path), whole);
    assert.deepEqual(texts(file.read(250, 520)), texts(numbered(250, 520)));
  }
  file.close();
});

test('entries of all sizes that a bundle can have', async (t) => {
  const path = place(t);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 1, maxLength: 40 }),
      async (lengths) => {
        const entries = lengths.map((length, at) => new Uint8Array(length).fill(at));
        const file = await EntryFile.open(path);
        file.truncate(0);
        file.append(entries);
        const read = [...file.read(0, entries.length)].map((entry) => [entry.length, entry[0]]);
        file.close();
        assert.deepEqual(
          read,
          entries.map((entry) => [entry.length, entry[0]]),
        );
      },
    ),
    { numRuns: 30 },
  );
});
