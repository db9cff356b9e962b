/** Places the arrivals, up to 256 with one call (docs/spec/09-mail.md, "Sending"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { encodeShortHeader, limits, ROUTES, type RequestOf, type ResponseOf } from '@latchkey/protocol/wire';
import type { Client } from '../../client/types.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import { sealArrivals, type SealedMessage } from '../../message/index.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import { callOptions, patientWire } from '../transfers/server-line.ts';
import type { RecipientOutcome, TransferOptions } from '../types.ts';
import { takeCounters, type Counted } from './counters.ts';
import type { ItemToDeliver } from './item-to-deliver.ts';
import type { Letter, LetterRecipient } from './letter.ts';
import type { OutboxEntry } from './outbox-entry.ts';

export interface LetterToDeliver {
  readonly entry: OutboxEntry;
  readonly letter: Letter;
  readonly sealed: SealedMessage;
  readonly items: readonly ItemToDeliver[];
  /** Who was found when the letter was written; after a crash nobody is. */
  readonly known: ReadonlyMap<CanonicalAddress, VerifiedIdentity>;
  /** Told after each batch. */
  readonly onOutcomes: (outcomes: Outcomes) => Promise<void>;
}

export type Outcomes = ReadonlyMap<CanonicalAddress, RecipientOutcome>;

type Delivery = RequestOf<typeof ROUTES.deliver>['recipients'][number];

/** How often somebody is asked whose server says `later`, and how long the first wait is. */
const LATER_ROUNDS = 3;
const LATER_MS = 1_000;

/** @returns what became of each recipient who had no final outcome yet */
export async function deliverLetter(client: Client, job: LetterToDeliver, options: TransferOptions): Promise<Outcomes> {
  const { entry, letter, sealed } = job;
  const before = new Map(entry.record.outcomes.map(({ address, outcome }) => [address, outcome]));
  const open = letter.recipients.filter(({ address }) => (before.get(address) ?? 'later') === 'later');
  const outcomes = new Map(before);
  const found = await findIdentities(client, open, job.known);
  for (const { address } of open) if (!found.has(address)) outcomes.set(address, 'changed');
  const reachable = open.filter(({ address }) => found.has(address));
  const message = { outbox: entry.id, hash: sealed.hash, sender: sealed.statement.from.identity };
  const counters = await takeCounters(
    client,
    message,
    reachable.map(({ address }) => address),
  );
  for (let at = 0; at < reachable.length; at += limits.MAX_RECIPIENTS) {
    const some = reachable.slice(at, at + limits.MAX_RECIPIENTS);
    const deliveries = await sealBatch(client, { ...job, some, found, counters });
    await deliverBatch(client, { items: job.items, deliveries, outcomes }, options);
    if (at + limits.MAX_RECIPIENTS < reachable.length) await job.onOutcomes(outcomes);
  }
  return outcomes;
}

/** The very identity version that the message names. Whoever has another one now is not written to. */
async function findIdentities(
  { directory }: Client,
  recipients: readonly LetterRecipient[],
  known: LetterToDeliver['known'],
): Promise<ReadonlyMap<CanonicalAddress, VerifiedIdentity>> {
  const found = new Map<CanonicalAddress, VerifiedIdentity>();
  const missing: LetterRecipient[] = [];
  for (const recipient of recipients) {
    const identity = known.get(recipient.address);
    if (identity !== undefined && equalBytes(identity.hash, recipient.identity)) found.set(recipient.address, identity);
    else missing.push(recipient);
  }
  for (let at = 0; at < missing.length; at += limits.MAX_RESOLVED) {
    const some = missing.slice(at, at + limits.MAX_RESOLVED);
    const resolutions = await directory.resolve(some.map(({ address }) => address));
    for (const [place, recipient] of some.entries()) {
      const resolution = resolutions[place];
      const versions = resolution?.outcome === 'known' ? resolution.versions : [];
      const identity = versions.find(({ hash }) => equalBytes(hash, recipient.identity));
      if (identity !== undefined) found.set(recipient.address, identity);
    }
  }
  return found;
}

