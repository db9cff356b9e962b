import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { signNote } from '../src/note/sign-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { buildGo } from './build-go.ts';
import { ed25519Key, mldsa44Key, platformVerifier } from './platform-key.ts';

const text = 'latchkey/example/v1\nschlüssel\n\n— and a line that looks signed\n';

test("Go's sumdb/note opens our notes and we open its", async (t) => {
  const built = buildGo(t, 'go-note');
  if ('missing' in built) return t.skip(built.missing);
  const { program } = built;
  const run = (
    command: string,
    argument: string,
    input: string | Uint8Array = '',
  ): { status: number | null; out: Buffer } => {
    const { status, stdout } = spawnSync(program, [command, argument], { input });
    return { status, out: stdout };
  };

  const ours = ed25519Key('latchkey/AAAAAAAAAAAAAAAAAAAAAA');
  const signed = await signNote({ text, signatures: [] }, [mldsa44Key('latchkey/AAAAAAAAAAAAAAAAAAAAAA'), ours]);
  const opened = run('open', formatVerifierKey(ours.key), formatNote(signed));
  assert.deepEqual(opened, { status: 0, out: Buffer.from(text) });
  const changed = formatNote({ ...signed, text: text.replace('example', 'exbmple') });
  assert.equal(run('open', formatVerifierKey(ours.key), changed).status, 1);

  const [signer = '', verifier = ''] = run('new', 'example.com/go').out.toString().split('\n');
  const theirs = platformVerifier(parseVerifierKey(verifier));
  assert.equal(formatVerifierKey(theirs.key), verifier);
  const note = parseNote(run('sign', signer, text).out);
  assert.equal(note.text, text);
  assert.ok((await verifyNote(note, [theirs], 'all')).verified);
  assert.ok(!(await verifyNote({ ...note, text: `${text}\n` }, [theirs], 'all')).verified);
});
