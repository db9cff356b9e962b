import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ROUTES, type RequestOf } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { attached, changedWire, draft, mailPerson, type MailPerson } from '../../test/mail-people.ts';
import { SdkError } from '../errors.ts';
import { decideOnSenders, emptyTrash, findMessage, list, mark, read, receive, send, type MessageRow } from './index.ts';

let server: TestServer;
let alice: MailPerson;
let bob: MailPerson;

before(async () => {
  server = await startTestServer();
  const people = await Promise.all(['alice', 'bob'].map((name) => mailPerson(server, name)));
  [alice, bob] = people as [MailPerson, MailPerson];
  await decideOnSenders(bob.client, ['alice@localhost'], 'accepted');
});
after(() => server.stop());

type Delivery = RequestOf<typeof ROUTES.deliver>;

/** Bob has it; `again` brings the same sealed bytes once more, as a new arrival. */
async function arrived(subject: string): Promise<{ row: MessageRow; again: () => Promise<void> }> {
  let sent: Delivery | null = null;
  let items: readonly Uint8Array[] = [];
  const watched = await alice.again((wire) =>
    changedWire(wire, {
      call: (route, request, options) => {
        if (route.path === ROUTES.deliver.path) {
          sent = structuredClone(request) as Delivery;
          items = structuredClone(options?.items ?? []);
        }
        return wire.call(route, request, options);
      },
    }),
  );
  await send(watched, draft({ to: ['bob@localhost'], subject, attachments: [attached('a.bin', 100_000)] }));
  const [row] = (await receive(bob.client)).arrived;
  assert.ok(row !== undefined && sent !== null);
  const delivery: Delivery = sent;
  return {
    row,
    async again() {
      const { wire, session } = alice.client;
      const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, { rights: { session } });
      const recipients = delivery.recipients.map((each) => ({ ...each, key: new Uint8Array(randomBytes(16)) }));
      const rights = { pass: passes[0] ?? '' };
      const { answers } = await wire.call(ROUTES.deliver, { ...delivery, recipients }, { rights, items });
      assert.deepEqual(answers, ['ok']);
    },
  };
}

async function holdsOfBob(): Promise<{ holds: number; usedBytes: number }> {
  const { db } = server.services.store;
  const address = 'bob@localhost';
  const account = await db
    .selectFrom('account')
    .select(['id', 'used_bytes'])
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  const holds = await db.selectFrom('hold').select('id').where('account', '=', account.id).execute();
  return { holds: holds.length, usedBytes: account.used_bytes };
}

const inFolder = async (folder: 'inbox' | 'trash' | 'all'): Promise<readonly string[]> =>
  (await list(bob.client, { folder })).map(({ summary }) => summary.subject).toSorted();

test('what lies in the trash is deleted for good, and nothing else', async () => {
  const kept = await arrived('kept');
  const { row } = await arrived('gone');
  const full = await holdsOfBob();
  await assert.rejects(emptyTrash(bob.client, [row.id]), { code: 'message_not_in_trash' });
  assert.deepEqual(await emptyTrash(bob.client), { deleted: [], freedBytes: 0, left: 0 });
  assert.deepEqual(await holdsOfBob(), full);

  const [marked] = await mark(bob.client, [row.id], { folder: 'trash' });
  await mark(bob.client, [row.id], marked?.before ?? {});
  assert.equal((await findMessage(bob.client, row.id)).folder, 'inbox');
  await mark(bob.client, [row.id], { folder: 'trash' });

  const { deleted, freedBytes } = await emptyTrash(bob.client, [row.id]);
  assert.deepEqual(deleted, [row.id]);
  assert.ok(freedBytes > 100_000);
  const left = await holdsOfBob();
  assert.equal(left.holds, full.holds - 3);
  assert.ok(left.usedBytes < full.usedBytes - 100_000);
  assert.deepEqual(await inFolder('all'), ['kept']);
  await assert.rejects(read(bob.client, row.id), { code: 'message_not_found' });
  assert.equal((await read(bob.client, kept.row.id)).attachments.length, 1);

  // Whoever wrote it has it still, and what comes next follows upon what was deleted.
  assert.deepEqual((await list(alice.client, { folder: 'sent' })).map(({ summary }) => summary.subject).toSorted(), [
    'gone',
    'kept',
  ]);
  assert.equal((await arrived('next')).row.missingBefore, 0);
  const phone = await bob.device({});
  await phone.mailbox.catchUp();
  assert.deepEqual((await list(phone)).map(({ summary }) => summary.subject).toSorted(), ['kept', 'next']);
});

test('a message that is brought again after it was deleted is no news, and goes with the trash', async () => {
  const { row, again } = await arrived('again');
  await again();
  await receive(bob.client);
  const before = await holdsOfBob();
  await mark(bob.client, [row.id], { folder: 'trash' });
  // The repeat that no list shows goes with it.
  assert.equal((await emptyTrash(bob.client)).deleted.length, 2);
  assert.equal((await holdsOfBob()).holds, before.holds - 6);
  assert.equal((await inFolder('all')).includes('again'), false);

  await again();
  assert.deepEqual((await receive(bob.client)).arrived, []);
  assert.deepEqual(await inFolder('trash'), ['again']);
  assert.equal((await inFolder('inbox')).includes('again'), false);
  assert.equal((await emptyTrash(bob.client)).deleted.length, 1);
  assert.deepEqual(await holdsOfBob(), { ...(await holdsOfBob()), holds: before.holds - 6 });
});

test('deleting that is cut short goes on', async () => {
  const { row } = await arrived('cut');
  await mark(bob.client, [row.id], { folder: 'trash' });
  const before = await holdsOfBob();
  const cut = await bob.again((wire) =>
    changedWire(wire, {
      call: (route, request, options) => {
        if (route.path === ROUTES.spacesWrite.path) throw new SdkError('stopped', 'here');
        return wire.call(route, request, options);
      },
    }),
  );
  await assert.rejects(emptyTrash(cut), { code: 'stopped' });
  // Its items are gone; its row stays in the trash until the next time.
  assert.equal((await holdsOfBob()).holds, before.holds - 3);
  assert.deepEqual(await inFolder('trash'), ['cut']);
  assert.deepEqual((await emptyTrash(bob.client)).deleted, [row.id]);
  assert.deepEqual(await inFolder('trash'), []);
});
