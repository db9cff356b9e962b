/** Clients that seal and deliver, many at once in one process: message, statement, headers, blob, delivery. */
import { encodeShortHeader, ROUTES } from '../../../packages/protocol/src/wire/index.ts';
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

process.once('message', (order: SendOrder) => {
  void run(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});

/** @returns milliseconds */
async function run({ origin, session, clients, messages, recipientsEach, readers: count }: SendOrder): Promise<number> {
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
      to: known,
      cc: [],
      bcc: [],
      subject: `Message ${number}`,
      text: TEXT,
      dateSeconds: Math.floor(Date.now() / 1_000),
      inReplyTo: null,
      attachments: [],
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of sealed.message.payload()) pieces.push(piece);
    const hold = host.engine.randomBytes(16);
    const { blob } = await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(Buffer.concat(pieces)), { rights });
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
    let pass = passes.pop();
    if (pass === undefined) {
      const issued = await wire.call(ROUTES.passesIssue, { count: PASSES_AT_ONCE }, { rights });
      passes.push(...issued.passes);
      pass = passes.pop() ?? '';
    }
    const { answers } = await wire.call(ROUTES.deliver, { blobs: [blob], recipients }, { rights: { pass } });
    if (answers.some((answer) => answer !== 'ok')) throw new Error(`the server answered ${answers.join(' ')}`);
  }

  const left = Array.from({ length: messages }, (_, number) => number).values();
  const lane = async (): Promise<void> => {
    for (const number of left) await send(number);
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: clients }, lane));
  const ms = performance.now() - startMs;
  await host.close();
  return ms;
}
