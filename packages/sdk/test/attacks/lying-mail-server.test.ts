/** A server that lies about mail: nothing false is shown, nothing is lost, and nothing holds up the rest. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseRecipient, seal } from '@latchkey/crypto';
import { ROUTES, type RequestOf, type ResponseOf } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  exportAge,
  exportEml,
  list,
  openAttachmentRange,
  read,
  receive,
  resumeOutbox,
  saveAttachments,
  send,
  type MessageRow,
} from '../../src/mail/index.ts';
import { RefusedError, SdkError } from '../../src/errors.ts';
import { onePiece } from '../../src/mail/one-piece.ts';
import { outboxEntries } from '../../src/mail/outbox/outbox-entry.ts';
import type { BlobBody, Wire } from '../../src/ports.ts';
import { attached, changedWire, draft, kept, mailPerson, memorySink, type MailPerson } from '../mail-people.ts';

let server: TestServer;
let alice: MailPerson;
let bob: MailPerson;

before(async () => {
  server = await startTestServer();
  [alice, bob] = (await Promise.all(['alice', 'bob'].map((name) => mailPerson(server, name)))) as [
    MailPerson,
    MailPerson,
  ];
});
after(() => server.stop());

type Listed = ResponseOf<typeof ROUTES.arrivalsList>;
type Here = Extract<Listed['arrivals'][number], { state: 'here' }>;

const altered = { name: 'SdkError', code: 'item_altered' };

/** Answers of one route, changed. */
function lying<Answer>(path: string, lie: (answer: Answer) => Answer): (wire: Wire) => Wire {
  return (wire) =>
    changedWire(wire, {
      call: async (route, request, options) => {
        const answer = await wire.call(route, request, options);
        if (route.path !== path) return answer;
        const told: unknown = lie(answer as Answer);
        return told;
      },
    });
}

/** Bodies of blobs, changed. `from` and `to` are what was asked for. */
function lyingBlobs(
  lie: (bytes: Uint8Array, asked: { from: number; to: number | undefined; totalBytes: number }) => Uint8Array,
): (wire: Wire) => Wire {
  return (wire) =>
    changedWire(wire, {
      read: async (route, request, options) => {
        const body = await wire.read(route, request, options);
        return changedBody(body, (bytes) =>
          lie(bytes, { from: options?.range?.from ?? 0, to: options?.range?.to, totalBytes: body.totalBytes }),
        );
      },
    });
}

function changedBody({ totalBytes, stream }: BlobBody, change: (bytes: Uint8Array) => Uint8Array): BlobBody {
  return {
    totalBytes,
    async *stream() {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream()) pieces.push(piece.slice());
      yield change(new Uint8Array(Buffer.concat(pieces)));
    },
  };
}

const here = (listed: Listed): Here[] => listed.arrivals.filter((each): each is Here => each.state === 'here');

async function received(
  between: (wire: Wire) => Wire,
  person: MailPerson = bob,
): Promise<{ rows: readonly MessageRow[]; left: number }> {
  const { arrived, left } = await receive(await person.device({ between }));
  await person.client.mailbox.catchUp();
  return { rows: arrived, left };
}

test('headers that are swapped open nothing, and what they belong to is not shown as anything else', async () => {
  const carol = await mailPerson(server, 'carol');
  await send(alice.client, draft({ to: ['carol@localhost'], text: 'one' }));
  await send(alice.client, draft({ to: ['carol@localhost'], text: 'two' }));
  const { rows } = await received(
    lying<Listed>(ROUTES.arrivalsList.path, (answer) => {
      const [one, two] = here(answer);
      if (one?.items[0] === undefined || two?.items[0] === undefined) return answer;
      [one.items[0].header, two.items[0].header] = [two.items[0].header, one.items[0].header];
      return answer;
    }),
    carol,
  );
  assert.deepEqual(
    rows.map(({ problem, verified }) => [problem, verified]),
    [
      ['damaged', false],
      ['damaged', false],
    ],
  );
  // The lie stands in what this device noted: no other one takes the true list for it.
  await assert.rejects(receive(carol.client), { code: 'space_forked' });
});

