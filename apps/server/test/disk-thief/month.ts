/** A month of mail among a few people, by the calls that a client makes, with the truth about who sent what. */
import { limits } from '@latchkey/protocol/wire';
import { sweep } from '../../src/sweeper.ts';
import { randomHeader, startTestServer, type TestServer } from '../../src/testing/index.ts';
import { bytes, id, pass, register, type TestOwner } from '../test-owner.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';

export interface Delivery {
  readonly sender: string;
  readonly recipient: string;
  /** Of the arrival at the recipient. */
  readonly number: number;
  /** Hexadecimal; one for each item. */
  readonly blobs: readonly string[];
}

export interface Month {
  readonly server: TestServer;
  readonly addresses: readonly string[];
  readonly deliveries: readonly Delivery[];
}

export interface MonthOptions {
  readonly data: string;
  readonly seed: number;
  readonly days: number;
  /** Messages of each person a day, on average. */
  readonly messagesADay: number;
}

interface Person {
  readonly owner: TestOwner;
  readonly mailbox: Uint8Array;
  readonly device: Uint8Array;
  /** How many of those that came were already looked at. */
  seen: number;
  received: number;
}

const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'];
const hourMs = 3_600_000;
/** A header for one hybrid recipient as text, in an own copy. */
export const HEADER_TEXT_BYTES = 1_627;
const partBytes = 1_040;

/** The server is left running in the middle of an hour, as a thief would find it. */
export async function makeMonth({ data, seed, days, messagesADay }: MonthOptions): Promise<Month> {
  const random = seededRandom(seed);
  const startMs = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  let nowMs = startMs;
  const server = await startTestServer({ data, clock: () => nowMs });
  const people: Person[] = [];
  for (const name of names) people.push(await join(server, name));
  const scene = { server, people, random };
  const deliveries: Delivery[] = [];
  let sweptHour = 0;
  for (const step of plan(random, { days, messagesADay })) {
    nowMs = startMs + step.atMs;
    const hour = Math.floor(step.atMs / hourMs);
    if (hour > sweptHour) await sweep(server.services);
    sweptHour = hour;
    const person = people[step.person];
    if (person === undefined) continue;
    if (step.does === 'fetch') await fetchAndFile(person, random);
    else deliveries.push(...(await send(scene, person)));
  }
  // At least one message waits at two people.
  for (let sent: Delivery[] = []; sent.length < 2; deliveries.push(...sent)) {
    const [first] = people;
    if (first !== undefined) sent = await send(scene, first);
  }
  return { server, addresses: people.map((each) => each.owner.address), deliveries };
}

interface Step {
  readonly atMs: number;
  readonly person: number;
  readonly does: 'send' | 'fetch';
}

function plan(random: SeededRandom, { days, messagesADay }: Pick<MonthOptions, 'days' | 'messagesADay'>): Step[] {
  const steps: Step[] = [];
  for (let day = 0; day < days; day++) {
    for (const person of names.keys()) {
      const atMs = (): number => (day * 24 + 8 + random.below(12)) * hourMs + random.below(hourMs);
      for (let count = random.below(2 * messagesADay + 1); count > 0; count--) {
        steps.push({ atMs: atMs(), person, does: 'send' });
      }
      if (random.below(10) < 8) steps.push({ atMs: atMs(), person, does: 'fetch' });
    }
  }
  return steps.toSorted((one, other) => one.atMs - other.atMs);
}

async function join(server: TestServer, name: string): Promise<Person> {
  const owner = await register(server.origin, `${name}@localhost`);
  const person = { owner, mailbox: id(), device: id(), seen: 0, received: 0 };
  await owner.wire.call('spacesCreate', { space: id(), kind: 'vault' });
  await owner.wire.call('spacesCreate', { space: person.mailbox, kind: 'mailbox' });
  return person;
}

interface Scene {
  readonly server: TestServer;
  readonly people: readonly Person[];
  readonly random: SeededRandom;
}

