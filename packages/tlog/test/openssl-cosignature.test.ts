import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { cosign } from '../src/cosignature/cosign.ts';
import { formatNote } from '../src/note/format-note.ts';
import { signNote } from '../src/note/sign-note.ts';
import { withSignatures } from '../src/note/with-signatures.ts';
import { ed25519Cosigner, ed25519Key } from './platform-key.ts';

const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

test('OpenSSL verifies an Ed25519 cosignature', async (t) => {
  const openssl = outsideProgram('openssl');
  if (openssl === null) return t.skip('openssl is not installed');
  const witness = ed25519Cosigner('witness.example.com/w1');
  const signed = await signNote({ text, signatures: [] }, [ed25519Key('example.com/behind-the-sofa')]);
  const note = formatNote(withSignatures(signed, [await cosign(signed, witness, 1_679_315_147)]));
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cosignature-'));
  t.after(() => rmSync(folder, { recursive: true }));

  // By hand: the last line's base64 is four bytes of key id, eight of time, and the signature.
  const lines = Buffer.from(note).toString('utf8').trimEnd().split('\n');
  const blob = Buffer.from(lines.at(-1)?.split(' ')[2] ?? '', 'base64');
  const time = blob.readBigUInt64BE(4);
  assert.equal(time, 1_679_315_147n);
  const verify = (message: string): number | null => {
    writeFileSync(join(folder, 'key.pem'), witness.publicKeyPem);
    writeFileSync(join(folder, 'message'), message);
    writeFileSync(join(folder, 'signature'), blob.subarray(12));
    const files = ['-inkey', 'key.pem', '-in', 'message', '-sigfile', 'signature'];
    return spawnSync(openssl, ['pkeyutl', '-verify', '-rawin', '-pubin', ...files], { cwd: folder }).status;
  };
  assert.equal(verify(`cosignature/v1\ntime ${time}\n${lines.slice(0, 3).join('\n')}\n`), 0);
  assert.equal(verify(`cosignature/v1\ntime ${time + 1n}\n${lines.slice(0, 3).join('\n')}\n`), 1);
  assert.equal(verify(text), 1);
});
