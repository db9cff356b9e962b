/** A server that swaps, cuts, repeats, withholds, replays, drops and delays mail. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import type { Client } from '../../packages/sdk/src/client/index.ts';
import {
  exportAge,
  list,
  read,
  receive,
  saveAttachments,
  send,
  type Draft,
  type MessageRow,
  type Received,
} from '../../packages/sdk/src/mail/index.ts';
import { randomHeader } from '../../apps/server/src/testing/index.ts';
import { attached, draft, memorySink } from '../../packages/sdk/test/mail-people.ts';
import { decodeShortHeader, ROUTES, type ResponseOf } from '../../packages/protocol/src/wire/index.ts';
import { attack } from './attack.ts';
import { answers, bytes, cuts, invents, refuses } from './lies.ts';
import { startLyingProxy, type Lie, type LyingProxy } from './lying-proxy.ts';
import { newPerson, passHours, type Person } from './people.ts';
import { codeOf, warnings } from './told.ts';

const CHUNK = 65_552;
const PART = 128 * CHUNK;

let proxy: LyingProxy;
let alice: Person;
let bob: Person;
/** The true list of what has come for Bob. */
let desk: Client;

before(async () => {
  proxy = await startLyingProxy();
  [alice, bob] = await Promise.all([newPerson(proxy, 'alice'), newPerson(proxy, 'bob')]);
  desk = bob.client;
});
after(() => proxy.stop());

type Listed = ResponseOf<typeof ROUTES.arrivalsList>;
type Here = Extract<Listed['arrivals'][number], { state: 'here' }>;

const toBob = (changes: Partial<Draft> = {}): Draft => to(bob, changes);
const to = (whom: Person, changes: Partial<Draft> = {}): Draft =>
  draft({ to: [whom.address], subject: 'A', text: 'x', ...changes });
const here = ({ arrivals }: Listed): Here[] => arrivals.filter((each): each is Here => each.state === 'here');

/** Somebody whose log of arrivals may be spoilt: once a device has noted what it was shown, no other is good enough. */
let victims = 0;
const newVictim = (): Promise<Person> => newPerson(proxy, `victim-${(victims += 1)}`);

/** Changes what is listed as here; null where fewer than `least` are. */
function listed(least: number, change: (...some: [Here, Here]) => void): Lie {
  return answers('arrivalsList', (answer) => {
    const some = here(answer);
    if (some.length < least) return null;
    change(...(some as [Here, Here]));
    return answer;
  });
}

const receivedUnder = (lie: Lie, client: Client): Promise<Received> => proxy.during([lie], () => receive(client));

/** Numbers of what lies unfiled. */
async function waiting(): Promise<number[]> {
  const rights = { rights: { session: desk.session } };
  const answer = await desk.wire.call(ROUTES.arrivalsList, { after: 0, limit: 256, onlyHere: true }, rights);
  return here(answer).map(({ number }) => number);
}

attack('swaps the headers of two arrivals', async () => {
  const victim = await newVictim();
  await send(alice.client, to(victim));
  await send(alice.client, to(victim));
  const swap = listed(2, (one, two) => {
    [one.items[0]!.header, two.items[0]!.header] = [two.items[0]!.header, one.items[0]!.header];
  });
  const { arrived } = await receivedUnder(swap, victim.client);
  assert.equal(arrived.length, 2);
  // What was listed is noted: the server can show neither this device nor another one anything else.
  const codes = [await codeOf(receive(victim.client)), await codeOf(receive(await victim.join()))];
  return [...arrived.flatMap(warnings), ...codes];
});

attack('swaps the headers of two owners', async () => {
  const victim = await newVictim();
  await send(alice.client, draft({ to: [victim.address, bob.address], text: 'x' }));
  const rights = { rights: { session: desk.session } };
  const bobs = here(await desk.wire.call(ROUTES.arrivalsList, { after: 0, limit: 256, onlyHere: true }, rights));
  const swap = listed(1, (one) => {
    one.items[0]!.header = bobs[0]!.items[0]!.header;
  });
  const { arrived } = await receivedUnder(swap, victim.client);
  assert.equal(arrived.length, 1);
  await receive(desk);
  return [...arrived.flatMap(warnings), await codeOf(receive(victim.client))];
});

