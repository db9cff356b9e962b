import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeShortHeader, ROUTES, type RequestOf } from '@latchkey/protocol/wire';
import { randomHeader, startTestServer, type TestServer } from 'latchkey-server/testing';
import { Decrypter } from 'age-encryption';
import { parseMessage } from '@latchkey/mime';
import { attached, changedWire, draft, kept, mailPerson, memorySink, type MailPerson } from '../../test/mail-people.ts';
import {
  exportAge,
  exportEml,
  findMessage,
  list,
  mark,
  openAttachmentRange,
  read,
  receive,
  resumeOutbox,
  saveAttachments,
  send,
  type MessageRow,
} from './index.ts';

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

async function arrivedAt({ client }: MailPerson): Promise<MessageRow> {
  const { arrived } = await receive(client);
  assert.equal(arrived.length, 1);
  assert.ok(arrived[0]);
  return arrived[0];
}

test('a small message goes from one to the other', async () => {
  const sent = await send(alice.client, draft({ to: ['Bob@LOCALHOST'], subject: 'Hello', text: 'How are you?' }));
  assert.deepEqual(sent.recipients, [{ address: 'bob@localhost', outcome: 'delivered', firstUse: true }]);
  const row = await arrivedAt(bob);
  assert.equal(row.summary.subject, 'Hello');
  assert.equal(row.summary.from, 'alice@localhost');
  assert.equal(row.verified, true);
  assert.equal(row.unread, true);
  assert.equal(row.problem, null);
  assert.equal(row.verdict.sender?.party.address, 'alice@localhost');
  const message = await read(bob.client, row.id.slice(0, 8));
  assert.equal(message.text, 'How are you?');
  assert.deepEqual(message.row, row);
  assert.deepEqual(
    (await list(bob.client, { folder: 'requests' })).map(({ id }) => id),
    [row.id],
  );

  const own = await read(alice.client, sent.id);
  assert.equal(own.text, 'How are you?');
  assert.equal(own.row.folder, 'sent');
  assert.equal(own.row.verified, true);
  assert.equal(own.row.unread, false);
  // The two ends share nothing: of what went to bob alice keeps nothing, and her copy is her own.
  assert.deepEqual(await kept(server, 'alice@localhost').then(({ holds }) => holds), 1);
  assert.deepEqual(await resumeOutbox(alice.client), []);
});

test('to, cc and bcc each see what is theirs', async () => {
  const text = 'For all';
  const sent = await send(
    alice.client,
    draft({ to: ['bob@localhost'], cc: ['carol@localhost'], bcc: ['alice@localhost', 'bob@localhost'], text }),
  );
  assert.deepEqual(
    sent.recipients.map(({ address, outcome }) => [address, outcome]),
    [
      ['bob@localhost', 'delivered'],
      ['carol@localhost', 'delivered'],
      ['alice@localhost', 'delivered'],
    ],
  );
  const rows = [await arrivedAt(bob), await arrivedAt(carol), await arrivedAt(alice)];
  assert.deepEqual(
    rows.map(({ verdict }) => verdict.addressed),
    ['to', 'cc', 'bcc'],
  );
  assert.deepEqual(
    rows.map(({ verified }) => verified),
    [true, true, true],
  );
  const message = await read(carol.client, rows[1]!.id);
  assert.deepEqual([message.to, message.cc, message.bcc], [['bob@localhost'], ['carol@localhost'], []]);
  assert.doesNotMatch(Buffer.from(message.mime).toString(), /alice@localhost.*\n.*bcc/i);
  assert.deepEqual((await read(alice.client, sent.id)).bcc, ['alice@localhost']);
});

test('an answer names what it answers, and goes to whoever wrote', async () => {
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Lunch', text: 'Noon?' }));
  const question = await arrivedAt(bob);
  await send(bob.client, draft({ replyTo: question.id.slice(0, 12), text: 'Yes' }));
  const row = await arrivedAt(alice);
  assert.equal(row.summary.subject, 'Re: Lunch');
  const answer = await parseMessage((await read(alice.client, row.id)).mime);
  const asked = await parseMessage((await read(bob.client, question.id)).mime);
  assert.ok(asked.messageId);
  assert.equal(answer.inReplyTo, asked.messageId);
  assert.deepEqual(answer.references, [asked.messageId]);
});

