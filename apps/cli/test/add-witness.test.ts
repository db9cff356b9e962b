/** An outside witness, from nothing: every step of docs/guide/witness.md and apps/witness/README.md, as people type it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { person, password, registered } from './person.ts';
import { sandbox } from './sandbox.ts';

const serverBin = join(import.meta.dirname, '../../server/bin/latchkey-server');
const witnessBin = join(import.meta.dirname, '../../witness/bin/latchkey-witness');

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/** A program that says where it is reached. */
async function started(t: TestContext, child: ChildProcess, says: RegExp): Promise<Started> {
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  t.after(stop);
  let told = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (piece: Buffer) => {
      told += piece.toString();
      const found = says.exec(told)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended: ${told}`)));
  });
  return { url, stop };
}

function ran(bin: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(bin, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('a witness of somebody else is added: by its operator, by the server’s, and by each owner', async (t) => {
  const box = sandbox(t);
  const [data, toml, held] = [join(box.folder, 'data'), join(box.folder, 'server.toml'), join(box.folder, 'witness')];
  const server = (port: string): Promise<Started> => {
    const options = ['start', '--data', data, '--port', port, '--log-level', 'silent', '--config', toml];
    return started(
      t,
      spawn(serverBin, options, { stdio: ['ignore', 'pipe', 'inherit'] }),
      /reach it as (http:\/\/\S+:\d+)/,
    );
  };
  writeFileSync(toml, '');
  let running = await server('0');
  const origin = running.url;
  const alice = registered(box, origin, 'alice@localhost');
  const bob = registered(box, origin, 'bob@localhost');
  assert.equal(alice.json(['keys', 'show', bob.address])['trust'], 'first_use');

  // The witness's side: a key, the log lines, and it runs.
  const made = ran(witnessBin, 'keygen', 'witness.example/w1', '--data', held, '--json');
  const { keys } = JSON.parse(made) as { keys: readonly string[] };
  const lines = ran(serverBin, 'keys', '--data', data)
    .split('\n')
    .filter((line) => line.startsWith('log\t'))
    .map((line) => line.replace('\t', ' '));
  assert.equal(lines.length, 4);
  writeFileSync(join(held, 'logs'), `${lines.join('\n')}\n`);
  const witness = await started(
    t,
    spawn(witnessBin, ['run', '--data', held, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] }),
    /(http:\/\/127\.0\.0\.1:\d+)\//,
  );

  // The server's side: its settings, and a restart.
  await running.stop();
  const quoted = keys.map((key) => JSON.stringify(key)).join(', ');
  writeFileSync(toml, `[[key_log.witness]]\nurl = "${witness.url}"\nkey = [${quoted}]\n`);
  running = await server(new URL(origin).port);
  assert.equal(running.url, origin);

  // An owner's side. Nobody is asked on a pipe; keys that are not the witness's are not taken.
  const before = alice.json(['keys', 'policy'])['policy'] as { hash: string };
  assert.equal(alice.run(['keys', 'add-witness', ...keys]).status, 2);
  const other = JSON.parse(
    ran(witnessBin, 'keygen', 'other.example/w1', '--data', join(box.folder, 'o'), '--json'),
  ) as {
    keys: string[];
  };
  const refused = alice.run(['keys', 'add-witness', ...other.keys, '--yes']);
  assert.match(refused.err, /policy_refused/);
  const half = alice.run(['keys', 'add-witness', keys[0] ?? '', '--yes']);
  assert.match(half.err, /policy_refused/, 'all keys that the server asks have to come from the witness');
  assert.deepEqual(alice.json(['keys', 'policy'])['policy'], before, 'nothing was taken');
  const taken = alice.json(['keys', 'add-witness', ...keys, '--yes']);
  assert.equal(taken['isAtLeastAsStrict'], true);
  // What was served before the restart is signed again: nobody has to change a key for it.
  const shown = alice.json(['keys', 'show', bob.address]);
  assert.deepEqual([shown['trust'], shown['witnesses']], ['witnessed', ['witness.example/w1']]);

  // Who has not added it goes on as before, but signs in nowhere else with the old papers until then.
  const input = 'Who signs?\n';
  assert.equal(bob.run(['send', '--to', alice.address, '--subject', 'Hello'], { input }).status, 0);
  assert.equal(alice.inbox().length, 1);
  const phone = person(box, bob.address, 'phone');
  box.write('password', `${password}\n`);
  const login = ['login', bob.address, '--server', origin, '--card', 'bob-card.html', '--password-file', 'password'];
  assert.match(phone.run(login).err, /server_differs/);
  bob.does(['keys', 'add-witness', ...keys, '--yes']);
  phone.does(login);
  const seen = phone.json(['keys', 'show', alice.address]);
  assert.deepEqual([seen['trust'], seen['witnesses']], ['witnessed', ['witness.example/w1']]);
});
