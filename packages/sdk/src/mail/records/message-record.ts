/** One message in the mailbox (docs/spec/09-mail.md, "Filed record"). Never changed once it is there. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { MessageVerdict, Summary } from '../../message/index.ts';
import type { RecordBody } from '../../sync/types.ts';
import { addressField, bytesField, countField, hashField, idField, listField, textField } from './fields.ts';

/** A payload under an own hold. */
export interface StoredItem {
  readonly hold: Uint8Array;
  /** Of the whole blob. */
  readonly sizeBytes: number;
  /** Of own copies, which are whole age files: the header before the payload, and the commitment that it opens to. */
  readonly own: { readonly headerBytes: number; readonly item: Uint8Array } | null;
}

/** The daily head of the key log under which its sender was verified: it lies in the vault (docs/spec/14, "Days"). */
export interface RecordHead {
  /** Since 1970-01-01. */
  readonly day: number;
  /** SHA-256 of the checkpoint note. */
  readonly checkpoint: Uint8Array;
}

/** The sender by the hash of the identity statement. */
export interface StoredVerdict extends Omit<MessageVerdict, 'sender'> {
  readonly sender: Uint8Array | null;
}

export interface MessageRecord {
  readonly way: 'received' | 'sent';
  /** Of the arrival, or of the sending; since 1970-01-01T00Z. */
  readonly hour: number;
  /** Of the arrival, in the log of arrivals; null with own copies. */
  readonly number: number | null;
  /** Hash of the statement. */
  readonly hash: Uint8Array;
  /** That of the message that it answers, as its statement says; null also in records of versions 1 and 2. */
  readonly inReplyTo: Uint8Array | null;
  readonly to: readonly CanonicalAddress[];
  /** Of own copies alone. */
  readonly bcc: readonly CanonicalAddress[];
  readonly summary: Summary;
  readonly verdict: StoredVerdict;
  /** Null of own copies, of senders that no key log proves, and in records of version 1. */
  readonly head: RecordHead | null;
  /** The sender's count of messages to this owner. */
  readonly counter: number | null;
  /** The delivery part as it came, still sealed; null with own copies. */
  readonly delivery: Uint8Array | null;
  readonly message: StoredItem;
  readonly keyList: StoredItem | null;
  readonly attachments: readonly StoredItem[];
}

/** Names of keys, as a policy has them. */
const MOST_NAME_CHARS = 255;
const MOST_WITNESSES = 8;

const storedItem = v.strictObject({
  hold: idField,
  sizeBytes: countField,
  own: v.nullable(v.strictObject({ headerBytes: countField, item: hashField })),
});

const verdictFields = {
  signature: v.picklist(['valid', 'invalid', 'unknown_sender', 'sender_changed']),
  sender: v.nullable(hashField),
  retiredKey: v.boolean(),
  late: v.boolean(),
  addressed: v.picklist(['to', 'cc', 'bcc', 'passed_on', 'wrong_key', 'own_copy']),
  inconsistent: v.boolean(),
};

const recordFields = {
  kind: v.literal('message'),
  way: v.picklist(['received', 'sent']),
  hour: countField,
  number: v.nullable(countField),
  hash: hashField,
  to: listField(addressField, 1_000),
  bcc: listField(addressField, 1_000),
  summary: v.strictObject({
    from: addressField,
    subject: textField(4_096),
    dateSeconds: countField,
    words: textField(4_096),
    attachments: countField,
  }),
  counter: v.nullable(countField),
  delivery: v.nullable(bytesField(1, 4_096)),
  message: storedItem,
  keyList: v.nullable(storedItem),
  attachments: listField(storedItem, 256),
};

const known = v.strictObject({
  trust: v.picklist(['first_use', 'pinned', 'proved', 'witnessed', 'own']),
  witnesses: listField(textField(MOST_NAME_CHARS), MOST_WITNESSES),
  sinceSeconds: v.nullable(countField),
  verifiedSeconds: v.nullable(countField),
});

/** What came with version 2. */
const judgedFields = {
  verdict: v.strictObject({
    ...verdictFields,
    logView: v.picklist(['same', 'none', 'not_compared', 'inconsistent', 'contradicts']),
    known: v.nullable(known),
  }),
  head: v.nullable(v.strictObject({ day: countField, checkpoint: hashField })),
};

const schema = v.variant('v', [
  v.strictObject({ ...recordFields, ...judgedFields, v: v.literal(3), inReplyTo: v.nullable(hashField) }),
  /** From before conversations were put together. */
  v.strictObject({ ...recordFields, ...judgedFields, v: v.literal(2) }),
]);

/** From before senders' views of the key log were compared. */
const olderSchema = v.strictObject({ ...recordFields, v: v.literal(1), verdict: v.strictObject(verdictFields) });

/** Null where it is another kind of record, or one of a newer version. */
export function parseMessageRecord(body: RecordBody): MessageRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) {
    const { kind: _kind, v: _version, ...record } = parsed.output;
    return { inReplyTo: null, ...record };
  }
  const older = v.safeParse(olderSchema, body, { abortEarly: true });
  if (!older.success) return null;
  const { kind: _kind, v: _version, verdict, ...record } = older.output;
  return { ...record, inReplyTo: null, verdict: { ...verdict, logView: 'not_compared', known: null }, head: null };
}

/** The same record, naming the day's head, which is known only when its sender has been looked up. */
export function underHead(body: RecordBody, { day, checkpoint }: RecordHead): RecordBody {
  return { ...body, head: { day, checkpoint: encodeBytes(checkpoint) } };
}

export function messageRecordBody(record: MessageRecord): RecordBody {
  const { hash, inReplyTo, verdict, delivery, message, keyList, attachments } = record;
  return {
    kind: 'message',
    v: 3,
    way: record.way,
    hour: record.hour,
    number: record.number,
    hash: encodeBytes(hash),
    inReplyTo: inReplyTo === null ? null : encodeBytes(inReplyTo),
    to: record.to,
    bcc: record.bcc,
    summary: record.summary,
    verdict: { ...verdict, sender: verdict.sender === null ? null : encodeBytes(verdict.sender) },
    head: record.head === null ? null : { day: record.head.day, checkpoint: encodeBytes(record.head.checkpoint) },
    counter: record.counter,
    delivery: delivery === null ? null : encodeBytes(delivery),
    message: itemBody(message),
    keyList: keyList === null ? null : itemBody(keyList),
    attachments: attachments.map(itemBody),
  };
}

function itemBody({ hold, sizeBytes, own }: StoredItem): Record<string, unknown> {
  return {
    hold: encodeBytes(hold),
    sizeBytes,
    own: own === null ? null : { headerBytes: own.headerBytes, item: encodeBytes(own.item) },
  };
}