test('delivery parts that are swapped give no row: what is signed is shown, and that something is wrong', async () => {
  const dave = await mailPerson(server, 'dave');
  await send(alice.client, draft({ to: ['dave@localhost'], subject: 'A', text: 'one' }));
  await send(alice.client, draft({ to: ['dave@localhost'], subject: 'B', text: 'two' }));
  const { rows } = await received(
    lying<Listed>(ROUTES.arrivalsList.path, (answer) => {
      const [one, two] = here(answer);
      if (one !== undefined && two !== undefined) [one.part, two.part] = [two.part, one.part];
      return answer;
    }),
    dave,
  );
  assert.deepEqual(
    rows.map(({ verdict, verified, summary }) => [verdict.inconsistent, verified, summary.subject]),
    [
      [true, false, ''],
      [true, false, ''],
    ],
  );
  // The lie stands in what this device noted: no other one takes the true list for it.
  await assert.rejects(receive(dave.client), { code: 'space_forked' });
});

test('a first chunk that is cut, long, mixed or changed is not shown; what is not given stays and is tried again', async () => {
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Patience', text: 'x' }));
  for (const lie of [
    (bytes: Uint8Array): Uint8Array => bytes.subarray(0, -1),
    (bytes: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([bytes, bytes])),
  ]) {
    assert.deepEqual(await received(lyingBlobs(lie)), { rows: [], left: 1 });
  }
  const withholding = await received((wire) =>
    changedWire(wire, {
      read: async () => {
        throw new RefusedError('not_found');
      },
    }),
  );
  assert.deepEqual(withholding, { rows: [], left: 1 });
  // Endless: the wire ends it; here the reader itself does.
  const endless = await received((wire) =>
    changedWire(wire, {
      read: async (route, request, options) => {
        const { totalBytes } = await wire.read(route, request, options);
        return {
          totalBytes,
          async *stream() {
            for (;;) yield await Promise.resolve(new Uint8Array(65_536));
          },
        };
      },
    }),
  );
  assert.deepEqual(endless, { rows: [], left: 1 });
  const { rows } = await received(lyingBlobs((bytes) => bytes.with(bytes.length - 20, (bytes.at(-20) ?? 0) ^ 1)));
  assert.deepEqual(
    rows.map(({ problem }) => problem),
    ['damaged'],
  );
});

