// A witness that shares no line with ours, and ours, asked the same by one log: the same answers, and one verifier.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import {
  allNoteTypes,
  cosignatureTime,
  evaluatePolicy,
  formatAddCheckpoint,
  formatVerifierKey,
  parseCosignatures,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  verifyNote,
  withSignatures,
} from '@latchkey/tlog';
import { platformVerifier, verifySignature } from '../src/keys/platform-verifier.ts';
import { entry, TestLog } from './test-log.ts';
import { make, start, temporaryFolder } from './witness-process.ts';

const script = join(import.meta.dirname, 'python-witness.py');

function python(t: TestContext): string | null {
  const program = outsideProgram('python3');
  const isThere = program !== null && spawnSync(program, ['-c', 'import cryptography']).status === 0;
  if (!isThere) t.skip('python3 with python3-cryptography is not installed');
  return isThere ? program : null;
}

interface Asked {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function post(url: string, body: Uint8Array): Promise<Asked> {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

test('a witness in Python and ours: cosignatures of both under one policy, and equal answers to all else', async (t) => {
  const program = python(t);
  if (program === null) return;
  const log = new TestLog('log.example/peer');
  const impostor = new TestLog(log.origin);
  const stranger = new TestLog('log.example/stranger');
  for (const each of [log, impostor, stranger]) await each.add(...Array.from({ length: 300 }, (_, n) => entry(`${n}`)));
  const other = await log.fork(100);
  await other.add(...Array.from({ length: 200 }, (_, n) => entry(`other ${n}`)));

  const state = join(temporaryFolder(t), 'state');
  const key = formatVerifierKey(log.signer.key);
  const child = spawn(program, [script, '--name', 'python.example/w', '--state', state, key]);
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { key: peerKey, port } = JSON.parse(line.toString()) as { key: string; port: number };
  const { data, keys } = make(t, 'witness', [log.line]);
  const ours = await start(t, 'run', data);
  const urls = [ours.url, `http://127.0.0.1:${port}`];

  const both = async (body: Uint8Array): Promise<readonly Asked[]> => Promise.all(urls.map((url) => post(url, body)));
  const statuses = async (body: Uint8Array): Promise<readonly (string | number | null)[]> => {
    const [one, two] = await both(body);
    assert.ok(one !== undefined && two !== undefined);
    assert.equal(one.status, two.status);
    if (one.status === 409) assert.deepEqual([one.text, one.type], [two.text, two.type]);
    return [one.status, one.status === 409 ? one.text : null];
  };

  assert.deepEqual(await statuses(await log.request(0, 100)), [200, null]);
  assert.deepEqual(await statuses(await log.request(0, 300)), [409, '100\n']);
  assert.deepEqual(await statuses(await other.request(100, 200)), [200, null], 'the fork begins with the same leaves');
  assert.deepEqual(await statuses(await log.request(200, 300)), [422, null]);
  assert.deepEqual(await statuses(await log.request(200, 200)), [409, '200\n']);
  assert.deepEqual(await statuses(await other.request(300, 200)), [400, null]);
  assert.deepEqual(await statuses(await impostor.request(200, 300)), [403, null]);
  assert.deepEqual(await statuses(await stranger.request(0, 300)), [404, null]);
  assert.deepEqual(await statuses(entry('old 0\n\nnonsense\n')), [400, null]);
  const surplus = formatAddCheckpoint({ oldSize: 200, proof: [new Uint8Array(32)], checkpoint: await other.head(200) });
  assert.deepEqual(await statuses(surplus), [422, null]);
  for (const size of [201, 255, 256, 257, 300]) {
    const old = size === 201 ? 200 : size === 255 ? 201 : size === 300 ? 257 : size - 1;
    assert.deepEqual(await statuses(await other.request(old, size)), [200, null], `${old} to ${size}`);
  }

  const answers = await both(await other.request(300));
  const lines = answers.flatMap(({ text }) => parseCosignatures(Buffer.from(text)));
  const note = withSignatures(parseNote(await other.head()), lines);
  const verifiers = [peerKey, ...keys].map((text) => platformVerifier(parseVerifierKey(text, allNoteTypes)));
  const verdict = await verifyNote(note, verifiers, 'all');
  assert.equal(verdict.verified, true);
  for (const each of lines) assert.ok(Math.abs(cosignatureTime(each) - Date.now() / 1_000) < 60);

  const policy = parsePolicy(
    `log ${key}\nwitness ours ${keys[0]}\nwitness python ${peerKey}\ngroup both all ours python\nquorum both\n`,
  );
  const judged = await evaluatePolicy(policy, { note, verifySignature });
  assert.equal(judged.satisfied, true);
  const [oursOnly = []] = answers.map(({ text }) => parseCosignatures(Buffer.from(text)));
  const alone = withSignatures(parseNote(await other.head()), oursOnly);
  assert.equal((await evaluatePolicy(policy, { note: alone, verifySignature })).satisfied, false);
});
