import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseInvitation } from '@latchkey/protocol/wire';
import { startTestServer } from '../src/testing/index.ts';
import { bytes, id, register, send } from './test-owner.ts';

const command = join(import.meta.dirname, '../bin/latchkey-server');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-command-'));
after(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: '/usr/bin:/bin', HOME: folder };
  return spawnSync(command, args, { encoding: 'utf8', env, timeout: 180_000 });
}

test('start serves, says where, keeps its port, refuses a second server, and stops when told', async () => {
  const data = join(folder, 'started');
  const env = { PATH: '/usr/bin:/bin', HOME: folder };
  const child = spawn(command, ['start', '--data', data, '--log-level', 'silent'], { env });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('Data:')) break;
  }
  const [, port = ''] = /http:\/\/127\.0\.0\.1:([0-9]+)\//.exec(text) ?? [];
  const origin = `http://127.0.0.1:${port}`;
  const page = await (await fetch(origin)).text();
  assert.match(page, /Registration is open/);
  assert.ok(page.includes(`<code>latchkey register you@localhost --server http://localhost:${port}`));
  const second = run('start', '--data', data);
  assert.match(second.stderr, /\[data_in_use\]/);
  assert.equal(second.status, 1);
  const invitation = parseInvitation(run('invite', '--data', data).stdout);
  const known = (await (await fetch(`${origin}/.well-known/latchkey`)).json()) as { opaque: string; origin: string };
  assert.equal(invitation?.opaque, known.opaque);
  assert.equal(invitation?.origin, known.origin);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0);
  assert.equal(statSync(data).mode & 0o777, 0o700);
  for (const name of ['latchkey.db', 'secrets/opaque-setup', 'secrets/seal-key', 'secrets/handover-key']) {
    assert.equal(statSync(join(data, name)).mode & 0o077, 0, name);
  }
  assert.ok(!readdirSync(data).includes('latchkey.db-wal'), 'the write-ahead log is folded in at the end');
});

test('another host than this machine needs a proxy', () => {
  const { status, stderr } = run('start', '--data', join(folder, 'host'), '--host', '0.0.0.0');
  assert.equal(status, 1);
  assert.match(stderr, /\[host_refused\]/);
});

test('the origin cannot change under the accounts', async () => {
  const data = join(folder, 'origin');
  const server = await startTestServer({ data, config: { origin: 'https://old.example' } });
  await server.stop();
  const { stderr } = run('start', '--data', data, '--origin', 'https://new.example');
  assert.match(stderr, /https:\/\/old\.example.*\[config_malformed\]/);
});

