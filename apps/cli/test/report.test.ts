/** One message disclosed to the operator, from the reader's screen to the operator's verdict, with the real programs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { person, registered } from './person.ts';
import { onTerminal, terminalMissing } from './pseudo-terminal.ts';
import { sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

const operator = join(import.meta.dirname, '../../server/bin/latchkey-server');
const marker = 'I know where you live, said the marker';

test('a message is disclosed after a question, and the operator can tell who signed it', async (t) => {
  const box = sandbox(t);
  const abuse = person(box, 'operator').does(['keygen', '-o', 'abuse.key']).out.trim();
  const { origin, data } = await serverProcess(t, ['--abuse-recipient', abuse]);
  const alice = registered(box, origin, 'alice@localhost');
  const bob = registered(box, origin, 'bob@localhost');
  writeFileSync(join(box.folder, 'photo'), 'of a house');
  alice.does(['send', '--to', bob.address, '--subject', 'Soon', '--attach', 'photo'], { input: `${marker}\n` });
  const id = String(bob.inbox()[0]?.['id']);

  const unasked = bob.run(['report', id]);
  assert.deepEqual([unasked.status, /Say --yes/.test(unasked.err)], [2, true]);
  const ask = (...args: readonly string[]): { status: number; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(operator, [...args, '--data', data], { encoding: 'utf8' });
    return { status: status ?? -1, out: stdout, err: stderr };
  };
  if (terminalMissing === false) {
    const home = join(box.folder, `profile-${bob.address}`);
    const line = `LATCHKEY_HOME='${home}' latchkey report ${id} --reason threat`;
    const { screen } = onTerminal(box, line, [{ expect: '[y/N]', send: 'n\n' }]);
    for (const shown of [
      'alice@localhost, proved',
      'bob@localhost',
      'Soon',
      '1 attachments are counted',
      'of your other mail nothing',
    ]) {
      assert.ok(screen.includes(shown), shown);
    }
  }
  assert.equal(ask('reports').out, '');

  bob.does(['report', id, '--reason', 'threat', '--words', 'She means it', '--yes']);
  const out = join(box.folder, 'reports');
  assert.match(ask('reports', '--out', out).out, /^[0-9a-f]{32}\t\d{4}-\d\d-\d\d\t\d+ bytes\n$/);
  const [name = ''] = readdirSync(out);
  // Blind until the operator opens it, on a machine that has the key.
  for (const file of readdirSync(data)) {
    const path = join(data, file);
    if (!readFileSafely(path).includes(marker)) continue;
    assert.fail(`${file} holds the message`);
  }
  person(box, 'operator').does(['open', '-i', 'abuse.key', '-o', 'opened', join(out, name)]);
  const opened = join(box.folder, 'opened');
  const verdict = ask('check-report', opened, '--json', '--out', join(box.folder, 'message.eml'));
  assert.equal(verdict.status, 0, verdict.err);
  const { date, ...facts } = JSON.parse(verdict.out) as Record<string, unknown>;
  assert.match(String(date), /^\d{4}-/);
  assert.deepEqual(facts, {
    verdict: 'proved',
    replaced: false,
    from: alice.address,
    to: [bob.address],
    attachments: 1,
    reason: 'threat',
    words: 'She means it',
  });
  assert.ok(readFileSync(join(box.folder, 'message.eml'), 'utf8').includes(marker));
  assert.ok(!readFileSync(opened, 'latin1').includes('of a house'));

  writeFileSync(opened, readFileSync(opened, 'latin1').replace('where you', 'that  you'), 'latin1');
  const forged = ask('check-report', opened, '--out', join(box.folder, 'forged.eml'));
  assert.deepEqual([forged.status, existsSync(join(box.folder, 'forged.eml'))], [1, false]);
  assert.match(forged.out, /signed another message than this one/);

  // One's own mail is nothing to report, and neither is what is not there.
  const sent = JSON.parse(alice.does(['inbox', '--folder', 'sent', '--json']).out) as { id: string }[];
  const own = alice.run(['report', sent[0]?.id ?? '', '--yes']);
  assert.match(own.err, /\[sender_unverified\]/);
  const [kept = ''] = ask('reports').out.split('\t');
  assert.equal(ask('remove-report', kept).status, 0);
  assert.equal(ask('reports').out, '');
});

function readFileSafely(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
