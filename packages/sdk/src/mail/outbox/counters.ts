/** How many messages each recipient was sent, and which was the last (docs/spec/09-mail.md, "Counters"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { Client } from '../../client/types.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { RecordBody, RecordEdit } from '../../sync/types.ts';
import { joinBytes } from '../../sync/byte-fields.ts';
import { encodeUtf8 } from '../../sync/utf8-text.ts';
import { countField, hashField, idField, listField } from '../records/fields.ts';
import { writePatiently } from '../write-patiently.ts';
import { outboxEntries } from './outbox-entry.ts';

const VERSION = 1;
const MOST_WAITING = 1_024;
const EDITS_AT_ONCE = 128;

/** What a delivery part says: which message this is, and which came before it. */
export interface Counted {
  /** From 1. */
  readonly counter: number;
  /** Hash of the statement before; null in the first. */
  readonly previous: Uint8Array | null;
}

interface CounterRecord extends Counted {
  /** Numbers of messages that are still in the outbox, so that going on gives them the same ones. */
  readonly waiting: readonly (Counted & { readonly outbox: Uint8Array })[];
}

const counted = { counter: countField, previous: v.nullable(hashField) };

const schema = v.strictObject({
  kind: v.literal('counter'),
  v: v.literal(VERSION),
  ...counted,
  waiting: listField(v.strictObject({ outbox: idField, ...counted }), MOST_WAITING),
});

export interface CountedMessage {
  /** Record id of the outbox entry. */
  readonly outbox: Uint8Array;
  /** Hash of the statement. */
  readonly hash: Uint8Array;
  /** Hash of the identity statement that signed. */
  readonly sender: Uint8Array;
}

/** The number of this message for each address. Asked again for the same outbox entry it gives the same ones. */
export async function takeCounters(
  client: Client,
  message: CountedMessage,
  addresses: readonly CanonicalAddress[],
): Promise<ReadonlyMap<CanonicalAddress, Counted>> {
  const { outbox, hash } = message;
  const onTheirWay = (await outboxEntries(client)).map(({ id }) => id);
  const taken = new Map<CanonicalAddress, Counted>();
  await edit(client, { message, addresses }, (address, current) => {
    const { counter, previous, waiting } = current ?? { counter: 0, previous: null, waiting: [] };
    const mine = waiting.find((each) => equalBytes(each.outbox, outbox));
    if (mine !== undefined) {
      taken.set(address, { counter: mine.counter, previous: mine.previous });
      return null;
    }
    const next = { counter: counter + 1, previous };
    taken.set(address, next);
    const left = waiting.filter((each) => onTheirWay.some((id) => equalBytes(id, each.outbox)));
    return { counter: next.counter, previous: hash, waiting: [...left, { outbox, ...next }].slice(-MOST_WAITING) };
  });
  return taken;
}

/** Of messages that nobody got. Only the last number can be taken back; a gap that stays is true: one never came. */
export async function giveCountersBack(
  client: Client,
  message: CountedMessage,
  addresses: readonly CanonicalAddress[],
): Promise<void> {
  await edit(client, { message, addresses }, (_address, current) => {
    const mine = current?.waiting.find((each) => equalBytes(each.outbox, message.outbox));
    if (current === null || mine === undefined || mine.counter !== current.counter) return null;
    const waiting = current.waiting.filter((each) => each !== mine);
    return { counter: mine.counter - 1, previous: mine.previous, waiting };
  });
}

type Change = (address: CanonicalAddress, current: CounterRecord | null) => CounterRecord | null;

async function edit(
  { host, vault }: Client,
  { message, addresses }: { message: CountedMessage; addresses: readonly CanonicalAddress[] },
  change: Change,
): Promise<void> {
  for (let at = 0; at < addresses.length; at += EDITS_AT_ONCE) {
    const some = addresses.slice(at, at + EDITS_AT_ONCE);
    const edits = some.map(async (address): Promise<RecordEdit> => ({
      id: await vault.nameRecord('counter', joinBytes(message.sender, encodeUtf8(address))),
      knows: VERSION,
      change(current) {
        const next = change(address, current === null ? null : parseCounter(current));
        return next === null ? 'keep' : counterBody(next);
      },
    }));
    await writePatiently(host, vault, await Promise.all(edits));
  }
}

function parseCounter(body: RecordBody): CounterRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}

function counterBody({ counter, previous, waiting }: CounterRecord): RecordBody {
  return {
    kind: 'counter',
    v: VERSION,
    counter,
    previous: previous === null ? null : encodeBytes(previous),
    waiting: waiting.map((each) => ({
      outbox: encodeBytes(each.outbox),
      counter: each.counter,
      previous: each.previous === null ? null : encodeBytes(each.previous),
    })),
  };
}