test('accounts, quota, suspend, resume, close, check and handover, beside the data of a server', async () => {
  const data = join(folder, 'owned');
  const server = await startTestServer({ data });
  const [alice, bob] = [
    await register(server.origin, 'alice@localhost'),
    await register(server.origin, 'bob@localhost'),
  ];
  await send(alice, [bob.address, 'nobody@localhost'], bytes(100_000));
  await alice.wire.call('spacesCreate', { space: id(), kind: 'vault' });

  assert.match(run('accounts', '--data', data).stdout, /alice@localhost\topen\t/);
  assert.equal(run('quota', 'bob@localhost', '77', '--data', data).status, 0);
  assert.equal((await bob.wire.call('accountAbout', {})).quotaBytes, 77);
  assert.equal(run('quota', 'bob@localhost', '2GiB', '--arrivals', '9', '--data', data).status, 0);
  const [, row] = JSON.parse(run('accounts', '--data', data, '--json').stdout) as Record<string, unknown>[];
  assert.deepEqual([row?.['address'], row?.['quotaBytes'], row?.['quotaArrivals']], ['bob@localhost', 2 ** 31, 9]);
  assert.match(run('quota', 'bob@localhost', '1.5GiB', '--data', data).stderr, /\[argument_invalid\]/);
  assert.match(run('quota', 'nobody@localhost', '77', '--data', data).stderr, /\[account_unknown\]/);
  assert.equal(run('suspend', 'bob@localhost', '--data', data).status, 0);
  await assert.rejects(bob.wire.call('accountAbout', {}), { code: 'account_suspended' });
  assert.deepEqual(await send(alice, [bob.address]), ['gone']);
  assert.equal(run('resume', 'bob@localhost', '--data', data).status, 0);
  assert.equal((await bob.wire.call('accountAbout', {})).arrivals, 1);
  assert.match(run('resume', 'bob@localhost', '--data', data).stderr, /\[account_unknown\]/);
  const checked = run('check', '--data', data);
  assert.equal(checked.stdout, 'Nothing is wrong.\n');

  const out = join(folder, 'handover');
  const handed = run('handover', 'bob@localhost', '--data', data, '--out', out);
  assert.equal(handed.status, 0, handed.stderr);
  assert.match(handed.stdout, /can be seen to share something \(joins\.json\):\n {2}alice@localhost\n/);
  assert.ok(readFileSync(join(out, 'HANDOVER.note'), 'utf8').startsWith('latchkey/handover/v1\n'));
  assert.match(run('handover', 'bob@localhost', '--data', data, '--out', out).stderr, /\[output_exists\]/);
  const absent = join(folder, 'nobody');
  assert.match(run('handover', 'nobody@localhost', '--data', data, '--out', absent).stderr, /\[account_unknown\]/);
  assert.ok(!existsSync(absent));
  const keys = run('keys', '--data', data)
    .stdout.split('\n')
    .filter((line) => line.startsWith('handover\t'));
  assert.deepEqual(
    keys,
    server.services.handoverKeys.map((key) => `handover\t${key}`),
  );

  assert.equal(run('close', 'bob@localhost', '--data', data).status, 0);
  assert.deepEqual(await send(alice, [bob.address]), ['gone']);
  await server.stop();
});

test('check finds a damaged count and a missing file', async () => {
  const data = join(folder, 'damaged');
  const server = await startTestServer({ data });
  const alice = await register(server.origin, 'alice@localhost');
  await alice.wire.put('holdsPut', { hold: id() }, bytes(100_000));
  await server.stop();
  rmSync(join(data, 'blobs'), { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(data, 'latchkey.db'));
  database.exec('update account set used_bytes = used_bytes + 1');
  database.close();
  const { status, stdout } = run('check', '--data', data);
  assert.equal(status, 1);
  assert.match(stdout, /counted use of alice@localhost/);
  assert.match(stdout, /is missing/);
  const asJson = run('check', '--data', data, '--json');
  assert.equal((JSON.parse(asJson.stdout) as { problems: unknown[] }).problems.length, 2);
});

test('data of a newer program is left alone', async () => {
  const data = join(folder, 'newer');
  await (await startTestServer({ data })).stop();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(data, 'latchkey.db'));
  database.exec(`update setting set value = '99' where name = 'schema'`);
  database.close();
  assert.match(run('start', '--data', data).stderr, /\[data_newer\]/);
});

test('a reader that goes away before the end is no fault', () => {
  const env = { PATH: '/usr/bin:/bin', HOME: folder };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${command} inventory | true`], {
    encoding: 'utf8',
    env,
  });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('looking commands and mistakes', () => {
  const data = join(folder, 'absent');
  assert.match(run('inventory').stdout, /WHAT A CHANGED SERVER WOULD LEARN/);
  assert.match(run('config', '--data', data, '--port', '1').stdout, /port\t1\tflag/);
  assert.match(run('doctor', '--data', data).stdout, /node\t24\./);
  for (const name of ['inventory', 'config', 'doctor'])
    assert.ok(JSON.parse(run(name, '--data', data, '--json').stdout));
  assert.match(run('accounts', '--data', data).stderr, /\[data_missing\]/);
  assert.equal(run('--help').status, 0);
  for (const args of [
    [],
    ['nonsense'],
    ['quota', 'x'],
    ['start', '--colour'],
    ['start', '--json'],
    ['accounts', '--out', 'x'],
  ])
    assert.equal(run(...args).status, 2, args.join(' '));
});
