import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as age from 'age-encryption';
import { person, password, registered, type Person } from './person.ts';
import { onTerminal, terminalMissing } from './pseudo-terminal.ts';
import { bin, sandbox, type Sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

const sending = (to: string, subject: string, ...more: readonly string[]): readonly string[] => [
  'send',
  '--to',
  to,
  '--subject',
  subject,
  ...more,
];

interface People {
  readonly box: Sandbox;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
}

interface Owner {
  readonly box: Sandbox;
  readonly origin: string;
  readonly alice: Person;
}

test('two people with a profile each', async (t) => {
  const box = sandbox(t);
  const { origin } = await serverProcess(t);
  const join = (name: string): Person => registered(box, origin, `${name}@localhost`);
  const people: People = { box, alice: join('alice'), bob: join('bob'), carol: join('carol') };
  await t.test('write to each other', () => writeToEachOther(people));
  await t.test('send files, copies and hidden copies', () => sendFiles(people));
  await t.test('take their mail out: other programs open what is exported', () => takeOut(people));
  await t.test('wait for mail until it comes or the time is over; watch runs a command for it', (each) =>
    waitForMail(each, people),
  );
});

test('an account', async (t) => {
  const box = sandbox(t);
  const { origin } = await serverProcess(t);
  const owner: Owner = { box, origin, alice: registered(box, origin, 'alice@localhost') };
  await t.test(
    'shows a new machine the newest state, and joins only who knows of nothing newer',
    { skip: terminalMissing },
    () => joinOnTerminal(owner),
  );
  await t.test('says who it is, shows its card again, is closed and kept', () => whoIsIt(owner));
  await t.test('is refused in words that help', (each) => refused(each, owner));
  await t.test('is locked, unlocked, opened on a second machine and with the kit', () => lockedAndOpened(owner));
});

function writeToEachOther({ alice, bob }: People): void {
  const first = alice.run(sending(bob.address, 'Noon?'), { input: 'Shall we meet at noon?\n' });
  assert.equal(first.status, 0, first.err);
  assert.match(first.out, /^Sent to bob@localhost\.\n$/);
  assert.match(first.err, /first message to bob@localhost.*\[key_first_use\]/);

  const [arrived, ...others] = bob.inbox();
  assert.deepEqual(others, []);
  const { id, from, subject, words, verified, unread, folder, attachments } = arrived ?? {};
  assert.deepEqual(
    { from, subject, words, verified, unread, folder, attachments },
    {
      from: alice.address,
      subject: 'Noon?',
      words: 'Shall we meet at noon?',
      verified: true,
      unread: true,
      folder: 'inbox',
      attachments: 0,
    },
  );
  const shown = bob.does(['read', String(id).slice(0, 8)]);
  assert.match(shown.out, /^From {5}alice@localhost \(signed\)$/m);
  assert.match(shown.out, /^Shall we meet at noon\?$/m);
  assert.match(shown.out, /^Keys {5}seen for the first time: .*; known since \d{4}-\d{2}-\d{2}$/m);
  assert.deepEqual(bob.inbox('--unread'), []);

  // A person compares the words; from then on the vault says so, wherever the address is shown.
  const compared = JSON.parse(bob.does(['keys', 'verify', alice.address, '--json']).out) as { words: string[] };
  const noted = bob.does(['keys', 'verify', alice.address, '--words', compared.words.join(' ')]);
  assert.match(noted.out, /Your vault notes that you have compared them/);
  assert.match(bob.does(['keys', 'show', alice.address]).out, /^Compared {2}by you on \d{4}-/m);
  const { keyLog } = JSON.parse(bob.does(['doctor', '--json']).out) as {
    keyLog: { evidence: unknown[]; log: { age: string; problem: unknown; head: { keysSize: number } } };
  };
  assert.deepEqual([keyLog.log.age, keyLog.log.problem, keyLog.log.head.keysSize], ['fresh', null, 3]);
  assert.deepEqual(keyLog.evidence, []);
  assert.match(bob.does(['doctor']).out, /No outside witness\. This server's operator could show you a false key/);

  bob.does(['send', '--reply-to', String(id), '--subject', 'Re: Noon?'], { input: 'Yes.\n' });
  const [answer] = alice.inbox();
  assert.deepEqual([answer?.['from'], answer?.['subject'], answer?.['verified']], [bob.address, 'Re: Noon?', true]);
  assert.deepEqual(
    alice.inbox('--folder', 'sent').map((row) => row['subject']),
    ['Noon?'],
  );
}

function sendFiles({ box, alice, bob, carol }: People): void {
  const large = randomBytes(20 * 1024 * 1024 + 3);
  box.write('large.bin', large);
  box.write('note ü.txt', 'a note');
  alice.does(
    [...sending(bob.address, 'Files'), '--bcc', carol.address, '--attach', 'large.bin', '--attach', 'note ü.txt'],
    { input: 'Two files.' },
  );
  for (const reader of [bob, carol]) {
    const [row] = reader.inbox();
    assert.deepEqual([row?.['attachments'], row?.['verified']], [2, true]);
    assert.deepEqual(row?.['to'], [bob.address]);
    const folder = `saved-${reader.address}`;
    reader.does(['save', String(row?.['id']), '--dir', folder]);
    assert.deepEqual(readdirSync(join(box.folder, folder)).toSorted(), ['large.bin', 'note ü.txt']);
    assert.ok(box.read(join(folder, 'large.bin')).equals(large));
    assert.equal(box.text(join(folder, 'note ü.txt')), 'a note');
  }
  const [row] = bob.inbox();
  bob.does(['send', '--forward', String(row?.['id']), '--to', carol.address, '--subject', 'Fwd: Files'], {
    input: 'See.',
  });
  const forwarded = carol.inbox().find((entry) => entry['subject'] === 'Fwd: Files');
  assert.deepEqual(
    [forwarded?.['from'], forwarded?.['attachments'], forwarded?.['verified']],
    // The message itself goes along too.
    [bob.address, 3, true],
  );
  mkdirSync(join(box.folder, 'again'));
  carol.does(['save', String(forwarded?.['id']), '--dir', 'again']);
  assert.ok(box.read(join('again', 'large.bin')).equals(large));
}

async function takeOut({ box, alice, bob }: People): Promise<void> {
  box.write('plan.txt', 'the plan');
  alice.does([...sending(bob.address, 'Grüße'), '--attach', 'plan.txt'], { input: 'Ein Gruß.\n' });
  const id = String(bob.inbox()[0]?.['id']);
  bob.does(['export', id, '--age', 'letter.age']);
  bob.does(['export', id, '--eml', 'letter.eml']);
  const identities = bob.does(['key', '--age-identity']).out;
  const decrypter = new age.Decrypter();
  for (const line of identities.split('\n')) if (line.startsWith('AGE-')) decrypter.addIdentity(line);
  const message = Buffer.from(await decrypter.decrypt(box.read('letter.age'))).toString();
  assert.match(message, /^Content-Type: multipart\/mixed/im);
  assert.match(message, /latchkey\/message\/v1/);
  assert.match(message, /message\/rfc822/);
  const eml = box.text('letter.eml');
  assert.match(eml, /^From: .*alice@localhost/m);
  assert.match(eml, /plan\.txt/);
  assert.ok(eml.includes(Buffer.from('the plan').toString('base64')));
  assert.equal(statSync(join(box.folder, 'letter.eml')).mode & 0o077, 0, 'readable by its owner alone');
}

async function waitForMail(t: TestContext, { box, alice, bob }: People): Promise<void> {
  assert.equal(bob.run(['wait', '--timeout', '0.5']).status, 14);

  const env = { ...box.env, LATCHKEY_HOME: join(box.folder, 'profile-bob@localhost') };
  const started = (args: readonly string[]) => {
    const child = spawn(join(bin, 'latchkey'), args, { cwd: box.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    let out = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    return { child, ended: once(child, 'exit'), told: () => out };
  };
  const waiting = started(['wait', '--timeout', '30']);
  alice.does(sending(bob.address, 'Here'), { input: 'x' });
  const [status] = (await waiting.ended) as [number];
  assert.equal(status, 0);
  assert.match(waiting.told(), /^[0-9a-f]{32}\n$/);

  const watching = started(['watch', '--exec', 'echo "$LATCHKEY_SUBJECT" >> subjects']);
  await once(watching.child.stderr, 'data');
  alice.does(sending(bob.address, '$(touch planted); `touch planted`'), { input: 'x' });
  const deadline = Date.now() + 20_000;
  while (!box.files().includes('subjects') && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
  assert.equal(box.text('subjects'), '$(touch planted); `touch planted`\n');
  assert.ok(!box.files().includes('planted'));
  watching.child.kill('SIGINT');
  assert.deepEqual(await watching.ended, [130, null]);
}

function joinOnTerminal({ box }: Owner): void {
  const login = `LATCHKEY_HOME=${join(box.folder, 'on-a-terminal')} latchkey login alice@localhost --card alice-card.html --password-file password`;
  const newest =
    /The newest that the server shows of this account: \d+ changes, noted by .+, \d{4}-\d\d-\d\d \d\d h UTC\./;
  const no = onTerminal(box, login, [{ expect: '[y/N] ', send: '\r' }]);
  assert.equal(no.status, 130, no.screen);
  assert.match(no.screen, newest);
  const stopped = onTerminal(box, login, [{ expect: '[y/N] ', send: '\u0003' }]);
  assert.match(stopped.screen, /Stopped\. .*\[interrupted\]/);
  const yes = onTerminal(box, login, [{ expect: '[y/N] ', send: 'y\r' }]);
  assert.equal(yes.status, 0, yes.screen);
  assert.match(yes.screen, /Signed in as alice@localhost\./);
}

function whoIsIt({ box, origin, alice }: Owner): void {
  const me = alice.json(['whoami']);
  assert.deepEqual([me['address'], me['server'], me['removedOn']], [alice.address, origin, null]);
  assert.match(String(me['identity']), /^[0-9a-f]{64}$/);
  alice.does(['card', '--card-out', 'again.html']);
  const line = (page: string): string | undefined =>
    /name="latchkey-sheet" content="([^"]+)"/.exec(box.text(page))?.[1];
  assert.ok(line('again.html') !== undefined);
  assert.equal(line('again.html'), line('alice-card.html'));
  const removedOn = alice.json(['account', 'close'])['removedOn'];
  assert.match(String(removedOn), /^\d{4}-\d\d-\d\d$/);
  assert.equal(alice.json(['whoami'])['removedOn'], removedOn);
  alice.does(['account', 'keep']);
  assert.equal(alice.json(['whoami'])['removedOn'], null);
}

async function refused(t: TestContext, { box, origin, alice }: Owner): Promise<void> {
  const nobody = person(box, 'nobody@localhost');
  box.write('password', password);
  const code = (ran: { status: number | null; err: string }): unknown[] => [
    ran.status,
    /\[(\w+)\]\n$/.exec(ran.err)?.[1],
  ];
  const register = (address: string, server = origin): unknown[] =>
    code(
      nobody.run([
        'register',
        address,
        '--server',
        server,
        '--password-file',
        'password',
        '--kit-out',
        'k',
        '--card-out',
        'c',
      ]),
    );
  assert.deepEqual(code(nobody.run(['inbox'])), [10, 'profile_missing']);
  // The card says where it belongs, and the other server's login key is not the one it pins.
  const other = await serverProcess(t);
  const elsewhere = ['--server', other.origin, '--card', 'alice-card.html', '--password-file', 'password'];
  assert.deepEqual(code(nobody.run(['login', alice.address, ...elsewhere])), [13, 'server_differs']);
  assert.deepEqual(register('alice@localhost'), [9, 'server_refused']);
  assert.deepEqual(register('postmaster@localhost'), [9, 'server_refused']);
  assert.deepEqual(register('not an address'), [2, 'address_malformed']);
  assert.deepEqual(register('bob@localhost', 'http://mail.example.org'), [2, 'server_insecure']);
  assert.deepEqual(register('bob@localhost', 'http://localhost:1'), [9, 'server_unreachable']);
  assert.deepEqual(code(alice.run(sending('nobody@localhost', 'x'), { input: 'x' })), [11, 'recipients_refused']);
  assert.deepEqual(code(alice.run(sending(alice.address, 'a\nb'), { input: 'x' })), [2, 'field_unfit']);
  assert.deepEqual(code(alice.run(['read', 'ffff'])), [12, 'message_not_found']);
  assert.deepEqual(code(alice.run(['register', 'bob@localhost', '--server', origin, '--password-file', 'password'])), [
    10,
    'profile_exists',
  ]);
}

function lockedAndOpened({ box, origin, alice }: Owner): void {
  alice.does(sending(alice.address, 'To myself'), { input: 'Remember.' });
  assert.equal(alice.inbox().length, 1);

  alice.does(['lock']);
  const locked = alice.run(['inbox']);
  assert.deepEqual([locked.status, /\[(\w+)\]/.exec(locked.err)?.[1]], [10, 'profile_locked']);
  box.write('wrong', 'another password');
  const wrong = alice.run(['unlock', '--password-file', 'wrong']);
  assert.deepEqual([wrong.status, /\[(\w+)\]/.exec(wrong.err)?.[1]], [4, 'login_wrong']);
  alice.does(['unlock', '--password-file', 'password']);
  assert.equal(alice.inbox().length, 1);

  const second = person(box, alice.address, 'second');
  second.does([
    'login',
    alice.address,
    '--server',
    origin,
    '--card',
    'alice-card.html',
    '--password-file',
    'password',
    '--device',
    'laptop',
  ]);
  assert.deepEqual(
    second.inbox().map((row) => row['subject']),
    ['To myself'],
  );
  const third = person(box, alice.address, 'third');
  third.does(['login', alice.address, '--server', origin, '--kit', 'alice-kit.html', '--device', 'spare']);
  assert.deepEqual(
    third.inbox().map((row) => row['subject']),
    ['To myself'],
  );

  const names = (alice.json(['sessions'])['sessions'] as { name: string; foreign: boolean }[]).map(({ name }) => name);
  assert.ok(names.includes('laptop') && names.includes('spare'));
  alice.does(['sessions', 'remove', 'laptop']);
  assert.equal(second.run(['inbox']).status, 10);

  box.write('new', 'a new password of several words');
  alice.does(['password', '--password-file', 'new']);
  const fourth = person(box, alice.address, 'fourth');
  const login = (file: string): number | null =>
    fourth.run(['login', alice.address, '--server', origin, '--card', 'alice-card.html', '--password-file', file])
      .status;
  assert.deepEqual([login('password'), login('new')], [4, 0]);
  assert.equal(fourth.inbox().length, 1);

  fourth.does(['logout']);
  assert.equal(fourth.run(['whoami']).status, 10);
  assert.deepEqual(readdirSync(join(box.folder, 'profile-fourth')), ['lock']);
}