test('attachments arrive byte for byte, and each is a file of its own', async () => {
  const files = [attached('empty.txt', 0), attached('übersicht "1".pdf', 70_000), attached('large.bin', 9_000_000)];
  await send(alice.client, draft({ to: ['bob@localhost'], text: 'Here they are', attachments: files }));
  const row = await arrivedAt(bob);
  assert.equal(row.summary.attachments, 3);
  const message = await read(bob.client, row.id);
  assert.deepEqual(
    message.attachments.map(({ name, sizeBytes }) => [name, sizeBytes]),
    files.map(({ name, bytes }) => [name, bytes.length]),
  );
  const sinks = files.map(() => memorySink());
  const saved = await saveAttachments(bob.client, row.id, { sinkFor: async (_file, index) => sinks[index] ?? null });
  assert.equal(saved.length, 3);
  for (const [index, { bytes }] of files.entries()) {
    assert.equal(sinks[index]!.state, 'committed');
    assert.deepEqual(sinks[index]!.bytes, bytes);
  }
  const range: Uint8Array[] = [];
  for await (const piece of openAttachmentRange(bob.client, row.id, { index: 2, from: 8_380_000, to: 8_400_123 })) {
    range.push(piece);
  }
  assert.deepEqual(new Uint8Array(Buffer.concat(range)), files[2]!.bytes.slice(8_380_000, 8_400_123));
  await assert.rejects(
    (async () => {
      for await (const _piece of openAttachmentRange(bob.client, row.id, { index: 3, from: 0, to: 1 }));
    })(),
    { code: 'attachment_not_found' },
  );
});

test('a message that is forwarded is read by whoever gets it, attachments and all', async () => {
  const file = attached('plan.bin', 50_000);
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Plan', text: 'Draft', attachments: [file] }));
  const row = await arrivedAt(bob);
  await send(bob.client, draft({ to: ['carol@localhost'], text: 'See below', forward: row.id }));
  const forwarded = await arrivedAt(carol);
  assert.equal(forwarded.summary.subject, 'Fwd: Plan');
  const sinks = [memorySink(), memorySink()];
  const saved = await saveAttachments(carol.client, forwarded.id, { sinkFor: async (_file, at) => sinks[at] ?? null });
  assert.deepEqual(
    saved.map(({ name, type }) => [name, type]),
    [
      ['message.eml', 'message/rfc822'],
      ['plan.bin', 'application/octet-stream'],
    ],
  );
  assert.deepEqual(sinks[0]!.bytes, (await read(bob.client, row.id)).mime);
  assert.deepEqual(sinks[1]!.bytes, file.bytes);
});

test('what is stored opens with age, and is exported as other programs read it', async () => {
  const file = attached('Ω'.repeat(80), 30_001);
  const sent = await send(
    alice.client,
    draft({ to: ['bob@localhost'], subject: 'Öl', text: 'Bytes', attachments: [file] }),
  );
  const row = await arrivedAt(bob);
  for (const [client, id] of [
    [bob.client, row.id],
    [alice.client, sent.id],
  ] as const) {
    const [age, eml] = [memorySink(), memorySink()];
    await exportAge(client, id, { sink: age });
    const decrypter = new Decrypter();
    decrypter.addIdentity(client.keys.newest.sealIdentity);
    const outer = await parseMessage(await decrypter.decrypt(age.bytes));
    const inner = outer.parts.find(({ type }) => type === 'message/rfc822');
    // The parser gives the lines of a message within a message with LF alone.
    const mime = Buffer.from((await read(client, id)).mime).toString();
    assert.equal(Buffer.from(inner!.bytes).toString().trimEnd(), mime.replaceAll('\r\n', '\n').trimEnd());

    await exportEml(client, id, { sink: eml });
    assert.equal(eml.state, 'committed');
    const whole = await parseMessage(eml.bytes);
    assert.equal(whole.subject, 'Öl');
    assert.equal(whole.text.trim(), 'Bytes');
    assert.equal(whole.parts[0]?.name, file.name);
    assert.deepEqual(Uint8Array.from(whole.parts[0].bytes), file.bytes);
  }
});

test('every hold of an attachment is an age file of its owner, on both sides', async () => {
  const file = attached('a.bin', 5_000);
  await send(alice.client, draft({ to: ['bob@localhost'], text: 'x', attachments: [file] }));
  await arrivedAt(bob);
  const { db } = server.services.store;
  for (const { client } of [alice, bob]) {
    const account = await db
      .selectFrom('account')
      .select('id')
      .where('address', '=', client.address)
      .executeTakeFirstOrThrow();
    const holds = await db.selectFrom('hold').selectAll().where('account', '=', account.id).execute();
    const plain: Uint8Array[] = [];
    for (const { blob, header } of holds) {
      const { content } = await db
        .selectFrom('blob')
        .select('content')
        .where('id', '=', blob)
        .executeTakeFirstOrThrow();
      if (content === null) continue;
      const decrypter = new Decrypter();
      decrypter.addIdentity(client.keys.newest.sealIdentity);
      const text = header === null ? Buffer.alloc(0) : decodeShortHeader(header);
      assert.ok(text !== null);
      plain.push(await decrypter.decrypt(new Uint8Array(Buffer.concat([text, content]))));
    }
    assert.ok(plain.some((bytes) => Buffer.from(bytes.subarray(0, 5_000)).equals(file.bytes)));
  }
});