/** The text that a header stands for, a form that nobody knows, a piece of one, and nothing that could be one. */
const noneOf = (header: Uint8Array): Uint8Array[] => [
  decodeShortHeader(header)!,
  header.with(0, 2),
  header.subarray(0, 100),
  Uint8Array.of(0),
];

attack('lists headers that are none', async () => {
  const victim = await newVictim();
  for (let sent = 0; sent < 5; sent++) await send(alice.client, to(victim));
  const spoil = answers('arrivalsList', (answer) => {
    const [sound, ...others] = here(answer);
    for (const [place, header] of noneOf(sound!.items[0]!.header!).entries()) others[place]!.items[0]!.header = header;
    return answer;
  });
  const { arrived, left } = await receivedUnder(spoil, victim.client);
  // The sound one among them is not held up, and the others are put away like all that is damaged.
  assert.deepEqual([arrived.length, left], [5, 0]);
  assert.equal(arrived.filter(({ verified }) => verified).length, 1);
  return [...arrived.flatMap(warnings), await codeOf(receive(victim.client))];
});

attack('lists something else as the header of a filed message', async () => {
  const { id } = await filed('x');
  const header = randomHeader();
  const codes: string[] = [];
  for (const other of [...noneOf(header), header]) {
    const lie = answers('holdsList', ({ holds, more }) => ({
      holds: holds.map((hold) => ({ ...hold, header: other })),
      more,
    }));
    codes.push(...(await readUnder(lie, id)));
  }
  return codes;
});

attack('swaps the payloads of two arrivals', async () => {
  await send(alice.client, toBob());
  await send(alice.client, toBob());
  const [one, two] = await waiting();
  const swap = bytes((_body, { arrival, other }) =>
    other({ request: { arrival: arrival === one ? two : one, item: 0 } }),
  );
  const { arrived } = await receivedUnder(swap, desk);
  assert.equal(arrived.length, 2);
  return arrived.flatMap(warnings);
});

attack('swaps the delivery parts of two arrivals', async () => {
  const victim = await newVictim();
  await send(alice.client, to(victim, { subject: 'A' }));
  await send(alice.client, to(victim, { subject: 'B' }));
  const swap = listed(2, (one, two) => {
    [one.part, two.part] = [two.part, one.part];
  });
  const { arrived } = await receivedUnder(swap, victim.client);
  assert.deepEqual(
    arrived.map(({ summary }) => [summary.from, summary.subject]),
    [
      ['alice@localhost', ''],
      ['alice@localhost', ''],
    ],
  );
  return [...arrived.flatMap(warnings), await codeOf(receive(victim.client))];
});

attack('truncates an arrival', async () => {
  await send(alice.client, toBob());
  const { arrived, left } = await receivedUnder(
    bytes((body) => body.subarray(0, -100)),
    desk,
  );
  assert.deepEqual([arrived.length, left], [0, 1]);
  assert.equal((await receive(desk)).arrived.length, 1);
  return ['left'];
});

attack('withholds an arrival that it lists', async () => {
  await send(alice.client, toBob());
  const { arrived, left } = await receivedUnder(refuses('arrivalItem', 'not_found'), desk);
  assert.deepEqual([arrived.length, left], [0, 1]);
  assert.equal((await receive(desk)).arrived.length, 1);
  return ['left'];
});

attack('changes a byte of an arrival', async () => {
  await send(alice.client, toBob());
  const { arrived } = await receivedUnder(
    bytes((body) => body.with(3_000, body[3_000]! ^ 1)),
    desk,
  );
  assert.equal(arrived.length, 1);
  return arrived.flatMap(warnings);
});

/** Filed on the desk, and long enough to have four chunks. */
async function filed(text: string): Promise<MessageRow> {
  await send(alice.client, toBob({ text: text.repeat(200_000) }));
  const [row] = (await receive(desk)).arrived;
  assert.ok(row !== undefined);
  // What was changed before never counted.
  assert.deepEqual(
    warnings(row).filter((each) => each !== 'missingBefore'),
    [],
  );
  return row;
}

async function readUnder(lie: Lie, id: string): Promise<string[]> {
  const codes = [await proxy.during([lie], () => codeOf(read(desk, id)))];
  const sink = memorySink();
  codes.push(await proxy.during([lie], () => codeOf(exportAge(desk, id, { sink }))));
  assert.equal(sink.state, 'discarded');
  assert.equal((await read(desk, id)).text.length, 200_000);
  return codes;
}

