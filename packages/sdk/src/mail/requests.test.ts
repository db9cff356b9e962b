/** Whose mail comes into the inbox (docs/spec/09-mail.md, "Requests"). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { draft, mailPerson, type MailPerson } from '../../test/mail-people.ts';
import { decideOnSenders, list, mark, receive, send, type ListedFolder } from './index.ts';
import { knownSenders } from './known-senders.ts';
import { readMailbox } from './read-mailbox.ts';
import type { MessageRecord } from './records/message-record.ts';

let server: TestServer;
let alice: MailPerson;
let bob: MailPerson;
let carol: MailPerson;

before(async () => {
  server = await startTestServer();
  const people = await Promise.all(['alice', 'bob', 'carol'].map((name) => mailPerson(server, name)));
  [alice, bob, carol] = people as [MailPerson, MailPerson, MailPerson];
});
after(() => server.stop());

async function subjects({ client }: Pick<MailPerson, 'client'>, folder?: ListedFolder): Promise<readonly string[]> {
  const rows = await list(client, folder === undefined ? {} : { folder });
  return rows.map(({ summary }) => summary.subject).toSorted();
}

const write = (from: MailPerson, subject: string): Promise<unknown> =>
  send(from.client, draft({ to: ['bob@localhost'], subject }));

test('a stranger waits, whoever is accepted comes in with all that came before, and each is undone', async () => {
  await write(alice, 'first');
  await receive(bob.client);
  assert.deepEqual(await subjects(bob), []);
  assert.deepEqual(await subjects(bob, 'requests'), ['first']);

  const accepted = await decideOnSenders(bob.client, ['Alice+news@LOCALHOST'], 'accepted');
  assert.deepEqual(accepted, [{ address: 'alice@localhost', before: 'undecided' }]);
  await write(alice, 'second');
  await receive(bob.client);
  assert.deepEqual(await subjects(bob), ['first', 'second']);

  const declined = await decideOnSenders(bob.client, ['alice@localhost'], 'declined');
  assert.deepEqual(declined, [{ address: 'alice@localhost', before: 'accepted' }]);
  await write(alice, 'third');
  await receive(bob.client);
  assert.deepEqual([await subjects(bob), await subjects(bob, 'requests')], [[], []]);
  assert.deepEqual(await subjects(bob, 'declined'), ['first', 'second', 'third']);

  const phone = await bob.device();
  await receive(phone);
  assert.deepEqual(await subjects({ client: phone }, 'declined'), ['first', 'second', 'third']);

  await decideOnSenders(bob.client, ['alice@localhost'], 'undecided');
  assert.deepEqual(await subjects(bob, 'requests'), ['first', 'second', 'third']);
});

test('whoever the owner writes to is known by that, and what was moved stays where it was put', async () => {
  await write(carol, 'offer');
  await receive(bob.client);
  const [row] = (await list(bob.client, { folder: 'requests' })).filter(({ summary }) => summary.subject === 'offer');
  assert.ok(row !== undefined);
  assert.equal(row.sender, 'unknown');
  await mark(bob.client, [row.id], { folder: 'archive' });
  await send(bob.client, draft({ to: [], bcc: ['carol@localhost'], subject: 'to carol' }));
  await write(carol, 'thanks');
  await receive(bob.client);
  assert.deepEqual(await subjects(bob), ['thanks']);
  assert.deepEqual(await subjects(bob, 'archive'), ['offer']);
  assert.deepEqual(await subjects(bob, 'sent'), ['to carol']);
});

test('a name that nobody proved opens no inbox, and closes none', async () => {
  const content = await readMailbox(bob.client);
  const theirs = content.found.flatMap(({ content: each }) => (each.kind === 'message' ? [each.message] : []));
  const known = theirs.find(({ way, summary }) => way === 'received' && summary.from === 'carol@localhost');
  assert.ok(known !== undefined);
  const decided = new Map([['alice@localhost' as MessageRecord['summary']['from'], 'declined' as const]]);
  const standingOf = knownSenders({ ...content, decisions: decided }, bob.client.address);
  assert.equal(standingOf(known), 'known');
  const signed = (signature: MessageRecord['verdict']['signature'], from: string): MessageRecord => ({
    ...known,
    summary: { ...known.summary, from: from as MessageRecord['summary']['from'] },
    verdict: { ...known.verdict, signature },
  });
  assert.equal(standingOf(signed('valid', 'alice@localhost')), 'declined');
  for (const signature of ['invalid', 'unknown_sender', 'sender_changed'] as const) {
    for (const from of ['carol@localhost', 'alice@localhost', 'bob@localhost']) {
      assert.equal(standingOf(signed(signature, from)), 'unknown', `${signature} ${from}`);
    }
  }
  assert.equal(standingOf(signed('valid', 'bob@localhost')), 'known');
  for (const addressed of ['passed_on', 'wrong_key'] as const) {
    assert.equal(standingOf({ ...known, verdict: { ...known.verdict, addressed } }), 'unknown', addressed);
  }
});
