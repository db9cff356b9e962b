/** Clients that seal and deliver, many at once in one process: message, statement, headers, blob, delivery. */
import { once } from 'node:events';
import { encodeShortHeader, limits, ROUTES } from '../../../packages/protocol/src/wire/index.ts';
import { openClientHost } from '../../../packages/host-node/src/index.ts';
import { sealArrivals, sealMessage } from '../../../packages/sdk/src/message/index.ts';
import { newPerson, newReaders } from '../new-person.ts';

export interface SendOrder {
  readonly origin: string;
  readonly session: string;
  readonly clients: number;
  readonly messages: number;
  readonly recipientsEach: number;
  readonly readers: number;
}

const TEXT = 'word '.repeat(4_000);
const PASSES_AT_ONCE = 32;
/** A rate that lasts is asked for, not how long a process takes to compile its functions. */
const WARM_UP_DELIVERIES = 1_000;
/** Whoever is more than these is blind: very many names do not fit the first chunk. */
const MOST_NAMED = 16;

export interface SendAnswer {
  readonly ms: number;
  /** All threads of this process. */
  readonly processorMs: number;
}

process.once('message', (order: SendOrder) => {
  void run(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});

async function run(order: SendOrder): Promise<SendAnswer> {
  const { origin, session, clients, messages, recipientsEach, readers: count } = order;
  const host = await openClientHost({ home: 'unused' });
  const wire = host.connect(origin);
  const rights = { session };
  const sender = await newPerson(host.engine, 'alice@localhost');
  const readers = await newReaders(host.engine, sender.identity, count);
  const passes: string[] = [];

  async function send(number: number): Promise<void> {
    const to = Array.from({ length: recipientsEach }, (_, place) => readers[(number * recipientsEach + place) % count]);
    const known = to.filter((identity) => identity !== undefined);
    const sealed = await sealMessage(host, {
      sender,
      to: known.slice(0, MOST_NAMED),
      cc: [],
      bcc: known.slice(MOST_NAMED),
      subject: `Message ${number}`,
      text: TEXT,
      dateSeconds: Math.floor(Date.now() / 1_000),
      inReplyTo: null,
      attachments: [],
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of sealed.message.payload()) pieces.push(piece);
    const content = Buffer.concat(pieces);
    const blobs = [{ sizeBytes: content.length }];
    const recipients = [];
    const arrivals = known.map((identity) => ({ identity, counter: 1, previous: null }));
    for await (const { identity, message, delivery } of sealArrivals(host, sealed, arrivals)) {
      const { address } = identity.party;
      recipients.push({
        address,
        key: host.engine.randomBytes(16),
        headers: [encodeShortHeader(message)],
        part: delivery,
      });
    }
    for (let at = 0; at < recipients.length; at += limits.MAX_RECIPIENTS) {
      const some = recipients.slice(at, at + limits.MAX_RECIPIENTS);
      const pass = await nextPass();
      const way = { rights: { pass }, items: [content] };
      const { answers } = await wire.call(ROUTES.deliver, { blobs, recipients: some }, way);
      if (answers.some((answer) => answer !== 'ok')) throw new Error(`the server answered ${answers.join(' ')}`);
    }
  }

  async function nextPass(): Promise<string> {
    const pass = passes.pop();
    if (pass !== undefined) return pass;
    const issued = await wire.call(ROUTES.passesIssue, { count: PASSES_AT_ONCE }, { rights });
    passes.push(...issued.passes);
    return passes.pop() ?? '';
  }

  async function sendAll(wanted: number): Promise<void> {
    const left = Array.from({ length: wanted }, (_, number) => number).values();
    const lane = async (): Promise<void> => {
      for (const number of left) await send(number);
    };
    await Promise.all(Array.from({ length: clients }, lane));
  }

  await sendAll(Math.ceil(WARM_UP_DELIVERIES / recipientsEach));
  const isAsked = once(process, 'message');
  process.send?.({ warm: true });
  await isAsked;
  const before = process.cpuUsage();
  const startMs = performance.now();
  await sendAll(messages);
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(before);
  await host.close();
  return { ms, processorMs: (user + system) / 1_000 };
}
