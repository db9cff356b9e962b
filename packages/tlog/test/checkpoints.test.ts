import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedVectors } from '@latchkey/testkit';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { parseVerifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { platformVerifier } from './platform-key.ts';

// The key under which tessera publishes its test log (`testdata/build_log.sh` there).
const log = parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');

test('the sixteen checkpoints of another log verify as notes', async (t) => {
  const folder = sharedVectors();
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  for (let size = 0; size < 16; size += 1) {
    const bytes: Buffer = readFileSync(join(folder, 'tlog/log', `checkpoint.${size}`));
    const note = parseNote(bytes);
    assert.deepEqual(note.text.split('\n').slice(0, 2), ['example.com/log/testdata', String(size)]);
    assert.deepEqual(Buffer.from(formatNote(note)), bytes);
    assert.ok((await verifyNote(note, [platformVerifier(log)], 'all')).verified);
    const changed = { ...note, text: note.text.replace(`\n${size}\n`, `\n${size + 1}\n`) };
    assert.ok(!(await verifyNote(changed, [platformVerifier(log)], 'all')).verified);
  }
});
