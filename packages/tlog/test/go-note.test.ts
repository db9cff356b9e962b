import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { signNote } from '../src/note/sign-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { ed25519Key, mldsa44Key, platformVerifier } from './platform-key.ts';

/** Where Debian's golang-golang-x-mod-dev puts the package. */
const goPath = '/usr/share/gocode';
const text = 'latchkey/example/v1\nschlüssel\n\n— and a line that looks signed\n';

test("Go's sumdb/note opens our notes and we open its", async (t) => {
  const go = outsideProgram('go');
  if (go === null) return t.skip('go is not installed');
  if (!existsSync(join(goPath, 'src/golang.org/x/mod/sumdb/note'))) {
    return t.skip('golang-golang-x-mod-dev is not installed');
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-go-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'go-note');
  // GOFLAGS is cleared because a setting of the machine's could ask for modules, GOPROXY so that nothing is fetched.
  const offline = { GO111MODULE: 'off', GOPATH: goPath, GOFLAGS: '', GOPROXY: 'off', GOCACHE: join(folder, 'cache') };
  const built = spawnSync(go, ['build', '-o', program, join(import.meta.dirname, 'go-note/main.go')], {
    env: { ...process.env, ...offline },
    encoding: 'utf8',
  });
  assert.equal(built.status, 0, built.stderr);
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