/** Outbox record, large items, deliveries with the small ones, own copies, mailbox record; then the holds of the sender go. */
async function send({ server, people, random }: Scene, from: Person): Promise<Delivery[]> {
  const { wire } = from.owner;
  const others = people.filter((each) => each !== from);
  const to = random.shuffled(others).slice(0, random.below(4) === 0 ? 2 : 1);
  const sizes = itemSizes(random);
  const outbox = id();
  await writeRecord(from, { record: outbox, version: 1, sizeBytes: 1_081 });
  const holds = [];
  const blobs = [];
  const along = [];
  for (const sizeBytes of sizes) {
    if (sizeBytes <= limits.INLINE_BLOB_BYTES) {
      along.push(bytes(sizeBytes));
      blobs.push({ sizeBytes });
      continue;
    }
    const hold = id();
    holds.push(hold);
    blobs.push((await wire.put('holdsPut', { hold }, bytes(sizeBytes))).blob);
  }
  const recipients = to.map(({ owner }) => ({
    address: owner.address,
    key: id(),
    headers: sizes.map((_size, item) => (item < 2 ? randomHeader() : null)),
    part: bytes(partBytes),
  }));
  await wire.callWithItems({ blobs, recipients }, along, await pass(from.owner));
  for (const sizeBytes of sizes) await wire.put('holdsPut', { hold: id() }, bytes(sizeBytes + HEADER_TEXT_BYTES));
  await writeRecord(from, { record: id(), version: 1, sizeBytes: 4_153 });
  await writeRecord(from, { record: outbox, version: 2, sizeBytes: 313 });
  if (holds.length > 0) await wire.call('holdsRemove', { holds });
  return Promise.all(
    to.map(async (recipient) => {
      const number = ++recipient.received;
      const { address } = recipient.owner;
      return {
        sender: from.owner.address,
        recipient: address,
        number,
        blobs: await blobsOf(server, { address, number }),
      };
    }),
  );
}

/** Whoever sends small items never learns under which names they lie; the truth about them is in the table. */
async function blobsOf(
  { services }: TestServer,
  { address, number }: { readonly address: string; readonly number: number },
): Promise<string[]> {
  const rows = await services.store.db
    .selectFrom('arrival_item')
    .innerJoin('account', 'account.id', 'arrival_item.account')
    .select('blob')
    .where('address', '=', address)
    .where('arrival', '=', number)
    .orderBy('item')
    .execute();
  return rows.map(({ blob }) => Buffer.from(blob).toString('hex'));
}

/** Padded sizes: mostly small text, sometimes attachments with their key list. */
function itemSizes(random: SeededRandom): number[] {
  const payload = (units: number): number => 16 + 4_096 * units + 16;
  const message = payload(1 + (random.below(3) === 0 ? random.below(4) : 0));
  if (random.below(5) > 0) return [message];
  const large = random.below(3) === 0;
  return [message, payload(1), large ? 16 + 73_728 + 32 : payload(2 ** random.below(4))];
}

async function fetchAndFile(person: Person, random: SeededRandom): Promise<void> {
  const { wire } = person.owner;
  await wire.call('eventsList', { after: 0, limit: 1 }).catch(() => undefined);
  const { arrivals } = await wire.call('arrivalsList', {
    after: person.seen,
    limit: limits.MAX_LISTED,
    onlyHere: true,
  });
  const entries = [];
  for (const arrival of arrivals) {
    person.seen = arrival.number;
    // Some are only looked at, and wait.
    if (arrival.state !== 'here' || random.below(6) === 0) continue;
    await wire.get('arrivalItem', { arrival: arrival.number, item: 0 });
    const holds = arrival.items.map(({ header }) => ({
      hold: id(),
      header: header === null ? randomHeader() : null,
    }));
    entries.push({ arrival: arrival.number, record: id(), epoch: 1, sealed: bytes(4_153), holds });
  }
  if (entries.length > 0) await wire.call('arrivalsFile', { space: person.mailbox, entries });
}

interface RecordToWrite {
  readonly record: Uint8Array;
  readonly version: number;
  readonly sizeBytes: number;
}

async function writeRecord(person: Person, { record, version, sizeBytes }: RecordToWrite): Promise<void> {
  const write = { record, version, epoch: 1, sealed: bytes(sizeBytes) };
  const { answer } = await person.owner.wire.call('spacesWrite', {
    space: person.mailbox,
    writes: [write],
    head: null,
  });
  if (answer !== 'written') throw new Error('a record of the month was not written');
}
