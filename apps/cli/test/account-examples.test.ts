import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { accountCommands } from '../src/command-table/account-commands.ts';
import { mailCommands } from '../src/command-table/mail-commands.ts';
import { registered } from './person.ts';
import { sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

/** In an order that makes sense for one account; what a line needs first, and what it must print. */
const walk: readonly (readonly [command: string, prints: RegExp, first?: string])[] = [
  ['register', /^alice@localhost is yours\.$/m],
  ['whoami', /"address":"alice@localhost"/],
  [
    'sessions',
    /\(this one\), until/,
    'LATCHKEY_HOME=$LAPTOP latchkey login alice@localhost --card card.html --password-file alice.password --device laptop',
  ],
  ['card', /card\.html/, 'rm card.html'],
  ['key', /^$/],
  ['send', /^Sent to bob@localhost\.$/m, 'echo letter > letter.txt; echo picture > photos.tar'],
  [
    'keys',
    /^Trust {5}(?:proved|witnessed|seen|the same)[^]*^bob@localhost has these keys, by their own card:$/m,
    'LATCHKEY_HOME=$BOB latchkey keys card --output bob.contact',
  ],
  ['outbox', /^Nothing waits to be sent\.$/m],
  ['inbox', /bob@localhost {2}For you \[1 attached\]/],
  ['decline', /^bob@localhost: is put aside, /m],
  ['accept', /^bob@localhost: comes to the inbox\. Nobody was told$/m],
  ['report', /^Disclosed to the operator: one message of bob@localhost\./m],
  ['read', /^The text\.$/m],
  ['save', /^downloads\/note\.txt$/m],
  ['mark', /^Undo: latchkey mark [0-9a-f]{8} --inbox$/m],
  ['export', /^$/],
  ['empty-trash', /^Deleted for good: 1 message, /m],
  [
    'wait',
    /bob@localhost {2}Later/,
    '(sleep 0.5; echo x | LATCHKEY_HOME=$BOB latchkey send --to alice@localhost --subject Later >sent 2>&1) &',
  ],
  ['heal', /^The server has everything that this machine has seen\.$/m],
  ['lock', /^Locked\./m],
  ['unlock', /^alice@localhost is unlocked\.$/m],
  ['password', /^The password is changed\./m, "echo 'yet another password of words' > new.password"],
  ['account', /^alice@localhost stays\.$/m],
  ['logout', /^Signed out\./m],
  ['login', /^Signed in as alice@localhost\.$/m, 'cp new.password alice.password'],
];

it('every example of accounts and mail does what it says', async (t) => {
  const box = sandbox(t);
  const abuse = /age1pq1\S+/.exec(box.sh('latchkey keygen -o abuse.key').out)?.[0] ?? '';
  const { origin } = await serverProcess(t, ['--abuse-recipient', abuse]);
  const bob = registered(box, origin, 'bob@localhost');
  box.write('alice.password', 'a password of several words\n');
  const profile = (name: string): string => join(box.folder, name);
  const env = `export LATCHKEY_HOME=${profile('alice')} LAPTOP=${profile('laptop')} BOB=${profile('profile-bob@localhost')}`;
  let id = '';
  for (const [name, prints, first = ''] of walk) {
    const command = [...accountCommands, ...mailCommands].find((candidate) => candidate.name === name);
    assert.ok(command !== undefined, name);
    let out = '';
    for (const { line } of command.examples) {
      const real = line.replaceAll('http://localhost:7700', origin).replaceAll('3f9a', id);
      const ran = box.sh(`${env}; ${first === '' || line !== command.examples[0]?.line ? ':' : first}\n${real}`);
      assert.equal(ran.status, 0, `${line}: ${ran.err}`);
      out += ran.out;
    }
    assert.match(out, prints, name);
    if (name === 'outbox') {
      box.write('note.txt', 'a note');
      bob.does(['send', '--to', 'alice@localhost', '--subject', 'For you', '--attach', 'note.txt'], {
        input: 'The text.\n',
      });
    }
    if (name === 'inbox')
      id = (JSON.parse(box.sh(`${env}; latchkey inbox --json`).out) as { id: string }[])[0]?.id ?? '';
  }
  const walked = new Set(walk.map(([name]) => name));
  // Goes on until it is stopped: exchange.test.ts has it.
  const left = [...accountCommands, ...mailCommands].map(({ name }) => name).filter((name) => !walked.has(name));
  assert.deepEqual(left, ['watch']);
});