test('a filed message whose bytes, size or header are others is refused by its code', async () => {
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Filed', text: 'x'.repeat(200_000) }));
  const [row] = (await receive(bob.client)).arrived;
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Other', text: 'y'.repeat(200_000) }));
  const [other] = (await receive(bob.client)).arrived;
  assert.ok(row !== undefined && other !== undefined);
  const lies: readonly (readonly [(wire: Wire) => Wire, string])[] = [
    [lyingBlobs((bytes) => bytes.with(100_000, (bytes[100_000] ?? 0) ^ 1)), 'item_altered'],
    [lyingBlobs((bytes) => bytes.subarray(0, -65_552)), 'item_altered'],
    [lyingBlobs((bytes) => new Uint8Array(Buffer.concat([bytes, new Uint8Array(1)]))), 'item_altered'],
    // Chunks in another order.
    [
      lyingBlobs((bytes) => {
        const chunk = bytes.slice(16, 16 + 65_552);
        const changed = bytes.slice();
        changed.set(bytes.subarray(16 + 65_552, 16 + 2 * 65_552), 16);
        changed.set(chunk, 16 + 65_552);
        return changed;
      }),
      'item_altered',
    ],
    [
      (wire) =>
        changedWire(wire, {
          read: async () => {
            throw new RefusedError('not_found');
          },
        }),
      'item_withheld',
    ],
    [
      lying<ResponseOf<typeof ROUTES.holdsList>>(ROUTES.holdsList.path, () => ({ holds: [], more: false })),
      'item_withheld',
    ],
    [
      lying<ResponseOf<typeof ROUTES.holdsList>>(ROUTES.holdsList.path, ({ holds, more }) => ({
        holds: holds.map((hold) => ({ ...hold, header: null })),
        more,
      })),
      'item_withheld',
    ],
  ];
  for (const [between, code] of lies) {
    const client = await bob.again(between);
    await assert.rejects(read(client, row.id), { name: 'SdkError', code });
    const sink = memorySink();
    await assert.rejects(exportAge(client, row.id, { sink }), { code });
    assert.equal(sink.state, 'discarded');
  }
  // Another whole message of the same sender, with its own header, in its place.
  const [mine, theirs] = await Promise.all([holdOf(row), holdOf(other)]);
  const swapped = await bob.again((wire) =>
    changedWire(wire, {
      read: (route, request, options) =>
        wire.read(route, isHold(request, mine) ? ({ hold: theirs } as typeof request) : request, options),
      call: async (route, request, options) => {
        const answer = await wire.call(route, request, options);
        if (route.path !== ROUTES.holdsList.path) return answer;
        const all = await wire.call(ROUTES.holdsList, { after: null, limit: 256 }, options);
        const header = all.holds.find(({ hold }) => Buffer.from(theirs).equals(hold))?.header ?? null;
        const listed = answer as ResponseOf<typeof ROUTES.holdsList>;
        return { ...listed, holds: listed.holds.map((hold) => ({ ...hold, header })) } as typeof answer;
      },
    }),
  );
  await assert.rejects(read(swapped, row.id), altered);
  assert.equal((await read(bob.client, row.id)).text.length, 200_000);
});

async function holdOf(row: MessageRow): Promise<Uint8Array> {
  const body = (await bob.client.mailbox.read(Buffer.from(row.id, 'hex')))?.body as unknown as {
    message: { hold: string };
  };
  return new Uint8Array(Buffer.from(body.message.hold, 'base64url'));
}

function isHold(request: unknown, hold: Uint8Array): boolean {
  return Buffer.from(hold).equals((request as { hold: Uint8Array }).hold);
}

test('an attachment whose parts are swapped, cut, changed or withheld is not saved', async () => {
  const file = attached('parts.bin', 20_000_000);
  const sent = await send(alice.client, draft({ to: ['bob@localhost'], text: 'x', attachments: [file] }));
  const [row] = (await receive(bob.client)).arrived;
  assert.ok(row !== undefined);
  const partBytes = 8_390_656;
  // A part of the payload in the place of another, wherever the copy's payload begins in its blob.
  const swap = lyingBlobs((bytes, { to }) =>
    bytes.length === partBytes && to !== undefined ? new Uint8Array(partBytes) : bytes,
  );
  const flip = lyingBlobs((bytes) => (bytes.length > 1_000_000 ? bytes.with(77, (bytes[77] ?? 0) ^ 1) : bytes));
  const withhold = (wire: Wire): Wire =>
    changedWire(wire, {
      read: async (route, request, options) => {
        if ((options?.range?.from ?? 0) > partBytes) throw new RefusedError('not_found');
        return wire.read(route, request, options);
      },
    });
  // The last chunk alone, which says how long it all is.
  const end = lyingBlobs((bytes, { totalBytes }) =>
    totalBytes > 1_000_000 && bytes.length > 16 && bytes.length < 70_000 ? bytes.with(0, (bytes[0] ?? 0) ^ 1) : bytes,
  );
  for (const [person, id] of [
    [bob, row.id],
    [alice, sent.id],
  ] as const) {
    for (const [between, code] of [
      [swap, 'item_altered'],
      [flip, 'item_altered'],
      [end, 'item_altered'],
      [withhold, 'item_withheld'],
    ] as const) {
      const client = await person.again(between);
      const sink = memorySink();
      await assert.rejects(saveAttachments(client, id, { sinkFor: async () => sink }), { code });
      assert.equal(sink.state, 'discarded');
      // What came out before was sound.
      assert.ok(Buffer.from(file.bytes.subarray(0, sink.bytes.length)).equals(sink.bytes));
      const eml = memorySink();
      await assert.rejects(exportEml(client, id, { sink: eml }), { code });
      assert.equal(eml.state, 'discarded');
    }
  }
  const client = await bob.again(flip);
  await assert.rejects(async () => {
    for await (const _piece of openAttachmentRange(client, row.id, { index: 0, from: 10, to: 20 }));
  }, altered);
});

