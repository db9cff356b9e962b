import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { pourFile } from './pour-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-pour-'));
const bytes = randomBytes(1_000_003);
let file: FileHandle;

before(async () => {
  writeFileSync(join(folder, 'blob'), bytes);
  file = await open(join(folder, 'blob'));
});
after(async () => {
  await file.close();
  rmSync(folder, { recursive: true });
});

/** Looks at what it was given only later, as a line does; one more piece may come meanwhile. */
function slowLine(): { line: Writable; taken: Buffer[] } {
  const taken: Buffer[] = [];
  const line = new Writable({
    highWaterMark: 1,
    write: (piece: Buffer, _encoding, done) => {
      setTimeout(() => {
        taken.push(Buffer.from(piece));
        done();
      }, 2);
    },
  });
  return { line, taken };
}

test('a span comes out as it lies in the file, although its memory is used again', async () => {
  for (const [first, last] of [
    [0, bytes.length - 1],
    [262_144, 524_287],
    [524_287, 786_433],
    [7, 7],
  ] as const) {
    const { line, taken } = slowLine();
    await pourFile(file, { first, last }, line);
    assert.ok(Buffer.concat(taken).equals(bytes.subarray(first, last + 1)), `${first} to ${last}`);
  }
});

test('nothing is poured for an empty span', async () => {
  const { line, taken } = slowLine();
  await pourFile(file, { first: 0, last: -1 }, line);
  assert.equal(taken.length, 0);
});

test('a line that is cut ends it, whatever was on its way', async () => {
  const stuck = new Writable({ write: () => undefined });
  const poured = pourFile(file, { first: 0, last: bytes.length - 1 }, stuck);
  setTimeout(() => stuck.destroy(), 5);
  await poured;
  const gone = new Writable({ write: () => undefined });
  gone.destroy();
  await pourFile(file, { first: 0, last: 5 }, gone);
});

test('a file that is shorter than was said is an error', async () => {
  const { line } = slowLine();
  await assert.rejects(pourFile(file, { first: bytes.length - 5, last: bytes.length + 5 }, line), /shorter/);
});
