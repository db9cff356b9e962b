import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { formatNote } from '../src/note/format-note.ts';
import { signNote } from '../src/note/sign-note.ts';
import { ed25519Key, mldsa44Key } from './platform-key.ts';

test('OpenSSL verifies the classical half of a note', async (t) => {
  const openssl = outsideProgram('openssl');
  if (openssl === null) return t.skip('openssl is not installed');
  const key = ed25519Key('latchkey/AAAAAAAAAAAAAAAAAAAAAA');
  const unsigned = { text: 'latchkey/example/v1\nsaid once\n', signatures: [] };
  const bytes = formatNote(await signNote(unsigned, [mldsa44Key('latchkey/AAAAAAAAAAAAAAAAAAAAAA'), key]));
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-note-'));
  t.after(() => rmSync(folder, { recursive: true }));

  // By hand, as somebody without our code would: the text up to the last blank line, the last line's base64
  // without the four bytes of the key id.
  const note = Buffer.from(bytes).toString('utf8');
  const blank = note.lastIndexOf('\n\n');
  const signature = Buffer.from(note.trimEnd().split(' ').at(-1) ?? '', 'base64').subarray(4);
  const verify = (message: string): number | null => {
    writeFileSync(join(folder, 'key.pem'), key.publicKeyPem);
    writeFileSync(join(folder, 'message'), message);
    writeFileSync(join(folder, 'signature'), signature);
    const files = ['-inkey', 'key.pem', '-in', 'message', '-sigfile', 'signature'];
    return spawnSync(openssl, ['pkeyutl', '-verify', '-rawin', '-pubin', ...files], { cwd: folder }).status;
  };
  assert.equal(verify(note.slice(0, blank + 1)), 0);
  assert.equal(verify(note.slice(0, blank)), 1, 'the last newline of the text is signed too');
});
