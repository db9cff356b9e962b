// c2sp.org/tlog-witness against the real program: each status, and what an answer is worth.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  cosignatureTime,
  formatAddCheckpoint,
  formatNote,
  parseCosignatures,
  parseNote,
  verifyNote,
  witnessCheckpointPath,
} from '@latchkey/tlog';
import { entry, TestLog } from './test-log.ts';
import { make, run, start } from './witness-process.ts';

const five = ['a', 'b', 'c', 'd', 'e'].map(entry);

test('a checkpoint is cosigned by both keys, kept, shown, and again after a start', async (t) => {
  const log = new TestLog('log.example/one');
  await log.add(...five);
  const { data, verifiers } = make(t, 'witness', [log.line]);
  const first = await start(t, 'run', data);
  // Whoever reads what it tells goes away, and it stays.
  first.child.stdout?.destroy();
  const before = Math.floor(Date.now() / 1_000);

  const answer = await first.post(await log.request(0, 3));
  assert.equal(answer.status, 200, answer.text);
  const lines = parseCosignatures(Buffer.from(answer.text));
  const note = { text: log.text(3), signatures: lines };
  const verdict = await verifyNote(note, verifiers, 'all');
  assert.equal(verdict.verified, true);
  for (const line of lines) assert.ok(Math.abs(cosignatureTime(line) - before) <= 5);

  assert.equal((await first.post(await log.request(3, 5))).status, 200);
  assert.equal((await first.post(await log.request(5, 5))).status, 200, 'the same head again gets a new time');
  const path = witnessCheckpointPath(log.origin);
  const shown = new Uint8Array(await (await fetch(`${first.url}/${path}`)).arrayBuffer());
  assert.equal(parseNote(shown).text, log.text(5));
  assert.equal(await first.stop(), 0);

  const second = await start(t, 'run', data);
  const again = parseNote(new Uint8Array(await (await fetch(`${second.url}/${path}`)).arrayBuffer()));
  assert.equal(again.text, log.text(5));
  assert.equal((await verifyNote(again, verifiers, 'all')).verified, true);
  assert.equal((await second.post(await log.request(3, 5))).status, 409);
  assert.match(await (await fetch(second.url)).text(), /log log\.example\/one 5\n/);
  assert.equal(statSync(join(data, 'witness.key')).mode & 0o777, 0o600);
});

test('every refusal has its status', async (t) => {
  const log = new TestLog('log.example/two');
  const stranger = new TestLog('log.example/stranger');
  const impostor = new TestLog('log.example/two');
  await Promise.all([log.add(...five), stranger.add(...five), impostor.add(...five)]);
  const { data } = make(t, 'witness', [log.line]);
  const witness = await start(t, 'run', data);
  assert.equal((await witness.post(await log.request(0, 3))).status, 200);

  assert.equal((await witness.post(await stranger.request(0))).status, 404);
  assert.equal((await witness.post(await impostor.request(3))).status, 403);
  assert.equal((await witness.post(await log.request(6, 5))).status, 400);
  for (const oldSize of [0, 2, 4, 5]) {
    const conflict = await witness.post(await log.request(oldSize, 5));
    assert.deepEqual([conflict.status, conflict.type, conflict.text], [409, 'text/x.tlog.size', '3\n']);
  }
  const head = await log.head(5);
  const proof = [new Uint8Array(32), new Uint8Array(32)];
  assert.equal((await witness.post(formatAddCheckpoint({ oldSize: 3, proof, checkpoint: head }))).status, 422);
  assert.equal((await witness.post(formatAddCheckpoint({ oldSize: 3, proof: [], checkpoint: head }))).status, 422);
  const spoilt = parseNote(head);
  const signatures = spoilt.signatures.map((line) => ({ ...line, signature: line.signature.toReversed() }));
  const bad = formatNote({ text: spoilt.text, signatures });
  assert.equal((await witness.post(formatAddCheckpoint({ oldSize: 3, proof: [], checkpoint: bad }))).status, 403);
  assert.match(run('status', '--data', data).stdout, /log\tlog\.example\/two\tsize 3,/);
  assert.equal(run('status', '--data', data).status, 0);
});

