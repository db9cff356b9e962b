/** The drill: back up, work on, lose the disk, restore. Nothing that any device still has is lost (docs/spec/17-backup.md). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logIn, openClient, type Client } from '../../packages/sdk/src/client/index.ts';
import {
  heal,
  list,
  mark,
  pastSetbacks,
  read,
  receive,
  send,
  setbacks,
  type Draft,
  type MessageRow,
} from '../../packages/sdk/src/mail/index.ts';
import { device, newPerson, password } from '../attacks/people.ts';
import { newOperator } from './operator.ts';

const letter = (to: string, subject: string): Draft => ({
  to: [to],
  cc: [],
  bcc: [],
  subject,
  text: `The text of ${subject}`,
  attachments: [],
});

const rows = (client: Client): Promise<readonly MessageRow[]> => list(client, { folder: 'all' });

async function bySubject(client: Client, subject: string): Promise<MessageRow> {
  const row = (await rows(client)).find((each) => each.summary.subject === subject);
  assert.ok(row !== undefined, `there is no "${subject}"`);
  return row;
}

test('two devices lose nothing that they have, and say what happened', async (t) => {
  const operator = await newOperator(t);
  let server = await operator.start();
  await operator.startCosigners();
  const alice = await newPerson(server, 'alice');
  const bob = await newPerson(server, 'bob');
  const desk = alice.client;
  const phoneHost = device();
  const withCard = { password, card: alice.card.text };
  const phone = await logIn(phoneHost, {
    address: alice.address,
    origin: server.origin,
    deviceName: 'Phone',
    with: withCard,
  });
  await send(bob.client, letter(alice.address, 'Before'), {});
  await receive(phone);
  await send(bob.client, letter(alice.address, 'Between'), {});

  operator.backup('backup');

  // Everything from here on is lost with the disk.
  await receive(desk);
  await mark(desk, [(await bySubject(desk, 'Between')).id], { read: true, folder: 'archive' });
  await send(desk, letter(bob.address, 'Answer'), {});
  await receive(phone);
  await mark(phone, [(await bySubject(phone, 'Before')).id], { starred: true });
  await send(bob.client, letter(alice.address, 'After'), {});
  await receive(phone);
  await receive(bob.client);
  const onPhone = (await rows(phone)).map(({ summary }) => summary.subject).toSorted();
  assert.deepEqual(onPhone, ['After', 'Answer', 'Before', 'Between']);
  await server.stop();

  operator.loseDisk();
  operator.restore('backup');
  server = await operator.start();
  while (!server.services.keyLog.isOpen) await new Promise((resolve) => setTimeout(resolve, 200));

  // Nobody goes on as if nothing had happened.
  for (const client of [desk, phone, bob.client]) {
    await assert.rejects(receive(client), { code: 'space_rolled_back' });
    await assert.rejects(send(client, letter('carol@localhost', 'x'), {}), { code: 'space_rolled_back' });
  }
  const found = await setbacks(desk);
  assert.deepEqual(
    found.map(({ space }) => space),
    ['vault', 'mailbox'],
  );
  for (const { seen, shown, shownHour } of found) {
    assert.ok(seen > shown, `${seen} seen, ${shown} shown`);
    assert.ok(shownHour !== null && Math.abs(shownHour - Date.now() / 3_600_000) < 2);
  }

  // The desk first, which has seen less than the phone; then the phone, killed once on its way.
  await heal(desk);
  assert.deepEqual(await setbacks(desk), []);
  const again = await openClient(phoneHost);
  await again.vault.beginAgain();
  const { offered } = await heal(await openClient(phoneHost));
  assert.ok(offered > 0, 'the phone knew more than the desk');
  await heal(bob.client);

  await receive(desk);
  const healed = await openClient(phoneHost);
  await receive(healed);
  for (const client of [desk, healed]) {
    const subjects = (await rows(client)).map(({ summary }) => summary.subject).toSorted();
    assert.deepEqual(subjects, onPhone);
    const between = await bySubject(client, 'Between');
    assert.deepEqual([between.unread, between.folder], [false, 'archive'], 'what the desk marked');
    assert.equal((await bySubject(client, 'Before')).starred, true, 'what the phone marked');
    // What had arrived before the backup is whole; what came after was on the disk alone, and is said to be missing.
    assert.match((await read(client, between.id)).text, /The text of Between/);
    await assert.rejects(read(client, (await bySubject(client, 'After')).id), { code: 'item_withheld' });
    const past = await pastSetbacks(client);
    assert.ok(past.some(({ space }) => space === 'vault') && past.some(({ space }) => space === 'mailbox'));
  }

  // And on it goes, both ways, proved.
  await send(healed, letter(bob.address, 'Onwards'), {});
  await receive(bob.client);
  assert.equal((await bySubject(bob.client, 'Onwards')).verified, true);
  await send(bob.client, letter(alice.address, 'Onwards too'), {});
  await receive(desk);
  assert.match((await read(desk, (await bySubject(desk, 'Onwards too')).id)).text, /Onwards too/);
});
