import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeNewSecretFile } from './new-secret-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-sheet-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'kit.html');
const refused = { code: 'output_exists' };

test('a sheet is its owner’s alone, and the same again is good: a command that was cut wrote it', async () => {
  await writeNewSecretFile(path, 'the words', 'a recovery kit');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await writeNewSecretFile(path, 'the words', 'a recovery kit');
  assert.equal(readFileSync(path, 'utf8'), 'the words');
});

test('nothing else gives way to it', async () => {
  for (const other of ['', 'the wordz', 'the words and more']) {
    writeFileSync(path, other);
    await assert.rejects(writeNewSecretFile(path, 'the words', 'a recovery kit'), refused);
    assert.equal(readFileSync(path, 'utf8'), other);
  }
  const link = join(folder, 'link');
  writeFileSync(path, 'the words');
  symlinkSync(path, link);
  await assert.rejects(writeNewSecretFile(link, 'the words', 'a recovery kit'), refused);
});
