/** A server that went back is told, asked about, and given back what this machine has (docs/spec/17-backup.md). */
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { registered } from './person.ts';
import { onTerminal, terminalMissing } from './pseudo-terminal.ts';
import { sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('heal asks before it goes on with an older server', { skip: terminalMissing }, async (t) => {
  const box = sandbox(t);
  const [data, old] = [join(box.folder, 'data'), join(box.folder, 'old')];
  const options = ['--data', data, '--port', String(await freePort())];
  const first = await serverProcess(t, options);
  const alice = registered(box, first.origin, 'alice@localhost');
  await first.stop();
  cpSync(data, old, { recursive: true });
  const second = await serverProcess(t, options);
  alice.does(['send', '--to', alice.address, '--subject', 'Kept here'], { input: 'mine\n' });
  alice.inbox();
  await second.stop();
  rmSync(data, { recursive: true });
  cpSync(old, data, { recursive: true });
  await serverProcess(t, options);

  const refused = alice.run(['inbox']);
  assert.match(refused.err, /older state than this machine has seen.*\[space_rolled_back\]/s);
  // Nobody to be asked: nothing is done.
  const unasked = alice.run(['heal']);
  assert.match(unasked.err, /went back .* in your .*\[setback_not_accepted\]/s);
  const line = `LATCHKEY_HOME='${join(box.folder, `profile-${alice.address}`)}' latchkey heal`;
  const asked = { expect: 'Go on with the server as it is? [y/N]', send: '\n' };
  const declined = onTerminal(box, line, [asked]);
  assert.notEqual(declined.status, 0);
  assert.match(declined.screen, /setback_not_accepted/);
  assert.match(alice.run(['inbox']).err, /\[space_rolled_back\]/);

  const accepted = onTerminal(box, line, [{ ...asked, send: 'yes\n' }]);
  assert.equal(accepted.status, 0, accepted.screen);
  assert.match(accepted.screen, /\d+ records given back\./);
  assert.match(alice.does(['heal']).out, /Went back, healed on /);
  alice.does(['inbox']);
});