attack('reorders the chunks of a message', async () => {
  const { id } = await filed('x');
  const reorder = bytes((body) => {
    const changed = body.slice();
    changed.set(body.subarray(16 + CHUNK, 16 + 2 * CHUNK), 16);
    changed.set(body.subarray(16, 16 + CHUNK), 16 + CHUNK);
    return changed;
  });
  return readUnder(reorder, id);
});

attack('repeats a chunk of a message', async () => {
  const { id } = await filed('x');
  const repeat = bytes((body) => {
    const changed = body.slice();
    changed.set(body.subarray(16 + CHUNK, 16 + 2 * CHUNK), 16 + 2 * CHUNK);
    return changed;
  });
  return readUnder(repeat, id);
});

attack('gives another filed message, header and all', async () => {
  const [mine, theirs] = [await filed('x'), await filed('y')];
  const [my, their] = await Promise.all([holdOf(mine), holdOf(theirs)]);
  const rights = { rights: { session: desk.session } };
  const all = await desk.wire.call(ROUTES.holdsList, { after: null, limit: 256 }, rights);
  const header = all.holds.find(({ hold }) => Buffer.from(their).equals(hold))?.header;
  const lies = [
    bytes((_body, { hold, other }) =>
      hold !== null && Buffer.from(my).equals(hold) ? other({ request: { hold: their } }) : null,
    ),
    answers('holdsList', ({ holds, more }) => ({ holds: holds.map((hold) => ({ ...hold, header })), more })),
  ];
  return proxy.during(lies, async () => [await codeOf(read(desk, mine.id))]);
});

async function holdOf({ id }: MessageRow): Promise<Uint8Array> {
  const body = (await desk.mailbox.read(Buffer.from(id, 'hex')))?.body as unknown as { message: { hold: string } };
  return new Uint8Array(Buffer.from(body.message.hold, 'base64url'));
}

attack('withholds a filed message, or its header', async () => {
  const { id } = await filed('x');
  const noHeader = answers('holdsList', ({ holds, more }) => ({
    holds: holds.map((hold) => ({ ...hold, header: null })),
    more,
  }));
  return [...(await readUnder(refuses('holdsRead', 'not_found'), id)), ...(await readUnder(noHeader, id))];
});

attack('swaps, truncates, withholds or changes the parts of an attachment', async () => {
  const file = attached('parts.bin', 18_000_000);
  await send(alice.client, toBob({ attachments: [file] }));
  const [row] = (await receive(desk)).arrived;
  assert.ok(row !== undefined);
  const large = (each: { totalBytes: number }): boolean => each.totalBytes > 16_000_000;
  const lies = [
    // The second part where the first is asked for.
    bytes((body, asked) =>
      large(asked) && body.length === PART ? asked.other({ from: 16 + (asked.from === 16 ? PART : 0) }) : null,
    ),
    bytes((body, asked) => (large(asked) && body.length === PART ? body.with(77, body[77]! ^ 1) : null)),
    // The last chunk, which says where the whole ends.
    bytes((body, asked) =>
      large(asked) && body.length > 16 && body.length <= CHUNK ? body.with(0, body[0]! ^ 1) : null,
    ),
    bytes((body, asked) => (large(asked) && asked.from > PART ? body.subarray(1) : null)),
    refuses('holdsRead', 'not_found'),
  ];
  const codes: string[] = [];
  for (const lie of lies) {
    const sink = memorySink();
    const save = (): Promise<unknown> => saveAttachments(desk, row.id, { sinkFor: async () => sink });
    codes.push(await proxy.during([lie], () => codeOf(save())));
    assert.notEqual(sink.state, 'committed');
    // What came out before the lie was sound.
    assert.ok(Buffer.from(file.bytes.subarray(0, sink.bytes.length)).equals(sink.bytes));
  }
  return codes;
});

attack('replays an arrival', async () => {
  const victim = await newVictim();
  await send(alice.client, to(victim));
  const again = answers('arrivalsList', (answer) => {
    const [first] = here(answer);
    if (first === undefined) return null;
    const arrivals = [...answer.arrivals, { ...first, number: answer.size + 1 }];
    return { ...answer, size: answer.size + 1, arrivals };
  });
  const { arrived } = await receivedUnder(again, victim.client);
  assert.equal(arrived.length, 1);
  // A list that has to be true from now on: where the arrival came only once, that is seen.
  return [...arrived.flatMap(warnings), await codeOf(receive(victim.client))];
});