test('marks are told what was before, and taken back', async () => {
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Mark me', text: 'x' }));
  const { id } = await arrivedAt(bob);
  assert.deepEqual(await mark(bob.client, [id, id.slice(0, 20)], { read: true, folder: 'archive' }), [
    { id, before: { read: false, starred: false, folder: 'inbox' } },
  ]);
  assert.equal(
    (await list(bob.client, { folder: 'all' })).some((row) => row.id === id && row.folder === 'inbox'),
    false,
  );
  const row = await findMessage(bob.client, id);
  assert.deepEqual([row.folder, row.unread, row.starred], ['archive', false, false]);
  // Another device marks something else about it.
  const phone = await bob.device();
  await phone.mailbox.catchUp();
  await mark(phone, [id], { starred: true });
  const [marked] = await mark(bob.client, [id], { folder: 'trash' });
  assert.deepEqual(marked?.before, { read: true, starred: true, folder: 'archive' });
  await mark(bob.client, [id], marked.before);
  assert.equal((await findMessage(bob.client, id)).folder, 'archive');
  await assert.rejects(findMessage(bob.client, 'zz'), { code: 'message_not_found' });
  await assert.rejects(findMessage(bob.client, ''), { code: 'message_not_found' });
});

test('recipients who cannot be written to stop a send, each named, or are left out', async () => {
  const before = await kept(server, 'alice@localhost');
  const to = ['bob@localhost', 'nobody@localhost'];
  await assert.rejects(send(alice.client, draft({ to, text: 'x' })), {
    code: 'recipients_refused',
    recipients: [{ address: 'nobody@localhost', outcome: 'unknown' }],
  });
  await assert.rejects(send(alice.client, draft({ text: 'x' })), { code: 'recipients_missing' });
  await assert.rejects(send(alice.client, draft({ to: ['nobody@localhost'], text: 'x' }), { skipRefused: true }), {
    code: 'recipients_refused',
  });
  assert.deepEqual(await kept(server, 'alice@localhost'), before);
  assert.deepEqual((await receive(bob.client)).arrived, []);
  const sent = await send(alice.client, draft({ to, text: 'x' }), { skipRefused: true });
  assert.deepEqual(
    sent.recipients.map(({ outcome }) => outcome),
    ['delivered', 'unknown'],
  );
  await arrivedAt(bob);
});

test('two devices that receive at once file each message once', async () => {
  const phone = await bob.device();
  await Promise.all(
    Array.from({ length: 12 }, async (_, number) =>
      send(number % 2 === 0 ? alice.client : carol.client, draft({ to: ['bob@localhost'], text: `${number}` })),
    ),
  );
  const both = await Promise.all([receive(bob.client), receive(phone)]);
  const filed = both.flatMap(({ arrived }) => arrived.map(({ id }) => id));
  assert.equal(new Set(filed).size, filed.length);
  await bob.client.mailbox.catchUp();
  await phone.mailbox.catchUp();
  const [desk, other] = [await list(bob.client, { folder: 'all' }), await list(phone, { folder: 'all' })];
  assert.deepEqual(desk, other);
  assert.equal(filed.length, 12);
  assert.deepEqual(
    desk.filter(({ missingBefore }) => missingBefore > 0),
    [],
  );
});

test('a message that never came shows before the next one', async () => {
  await send(alice.client, draft({ to: ['carol@localhost'], text: 'first' }));
  const { db } = server.services.store;
  const account = await db
    .selectFrom('account')
    .select('id')
    .where('address', '=', 'carol@localhost')
    .executeTakeFirstOrThrow();
  const lost = await db
    .selectFrom('arrival')
    .select('number')
    .where('account', '=', account.id)
    .where('hour', 'is not', null)
    .executeTakeFirstOrThrow();
  await server.services.store.write('removeArrivals', { account: account.id, numbers: [lost.number] });
  await send(alice.client, draft({ to: ['carol@localhost'], text: 'second' }));
  assert.equal((await arrivedAt(carol)).missingBefore, 1);
});

test('what does not open is filed as what it is, and holds up nothing', async () => {
  let way: 'mac' | 'random' = 'mac';
  const mallory = await alice.again((wire) =>
    changedWire(wire, {
      call: (route, request, options) => {
        const spoilt = request as RequestOf<typeof ROUTES.deliver>;
        if (route.path === ROUTES.deliver.path) {
          for (const recipient of spoilt.recipients) {
            // Of a sound header the MAC; one that opens for nobody is not Bob's.
            const mac = recipient.headers[0]?.with(-1, (recipient.headers[0].at(-1) ?? 0) ^ 1) ?? null;
            recipient.headers = [way === 'mac' ? mac : randomHeader()];
          }
        }
        return wire.call(route, request, options);
      },
    }),
  );
  await send(mallory, draft({ to: ['bob@localhost'], text: 'spoilt' }));
  way = 'random';
  await send(mallory, draft({ to: ['bob@localhost'], text: 'random' }));
  await send(alice.client, draft({ to: ['bob@localhost'], text: 'sound' }));
  const { arrived } = await receive(bob.client);
  assert.deepEqual(new Set(arrived.map(({ problem }) => problem)), new Set(['damaged', 'not_for_me', null]));
  const spoilt = arrived.filter(({ problem }) => problem !== null);
  assert.equal(spoilt.length, 2);
  for (const { id, verified } of spoilt) {
    assert.equal(verified, false);
    await assert.rejects(read(bob.client, id), { code: 'item_altered' });
  }
  assert.deepEqual((await receive(bob.client)).arrived, []);
});