test('a second head of one size is never cosigned, and is kept as evidence whatever the old size says', async (t) => {
  const log = new TestLog('log.example/fork');
  await log.add(...five);
  const other = await log.fork(2);
  await other.add(entry('x'), entry('y'), entry('z'));
  const { data } = make(t, 'witness', [log.line]);
  const witness = await start(t, 'run', data);
  assert.equal((await witness.post(await log.request(0, 4))).status, 200);
  const conflict = await witness.post(await other.request(4, 4));
  assert.deepEqual([conflict.status, conflict.text], [409, '4\n']);
  assert.equal((await witness.post(await other.request(2, 4))).status, 409);
  assert.equal((await witness.post(await other.request(4, 5))).status, 422);
  assert.equal((await witness.post(await log.request(4, 5))).status, 200, 'the log itself goes on');

  const folder = join(data, 'witness/evidence');
  const [file = '', ...more] = readdirSync(folder);
  assert.deepEqual(more, [], 'the same thing is kept once');
  const { kind, facts } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    kind: string;
    facts: { first: string; second: string };
  };
  assert.equal(kind, 'two_heads_of_one_size');
  assert.equal(parseNote(Buffer.from(facts.first)).text, log.text(4));
  assert.equal(parseNote(Buffer.from(facts.second)).text, other.text(4));
  assert.equal(run('status', '--data', data).status, 3);
});

test('hostile bodies and paths get an answer, cost little, and change nothing', async (t) => {
  const log = new TestLog('log.example/hostile');
  await log.add(...five);
  const { data } = make(t, 'witness', [log.line]);
  const witness = await start(t, 'run', data);
  const good = Buffer.from(await log.request(0, 3)).toString('latin1');
  const bodies = [
    '',
    'old',
    'old 0\n',
    'old 00\n\n',
    'old -1\n\n',
    `${good}\n`,
    good.replace('old 0', 'old 9007199254740993'),
    good.replace('old 0\n', `old 0\n${'A'.repeat(43)}=\n`.repeat(1) + `${'A'.repeat(43)}=\n`.repeat(70)),
    good.replace('\n\n', '\n'),
    '\u0000'.repeat(1_000),
    'old 0\n\n'.repeat(10_000),
  ];
  for (const body of bodies) {
    const { status } = await witness.post(Buffer.from(body, 'latin1'));
    assert.equal(status, 400, JSON.stringify(body.slice(0, 60)));
  }
  const large = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: Buffer.alloc(300_000) }).then(
    ({ status }) => status,
    () => 413,
  );
  assert.equal(large, 413);
  for (const path of ['/x', '/add-checkpoint', `/${'0'.repeat(64)}/checkpoint`, `/${'a'.repeat(5_000)}`, '/..%2fkey']) {
    assert.ok([404, 405].includes((await fetch(witness.url + path)).status), path);
  }
  assert.equal((await fetch(witness.url, { method: 'DELETE' })).status, 405);
  assert.equal((await witness.post(Buffer.from(good, 'latin1'))).status, 200);
});

test('a lost state, a damaged one and a second process are refused', async (t) => {
  const log = new TestLog('log.example/state');
  await log.add(...five);
  const { data } = make(t, 'witness', [log.line]);
  const witness = await start(t, 'run', data);
  await witness.post(await log.request(0, 3));
  const second = run('run', '--data', data, '--port', '0');
  assert.match(second.stderr, /\[state_in_use\]/);
  assert.equal(second.status, 1);
  assert.match(run('status', '--data', data).stdout, /\trunning\n/);
  await witness.stop();
  assert.match(run('status', '--data', data).stdout, /\tnot running\n/);

  const heads = join(data, 'witness/heads');
  const [name = ''] = readdirSync(heads);
  const bytes = readFileSync(join(heads, name));
  const broken = Buffer.from(bytes);
  const last = broken.length - 3;
  broken[last] = (broken[last] ?? 0) ^ 1;
  for (const wrong of [broken, bytes.subarray(0, 40), Buffer.alloc(0)]) {
    writeFileSync(join(heads, name), wrong);
    assert.match(run('run', '--data', data, '--port', '0').stderr, /\[state_damaged\]/);
  }
  const { rmSync } = await import('node:fs');
  rmSync(heads, { recursive: true });
  assert.match(run('run', '--data', data, '--port', '0').stderr, /\[state_missing\]/);
});
