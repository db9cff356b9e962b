/**
 * All that a message on its way needs to be carried to its end by another process (docs/spec/09-mail.md, "Letter"):
 * written once, before the first upload, and never changed.
 */
import { encodeJson } from '@latchkey/protocol/wire';
import type { CanonicalAddress, Party } from '@latchkey/protocol';
import * as v from 'valibot';
import type { AttachmentEntry, ItemKey, WrittenMessage } from '../../message/index.ts';
import { decodeUtf8, encodeUtf8 } from '../../sync/utf8-text.ts';
import {
  addressField,
  bytesField,
  countField,
  hashField,
  idField,
  listField,
  textField,
  type FieldSchema,
} from '../records/fields.ts';

export type RecipientRole = 'to' | 'cc' | 'bcc';

export interface LetterRecipient {
  readonly role: RecipientRole;
  readonly address: CanonicalAddress;
  /** Hash of the identity statement that the message names, or that its headers are for. */
  readonly identity: Uint8Array;
  /** The arrival's key: fixed before the first delivery, so that no repetition is a second message. */
  readonly arrival: Uint8Array;
  readonly firstUse: boolean;
}

/** Where an attachment's bytes come from, for whoever has to read them again. */
export type LetterSource =
  | { readonly from: 'draft'; readonly identity: string }
  /** Of a message of this mailbox that is forwarded; `index` null is the message itself. */
  | { readonly from: 'message'; readonly record: Uint8Array; readonly index: number | null };

export interface LetterAttachment {
  readonly entry: AttachmentEntry;
  readonly hold: Uint8Array;
  /** The sender's own copy: a payload of its own under a header of its own. */
  readonly own: { readonly entry: AttachmentEntry; readonly header: Uint8Array; readonly hold: Uint8Array };
  readonly source: LetterSource;
}

export interface Letter {
  readonly written: Omit<WrittenMessage, 'keyList'>;
  /** Key of the key list; null without attachments. */
  readonly keyListKey: ItemKey | null;
  readonly holds: { readonly message: Uint8Array; readonly keyList: Uint8Array | null };
  readonly recipients: readonly LetterRecipient[];
  readonly attachments: readonly LetterAttachment[];
}

const MOST_ENTRIES = 1_000;
const MAX_CHECKPOINT_CHARS = 65_535;

const itemKey = v.strictObject({ fileKey: idField, nonce: idField, item: hashField });

const party: FieldSchema<Party> = v.strictObject({ address: addressField, version: countField, identity: hashField });

const entry: FieldSchema<AttachmentEntry> = v.strictObject({
  key: itemKey,
  name: textField(4_096),
  type: textField(256),
  sizeBytes: countField,
  payloadBytes: countField,
  salt: hashField,
  manifest: textField(1_200_000),
});

const source = v.variant('from', [
  v.strictObject({ from: v.literal('draft'), identity: textField(4_096) }),
  v.strictObject({ from: v.literal('message'), record: idField, index: v.nullable(countField) }),
]);

const schema: FieldSchema<Letter> = v.strictObject({
  written: v.strictObject({
    note: textField(2_097_152),
    /** Letters from before it had none. */
    checkpoint: v.optional(v.nullable(textField(MAX_CHECKPOINT_CHARS)), null),
    mime: bytesField(0, 33_554_432),
    key: itemKey,
    blindSeed: v.nullable(hashField),
    bcc: listField(party, MOST_ENTRIES),
  }),
  keyListKey: v.nullable(itemKey),
  holds: v.strictObject({ message: idField, keyList: v.nullable(idField) }),
  recipients: listField(
    v.strictObject({
      role: v.picklist(['to', 'cc', 'bcc']),
      address: addressField,
      identity: hashField,
      arrival: idField,
      firstUse: v.boolean(),
    }),
    MOST_ENTRIES,
  ),
  attachments: listField(
    v.strictObject({
      entry,
      hold: idField,
      own: v.strictObject({ entry, header: bytesField(1, 4_096), hold: idField }),
      source,
    }),
    256,
  ),
});

export function encodeLetter(letter: Letter): Uint8Array {
  const attachments = letter.attachments.map(({ own, ...rest }) => {
    // What the statement commits to stands beside it already.
    const { stated: _stated, ...entry } = own.entry;
    return { ...rest, own: { ...own, entry } };
  });
  return encodeUtf8(encodeJson({ ...letter, attachments }));
}

/** Null where these are not the bytes of a letter of this version. */
export function decodeLetter(bytes: Uint8Array): Letter | null {
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  try {
    const parsed = v.safeParse(schema, JSON.parse(text), { abortEarly: true });
    if (!parsed.success) return null;
    const attachments = parsed.output.attachments.map(({ entry, own, ...rest }) => ({
      ...rest,
      entry,
      own: { ...own, entry: ownEntryOf(own.entry, entry) },
    }));
    return { ...parsed.output, attachments };
  } catch {
    return null;
  }
}

/** An own copy of an attachment, which says what the statement of the message commits to. */
export function ownEntryOf(own: AttachmentEntry, { salt, manifest }: AttachmentEntry): AttachmentEntry {
  return { ...own, stated: { salt, manifest } };
}

/** As the message room takes it up again. */
export function writtenOf({ written, keyListKey, attachments }: Letter): WrittenMessage {
  const entries = attachments.map(({ entry }) => entry);
  return { ...written, keyList: keyListKey === null ? null : { key: keyListKey, attachments: entries } };
}

/** Holds that are the recipients' alone: given up when all was delivered. */
export function spentHolds({ holds, attachments }: Letter): readonly Uint8Array[] {
  return [holds.message, ...(holds.keyList === null ? [] : [holds.keyList]), ...attachments.map(({ hold }) => hold)];
}
