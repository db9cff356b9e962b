/** What a delivery part holds (docs/spec/08-message.md, "Delivery part"). */
import { LONGEST_DELIVERY_BODY_BYTES } from '@latchkey/crypto';
import { utf8 } from '@scure/base';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { BlindOpening } from './blind-tree.ts';
import { MAX_BLIND_DEPTH, MIN_BLIND_DEPTH } from './blind-tree.ts';
import { concatBytes } from './bytes.ts';
import { altered } from './item-key.ts';
import { formatSummary, MAX_SUMMARY_BYTES, parseSummary } from './summary.ts';
import type { Summary } from './types.ts';

const VERSION = 1;
const HASH_BYTES = 32;
const NO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

export interface DeliveryBody {
  readonly summary: Summary;
  /** For somebody who is not named. */
  readonly opening: BlindOpening | null;
  /** Messages of this sender identity to this recipient, this one among them: from 1. */
  readonly counter: number;
  /** Hash of the statement of the message before; null in the first. */
  readonly previous: Uint8Array | null;
}

/** What differs between the recipients of one message. */
export type DeliveryOwn = Omit<DeliveryBody, 'summary'>;

/** The bodies of one message, whose row is written once. */
export function deliveryBodies(summary: Summary): (own: DeliveryOwn) => Uint8Array<ArrayBuffer> {
  const row = utf8.decode(formatSummary(summary));
  return (own) => encodeBody(row, own);
}

/** @throws SdkError `item_altered` for what no delivery part can carry */
export function encodeDeliveryBody({ summary, ...own }: DeliveryBody): Uint8Array<ArrayBuffer> {
  return deliveryBodies(summary)(own);
}

/** @throws SdkError `item_altered` for anything that `encodeDeliveryBody` does not write */
export function decodeDeliveryBody(body: Uint8Array): DeliveryBody {
  const { row, ...own } = readBody(body);
  return { summary: summaryFrom(row), ...own };
}

function encodeBody(row: Uint8Array, { opening, counter, previous }: DeliveryOwn): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(3 + row.length + 1 + openingBytes(opening?.path.length ?? 0) + 8 + HASH_BYTES);
  const view = new DataView(body.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, row.length);
  body.set(row, 3);
  let at = 3 + row.length;
  view.setUint8(at, opening?.path.length ?? 0);
  at += 1;
  if (opening !== null) {
    body.set(opening.salt, at);
    view.setUint16(at + HASH_BYTES, opening.index);
    body.set(concatBytes(...opening.path), at + HASH_BYTES + 2);
    at += openingBytes(opening.path.length);
  }
  view.setBigUint64(at, BigInt(counter));
  body.set(previous ?? NO_HASH, at + 8);
  // Nothing may be sealed that nobody would read.
  readBody(body);
  return body;
}

function readBody(body: Uint8Array): DeliveryOwn & { readonly row: Uint8Array } {
  if (body.length < 3 || body.length > LONGEST_DELIVERY_BODY_BYTES) throw malformed();
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const rowBytes = view.getUint16(1);
  const openingAt = 3 + rowBytes;
  if (view.getUint8(0) !== VERSION || rowBytes > MAX_SUMMARY_BYTES || openingAt >= body.length) throw malformed();
  const depth = view.getUint8(openingAt);
  const counterAt = openingAt + 1 + openingBytes(depth);
  if (depth !== 0 && (depth < MIN_BLIND_DEPTH || depth > MAX_BLIND_DEPTH)) throw malformed();
  if (body.length !== counterAt + 8 + HASH_BYTES) throw malformed();
  const opening = depth === 0 ? null : readOpening(body, openingAt + 1, depth);
  const counter = Number(view.getBigUint64(counterAt));
  const previous = body.slice(counterAt + 8);
  const first = equalBytes(previous, NO_HASH);
  if (!Number.isSafeInteger(counter) || counter < 1 || (counter === 1) !== first) throw malformed();
  return { row: body.subarray(3, openingAt), opening, counter, previous: first ? null : previous };
}

function readOpening(body: Uint8Array, at: number, depth: number): BlindOpening {
  const pathAt = at + HASH_BYTES + 2;
  const index = new DataView(body.buffer, body.byteOffset + at + HASH_BYTES, 2).getUint16(0);
  if (index >= 2 ** depth) throw malformed();
  const path = Array.from({ length: depth }, (_, level) =>
    body.slice(pathAt + level * HASH_BYTES, pathAt + (level + 1) * HASH_BYTES),
  );
  return { salt: body.slice(at, at + HASH_BYTES), index, path };
}

/** Salt, u16 index, path; nothing at depth 0. */
function openingBytes(depth: number): number {
  return depth === 0 ? 0 : HASH_BYTES + 2 + depth * HASH_BYTES;
}

function summaryFrom(bytes: Uint8Array): Summary {
  let text: string;
  try {
    text = utf8.encode(bytes);
  } catch (cause) {
    throw altered('the summary is not UTF-8', { cause });
  }
  return parseSummary(text);
}

function malformed(): Error {
  return altered('the delivery part is not in its one form');
}
