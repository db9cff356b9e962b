/** What each recipient gets besides the payloads: headers and a delivery part (docs/spec/08-message.md). */
import {
  headerMacKey,
  inOrder,
  parseRecipient,
  sealDelivery,
  sealHeader,
  type Engine,
  type PublicRecipient,
} from '@latchkey/crypto';
import type { VerifiedIdentity } from '../signing/types.ts';
import { blindTreeOf, type BlindOpening } from './blind-tree.ts';
import { deliveryBodies } from './delivery-body.ts';
import type { MessageHost } from './item-key.ts';
import type { SealedMessage } from './seal-message.ts';

export interface ArrivalRecipient {
  readonly identity: VerifiedIdentity;
  /** Messages of this sender identity to this recipient, this one among them: from 1. */
  readonly counter: number;
  /** Hash of the statement of the message before; null in the first. */
  readonly previous: Uint8Array | null;
}

export interface SealedArrival {
  readonly identity: VerifiedIdentity;
  /** Header of the message item, as text; its short form is what travels (docs/spec/06-wire.md, "Short headers"). */
  readonly message: Uint8Array;
  /** Header of the key list, likewise; null without attachments. */
  readonly keyList: Uint8Array | null;
  readonly delivery: Uint8Array;
}

/** Under way together: what an engine does aside, on other cores, has to be asked for before its turn comes. */
const AT_ONCE = 32;

/** One after the other, in the order given, made as they are asked for. */
export async function* sealArrivals(
  host: MessageHost,
  sealed: SealedMessage,
  recipients: readonly ArrivalRecipient[],
): AsyncGenerator<SealedArrival, void, undefined> {
  const openingFor = await openingsOf(host.engine, sealed);
  const bodyOf = deliveryBodies(sealed.summary);
  const { key, keyList } = sealed.written;
  const macKeys = {
    message: await headerMacKey(host.engine, key.fileKey),
    keyList: keyList === null ? null : await headerMacKey(host.engine, keyList.key.fileKey),
  };
  const lines = recipients.map((recipient) => ({ ...recipient, sealTo: sealToOf(recipient.identity) }));
  const engines = enginesFor(
    host,
    lines.map(({ sealTo }) => sealTo),
    keyList === null ? 1 : 2,
  );
  try {
    yield* inOrder(oneByOne(lines.entries()), {
      atOnce: AT_ONCE,
      work: async ([place, { identity, counter, previous, sealTo }]) => {
        const body = bodyOf({ opening: openingFor(identity), counter, previous });
        return sealArrival(engines.at(place), sealed, { identity, sealTo, body, macKeys });
      },
    });
  } finally {
    await engines.close();
    macKeys.message.fill(0);
    macKeys.keyList?.fill(0);
  }
}

/** One for all headers of an item. */
interface MacKeys {
  readonly message: Uint8Array;
  readonly keyList: Uint8Array | null;
}

interface ArrivalToSeal {
  readonly identity: VerifiedIdentity;
  readonly sealTo: PublicRecipient;
  readonly body: Uint8Array;
  readonly macKeys: MacKeys;
}

// eslint-disable-next-line typescript/require-await
async function* oneByOne<T>(list: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* list;
}

interface HeaderEngines {
  readonly message: Engine;
  readonly keyList: Engine;
}

/** The engine for the headers of each recipient: of a host with threads, one whose encapsulations were begun already. */
function enginesFor(
  host: MessageHost,
  recipients: readonly PublicRecipient[],
  headersEach: 1 | 2,
): { at(place: number): HeaderEngines; close(): Promise<void> } {
  const { engine } = host;
  const keys = recipients.flatMap(({ publicKey }) => Array.from({ length: headersEach }, () => publicKey));
  const ahead = host.encapsulateAhead?.(keys) ?? null;
  if (ahead === null) return { at: () => ({ message: engine, keyList: engine }), close: () => Promise.resolve() };
  const engineAt = (place: number): Engine => ({
    ...engine,
    hybridKemEncapsulate: (publicKey) => ahead.take(place, publicKey),
  });
  return {
    at: (place) => ({ message: engineAt(place * headersEach), keyList: engineAt(place * headersEach + 1) }),
    close: () => ahead.close(),
  };
}

async function sealArrival(
  engines: HeaderEngines,
  { written }: SealedMessage,
  { identity, sealTo, body, macKeys }: ArrivalToSeal,
): Promise<SealedArrival> {
  const { key, keyList } = written;
  const message = await sealHeaderTo(engines.message, { fileKey: key.fileKey, macKey: macKeys.message }, sealTo);
  const place = { engine: engines.message, fileKey: key.fileKey, header: message, payloadNonce: key.nonce };
  return {
    identity,
    message,
    keyList:
      keyList === null || macKeys.keyList === null
        ? null
        : await sealHeaderTo(engines.keyList, { fileKey: keyList.key.fileKey, macKey: macKeys.keyList }, sealTo),
    delivery: await sealDelivery(place, body),
  };
}

/** The sealing key of this version, as a recipient. */
export function sealToOf({ statement }: VerifiedIdentity): PublicRecipient {
  return parseRecipient(statement.seal);
}

export async function sealHeaderTo(
  engine: Engine,
  keys: { readonly fileKey: Uint8Array; readonly macKey?: Uint8Array },
  recipient: PublicRecipient,
): Promise<Uint8Array<ArrayBuffer>> {
  // A statement has a hybrid recipient and no other, and so has every other header of this file key.
  return sealHeader(engine, { ...keys, recipients: [recipient], wrappedBefore: ['mlkem768x25519'] });
}

async function openingsOf(
  engine: Engine,
  { written }: SealedMessage,
): Promise<(identity: VerifiedIdentity) => BlindOpening | null> {
  const { blindSeed, bcc } = written;
  if (blindSeed === null) return () => null;
  const { openings } = await blindTreeOf(engine, { blindSeed, bcc });
  const byAddress = new Map(bcc.map(({ address }, index) => [address, openings[index] ?? null]));
  return ({ party }) => byAddress.get(party.address) ?? null;
}