test('whoever lies about a delivery gains no second message and loses none', async () => {
  // Every answer `ok`, and nothing delivered.
  const swallowing = await alice.again((wire) =>
    changedWire(wire, {
      call: async (route, request, options) => {
        if (route.path !== ROUTES.deliver.path) return wire.call(route, request, options);
        const { recipients } = request as RequestOf<typeof ROUTES.deliver>;
        return { answers: recipients.map(() => 'ok') } as never;
      },
    }),
  );
  await send(swallowing, draft({ to: ['bob@localhost'], subject: 'Swallowed', text: 'x' }));
  assert.deepEqual((await receive(bob.client)).arrived, []);
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Next', text: 'x' }));
  const [next] = (await receive(bob.client)).arrived;
  assert.ok((next?.missingBefore ?? 0) >= 1);

  // Nobody answered, or too few.
  const short = await alice.again(lying<{ answers: string[] }>(ROUTES.deliver.path, () => ({ answers: [] })));
  await assert.rejects(send(short, draft({ to: ['bob@localhost'], subject: 'Short', text: 'x' })), {
    code: 'answer_malformed',
  });
  const results = await resumeOutbox(await alice.again());
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['sent'],
  );
  assert.equal((await receive(bob.client)).arrived.length, 1);
});

test('`later` is asked again, and stays in the outbox when it lasts; `full` and `gone` are told and taken back', async () => {
  const before = await kept(server, 'alice@localhost');
  for (const answer of ['full', 'gone', 'unknown']) {
    const client = await alice.again(lyingAnswers(() => [answer]));
    await assert.rejects(send(client, draft({ to: ['bob@localhost'], subject: answer, text: 'x' })), {
      code: 'recipients_refused',
      recipients: [{ address: 'bob@localhost', outcome: answer }],
    });
  }
  const after = await kept(server, 'alice@localhost');
  assert.deepEqual([after.holds, after.uploads], [before.holds, 0]);
  assert.deepEqual(await resumeOutbox(await alice.again()), []);

  let asked = 0;
  const patient = await alice.again(lyingAnswers(() => (++asked < 3 ? ['later'] : null)));
  const sent = await send(patient, draft({ to: ['bob@localhost'], subject: 'Soon', text: 'x' }));
  assert.equal(sent.recipients[0]?.outcome, 'delivered');
  assert.equal(asked, 3);

  const stubborn = await alice.again(lyingAnswers(() => ['later']));
  const waiting = await send(stubborn, draft({ to: ['bob@localhost'], subject: 'Some day', text: 'x' }));
  assert.equal(waiting.recipients[0]?.outcome, 'later');
  const [resumed] = await resumeOutbox(await alice.again());
  assert.equal(resumed?.sent?.recipients[0]?.outcome, 'delivered');
  const { arrived } = await receive(bob.client);
  assert.deepEqual(
    new Set(arrived.map(({ summary, missingBefore }) => `${summary.subject} ${missingBefore}`)),
    new Set(['Some day 0', 'Soon 0']),
  );
  assert.equal((await list(alice.client, { folder: 'sent' })).length > 0, true);
  const last = await kept(server, 'alice@localhost');
  assert.equal(last.holds, after.holds + 2);
});

/** Answers of a delivery that never reached the server; null lets it through. */
function lyingAnswers(answers: () => string[] | null): (wire: Wire) => Wire {
  return (wire) =>
    changedWire(wire, {
      call: async (route, request, options) => {
        const given = route.path === ROUTES.deliver.path ? answers() : null;
        return given === null ? wire.call(route, request, options) : ({ answers: given } as never);
      },
    });
}

