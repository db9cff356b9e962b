/**
 * The first chunk of a message: statement, signatures and delivery part, before the rest is fetched
 * (docs/spec/08-message.md, "Order of checks").
 */
import {
  CHUNK_BYTES,
  chunkCountOf,
  CryptoError,
  NONCE_BYTES,
  openDelivery,
  openHeader,
  parseIdentity,
  payloadKeyOf,
  plaintextSizeOf,
  type Engine,
  type PayloadReader,
} from '@latchkey/crypto';
import { statementHash, type CanonicalAddress, type MessageStatement } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import type { HeadGossip } from '../directory/gossip/head-gossip.ts';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { OwnKeys } from '../signing/types.ts';
import { decodeDeliveryBody, type DeliveryBody } from './delivery-body.ts';
import { decodeFirstChunk, type EnvelopeHead } from './envelope.ts';
import { altered, itemKeyFor, type MessageHost } from './item-key.ts';
import type { BlindOpening } from './blind-tree.ts';
import type { SenderView } from './sender-view.ts';
import { formatSummary } from './summary.ts';
import type { ItemKey, MessageVerdict, Summary } from './types.ts';
import { verdictOn } from './verdict.ts';

/** Where a message comes from: an arrival with its delivery part, or one's own copy. */
export type MessageSource = {
  readonly header: Uint8Array;
  readonly payload: PayloadReader;
} & (
  | { readonly delivery: Uint8Array }
  /** The item that the own record of the copy names. */
  | { readonly ownCopyItem: Uint8Array }
);

export interface Receiver {
  readonly own: OwnKeys;
  readonly lookUp: (address: CanonicalAddress) => Promise<SenderView>;
  /** Hours since 1970-01-01T00Z; null where nothing arrived. */
  readonly arrivalHour: number | null;
  /** Absent: what the sender saw of the key log is not compared, as when a message is read that was filed before. */
  readonly compareView?: HeadGossip['compareView'];
}

export interface FirstChunk {
  readonly statement: MessageStatement;
  /** The message's identity. */
  readonly hash: Uint8Array;
  readonly note: string;
  readonly verdict: MessageVerdict;
  readonly key: ItemKey;
  /** The delivery part's row; null in an own copy, and where there is no part that opens. */
  readonly summary: Summary | null;
  readonly opening: BlindOpening | null;
  readonly counter: number | null;
  readonly previous: Uint8Array | null;
}

/**
 * Null where the message is sealed to none of the own identities.
 *
 * @throws SdkError `item_altered` where nothing of it may be shown; whatever `lookUp` and the payload throw
 */
export async function openFirstChunk(
  host: MessageHost,
  source: MessageSource,
  receiver: Receiver,
): Promise<FirstChunk | null> {
  const fileKey = await unwrapFor(host.engine, source.header, receiver.own);
  if (fileKey === null) return null;
  try {
    return await readFirstChunk(host, source, { receiver, fileKey });
  } catch (cause) {
    fileKey.fill(0);
    throw cause;
  }
}

async function readFirstChunk(
  host: MessageHost,
  source: MessageSource,
  { receiver, fileKey }: { readonly receiver: Receiver; readonly fileKey: Uint8Array },
): Promise<FirstChunk> {
  const { nonce, head } = await readHead(host, source.payload, fileKey);
  const { statement } = head.signed;
  const item = 'delivery' in source ? statement.item : source.ownCopyItem;
  const key = await itemKeyFor(host.engine, { fileKey, nonce, item });
  await requireCheckpoint(host.engine, head);
  const delivered = 'delivery' in source ? await openPart(host.engine, { ...source, key }) : null;
  const verdict = await verdictOn(host.engine, {
    signed: head.signed,
    receiver,
    ownCopy: !('delivery' in source),
    opening: delivered?.opening ?? null,
    checkpoint: head.checkpoint,
  });
  const trueRow = delivered === null ? !('delivery' in source) : await isStated(host.engine, delivered, statement);
  return {
    statement,
    hash: statementHash(statement),
    note: head.note,
    verdict: { ...verdict, inconsistent: !trueRow },
    key,
    summary: delivered?.summary ?? null,
    opening: delivered?.opening ?? null,
    counter: delivered?.counter ?? null,
    previous: delivered?.previous ?? null,
  };
}

/** The file key of a header that is sealed to one of the own identities, else null. */
export async function unwrapFor(engine: Engine, header: Uint8Array, own: OwnKeys): Promise<Uint8Array | null> {
  const identities = own.all.map(({ sealIdentity }) => parseIdentity(sealIdentity));
  try {
    return (await alteredIfBroken(openHeader(engine, { header, identities })))?.fileKey ?? null;
  } finally {
    for (const { secret } of identities) secret.fill(0);
  }
}

/** Whatever crypto refuses as broken cannot be shown; other errors pass. */
export async function alteredIfBroken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof CryptoError && cause.code !== 'argument_invalid') throw altered(cause.message, { cause });
    throw cause;
  }
}

async function readHead(
  { engine, chunks }: MessageHost,
  payload: PayloadReader,
  fileKey: Uint8Array,
): Promise<{ nonce: Uint8Array; head: EnvelopeHead }> {
  const plaintextBytes = await alteredIfBroken((async () => plaintextSizeOf(payload.sizeBytes))());
  const first = await payload.readAt(0, Math.min(payload.sizeBytes, NONCE_BYTES + CHUNK_BYTES));
  if (first.length !== Math.min(payload.sizeBytes, NONCE_BYTES + CHUNK_BYTES)) throw altered('it was cut short');
  const nonce = first.slice(0, NONCE_BYTES);
  const payloadKey = await payloadKeyOf(engine, fileKey, nonce);
  const final = chunkCountOf(plaintextBytes) === 1;
  const opened = await chunks.openRun({ payloadKey, firstChunk: 0, bytes: first.slice(NONCE_BYTES), final });
  payloadKey.fill(0);
  if (!opened.whole) throw altered('its first chunk does not open');
  return { nonce, head: decodeFirstChunk(opened.bytes) };
}

async function requireCheckpoint(engine: Engine, { checkpoint, signed }: EnvelopeHead): Promise<void> {
  const { checkpoint: hash } = signed.statement;
  if (checkpoint === null || hash === null) return;
  if (!equalBytes(await engine.sha256(utf8.decode(checkpoint)), hash)) throw altered('its checkpoint is not the one');
}

/** Null for a delivery part that does not open: the message is what it is, and its row was spoilt on the way. */
async function openPart(
  engine: Engine,
  { delivery, header, key }: { delivery: Uint8Array; header: Uint8Array; key: ItemKey },
): Promise<DeliveryBody | null> {
  try {
    const place = { engine, fileKey: key.fileKey, header, payloadNonce: key.nonce };
    return decodeDeliveryBody(await alteredIfBroken(openDelivery(place, delivery)));
  } catch (cause) {
    if (cause instanceof SdkError && cause.code === 'item_altered') return null;
    throw cause;
  }
}

async function isStated(engine: Engine, { summary }: DeliveryBody, statement: MessageStatement): Promise<boolean> {
  return equalBytes(await engine.sha256(utf8.decode(formatSummary(summary))), statement.summary);
}