/** Delivers the same again, to the same people, as something new. */
const deliverTwice: Lie = {
  about: ['deliver'],
  async tell(heard) {
    const request = heard.request as { recipients: { key: Uint8Array }[] };
    const recipients = request.recipients.map((each) => ({ ...each, key: new Uint8Array(randomBytes(16)) }));
    const answer = await heard.ask();
    assert.equal((await heard.ask({ request: { ...request, recipients } })).status, 200);
    return answer;
  },
};

attack('replays an arrival under a key of its own', async () => {
  const before_ = (await list(desk, { folder: 'all' })).length;
  await proxy.during([deliverTwice], () => send(alice.client, toBob({ subject: 'Once' })));
  assert.equal((await waiting()).length, 2);
  const { arrived } = await receive(desk);
  assert.equal(arrived.length, 1);
  assert.equal((await list(desk, { folder: 'all' })).length, before_ + 1);
  return arrived.flatMap(warnings);
});

attack('drops an arrival', async () => {
  const drop = invents('deliver', ({ request: { recipients } }) => ({ answers: recipients.map(() => 'ok') }));
  await proxy.during([drop], () => send(alice.client, toBob({ subject: 'Dropped' })));
  assert.deepEqual((await receive(desk)).arrived, []);
  await send(alice.client, toBob({ subject: 'Next' }));
  const { arrived } = await receive(desk);
  assert.deepEqual(
    arrived.map(({ missingBefore }) => missingBefore),
    [1],
  );
  return arrived.flatMap(warnings);
});

attack('takes away an arrival that a device has seen', async () => {
  const victim = await newVictim();
  const other = await victim.join();
  await send(alice.client, to(victim));
  assert.equal((await receivedUnder(refuses('arrivalItem', 'not_found'), victim.client)).left, 1);
  const away = answers('arrivalsList', (answer) => {
    const arrivals = answer.arrivals.filter(({ state }) => state === 'removed');
    return { ...answer, arrivals, size: answer.size - (answer.arrivals.length - arrivals.length) };
  });
  // As if it had been filed, and were another one.
  const exchanged = answers('arrivalsList', (answer) => ({
    ...answer,
    arrivals: answer.arrivals.map((each) =>
      each.state === 'here' ? { state: 'removed', number: each.number, hash: new Uint8Array(32) } : each,
    ),
  }));
  const codes: string[] = [];
  for (const lie of [away, exchanged]) {
    for (const client of [victim.client, other]) {
      codes.push(await proxy.during([lie], () => codeOf(receive(client))));
    }
  }
  assert.equal((await receive(other)).arrived.length, 1);
  return codes;
});

attack('cuts the line at every delivery', async () => {
  const sent = await proxy.during([cuts('deliver', 'after', once())], () =>
    send(alice.client, toBob({ subject: 'Cut' })),
  );
  assert.equal(sent.recipients[0]?.outcome, 'delivered');
  const { arrived } = await receive(desk);
  assert.equal(arrived.length, 1);
  return arrived.flatMap(warnings);
});

/** The first time alone. */
function once(): () => boolean {
  let isFirst = true;
  return () => {
    const was = isFirst;
    isFirst = false;
    return was;
  };
}

attack('delays an arrival for days', async () => {
  const late: (() => Promise<unknown>)[] = [];
  const hold: Lie = {
    about: ['deliver'],
    async tell(heard) {
      const { recipients } = heard.request as { recipients: readonly unknown[] };
      late.push(async () => {
        const { passes } = await desk.wire.call(
          ROUTES.passesIssue,
          { count: 1 },
          { rights: { session: desk.session } },
        );
        return heard.ask({ request: heard.request, authorization: `Pass ${passes[0]}` });
      });
      const body = Buffer.from(JSON.stringify({ answers: recipients.map(() => 'ok') }));
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    },
  };
  await proxy.during([hold], () => send(alice.client, toBob()));
  await passHours(proxy, 72, bob);
  for (const work of late) await work();
  const { arrived } = await receive(desk);
  assert.equal(arrived.length, 1);
  return arrived.flatMap(warnings);
});