test('a note on vault or mailbox that no device made is left aside and told', async () => {
  await send(alice.client, draft({ to: ['bob@localhost'], text: 'So that both have one' }));
  await receive(bob.client);
  const client = await bob.device({
    between: lying<ResponseOf<typeof ROUTES.spacesHeads>>(ROUTES.spacesHeads.path, ({ heads }) => {
      const [head] = heads;
      if (head === undefined) return { heads };
      const forged = { ...head, device: new Uint8Array(16).fill(7), head: head.head.toReversed() };
      return { heads: [...heads, forged] };
    }),
  });
  assert.equal((await receive(client)).forgedHeads, 2);
  assert.equal((await receive(await bob.device())).forgedHeads, 0);
});

test('a large letter in the outbox that a server has changed for one of its own is not sent, and holds up nothing', async () => {
  const cut = await alice.again((wire) =>
    changedWire(wire, {
      call: async (route, request, options) => {
        if (route.path === ROUTES.deliver.path) throw new SdkError('server_unreachable', 'cut');
        return wire.call(route, request, options);
      },
    }),
  );
  const large = draft({ to: ['bob@localhost'], subject: 'Long', text: 'many words '.repeat(30_000) });
  await assert.rejects(send(cut, large), { code: 'server_unreachable' });
  await alice.client.mailbox.catchUp();
  const [entry] = await outboxEntries(alice.client);
  assert.ok(entry?.record.letter.in === 'hold');
  const { hold, sizeBytes } = entry.record.letter;

  // What anybody can make: an age file of the right size, sealed to the owner's public recipient.
  const { host, keys } = alice.client;
  const recipients = [parseRecipient(keys.newest.identity.statement.seal)];
  const sealed = async (lengthBytes: number): Promise<Uint8Array> => {
    const plaintext = (async function* () {
      yield await Promise.resolve(new Uint8Array(lengthBytes).fill(0x20));
    })();
    const pieces: Uint8Array[] = [];
    for await (const piece of await seal(host.engine, { recipients, plaintext, cipher: host.chunks })) {
      pieces.push(piece.slice());
    }
    return new Uint8Array(Buffer.concat(pieces));
  };
  const roomBytes = sizeBytes - (await sealed(sizeBytes)).length;
  const file = await sealed(sizeBytes + roomBytes);
  assert.equal(file.length, sizeBytes);
  const lied = await alice.again((wire) =>
    changedWire(wire, {
      read: async (route, request, options) => {
        const asked: object = request ?? {};
        if (!('hold' in asked) || !Buffer.from(asked.hold as Uint8Array).equals(hold)) {
          return wire.read(route, request, options);
        }
        const { from = 0, to } = options?.range ?? {};
        return changedBody({ totalBytes: sizeBytes, stream: () => onePiece(file) }, (bytes) => bytes.slice(from, to));
      },
    }),
  );
  const altered = await resumeOutbox(lied);
  assert.deepEqual(
    altered.map(({ outcome, problem }) => [outcome, problem?.code, problem?.message]),
    [['waiting', 'item_altered', 'a message in the outbox is not the one that was put there']],
  );
  // Whoever does not give it back cannot keep it in the way either: it goes on, or is taken back.
  const [sent] = await resumeOutbox(alice.client);
  assert.equal(sent?.outcome, 'sent');
  await assert.rejects(send(cut, large), { code: 'server_unreachable' });
  const [undone] = await resumeOutbox(
    await alice.again((wire) =>
      changedWire(wire, {
        read: async () => {
          throw new RefusedError('not_found');
        },
      }),
    ),
    { undo: true },
  );
  assert.deepEqual([undone?.outcome, undone?.problem?.code], ['undone', 'item_withheld']);
  assert.deepEqual(await outboxEntries(alice.client), []);
});