interface Batch extends LetterToDeliver {
  readonly some: readonly LetterRecipient[];
  readonly found: ReadonlyMap<CanonicalAddress, VerifiedIdentity>;
  readonly counters: ReadonlyMap<CanonicalAddress, Counted>;
}

async function sealBatch({ host }: Client, { letter, sealed, some, found, counters }: Batch): Promise<Delivery[]> {
  const arrivals = some.map(({ address }) => {
    const [identity, counted] = [found.get(address), counters.get(address)];
    if (identity === undefined || counted === undefined) throw new RangeError('a recipient was lost');
    return { identity, ...counted };
  });
  const deliveries: Delivery[] = [];
  for await (const { message, keyList, delivery } of sealArrivals(host, sealed, arrivals)) {
    const recipient = some[deliveries.length];
    if (recipient === undefined) throw new RangeError('more arrivals than recipients');
    const attachments = letter.attachments.map(() => null);
    deliveries.push({
      address: recipient.address,
      key: recipient.arrival,
      headers: [encodeShortHeader(message), ...(keyList === null ? [] : [encodeShortHeader(keyList)]), ...attachments],
      part: delivery,
    });
  }
  return deliveries;
}

interface BatchToDeliver {
  readonly items: readonly ItemToDeliver[];
  readonly deliveries: readonly Delivery[];
  readonly outcomes: Map<CanonicalAddress, RecipientOutcome>;
}

/** Repetitions send the same bytes: whoever has the arrival answers `ok` and changes nothing. */
async function deliverBatch(
  client: Client,
  { items, deliveries, outcomes }: BatchToDeliver,
  options: TransferOptions,
): Promise<void> {
  let left = deliveries;
  for (let round = 0; left.length > 0; round++) {
    const recipients = [...left];
    const { answers } = await deliverOnce(client, { items, recipients }, options);
    if (answers.length !== recipients.length)
      throw new SdkError('answer_malformed', 'not every recipient was answered');
    for (const [place, { address }] of recipients.entries()) {
      const answer = answers[place] ?? 'later';
      outcomes.set(address as CanonicalAddress, answer === 'ok' ? 'delivered' : answer);
    }
    left = recipients.filter((_, place) => answers[place] === 'later');
    if (round === LATER_ROUNDS) return;
    if (left.length > 0) await client.host.clock.sleep(LATER_MS * 2 ** round, options.signal);
  }
}

async function deliverOnce(
  client: Client,
  { items, recipients }: { readonly items: readonly ItemToDeliver[]; readonly recipients: Delivery[] },
  options: TransferOptions,
): Promise<ResponseOf<typeof ROUTES.deliver>> {
  const blobs = items.map((item) => ('blob' in item ? item.blob : { sizeBytes: item.content.length }));
  const along = items.flatMap((item) => ('blob' in item ? [] : [item.content]));
  const wire = patientWire(client);
  const call = callOptions(client, options);
  for (let round = 0; ; round++) {
    const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, call);
    const [pass] = passes;
    if (pass === undefined) throw new SdkError('answer_malformed', 'the server gave no pass');
    try {
      return await wire.call(ROUTES.deliver, { blobs, recipients }, { ...call, rights: { pass }, items: along });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // A new account delivers to few at once (docs/spec/20-reports.md): how few is found by halves.
      if (error.wire === 'account_new' && recipients.length > 1) {
        const half = Math.ceil(recipients.length / 2);
        const first = await deliverOnce(client, { items, recipients: recipients.slice(0, half) }, options);
        const second = await deliverOnce(client, { items, recipients: recipients.slice(half) }, options);
        return { answers: [...first.answers, ...second.answers] };
      }
      // A pass is good for its hour and the next: a machine may have slept.
      if (round > 0 || error.wire !== 'pass_invalid') throw error;
    }
  }
}
