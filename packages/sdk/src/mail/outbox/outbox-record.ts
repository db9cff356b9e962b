/** A message on its way, and how far it is (docs/spec/09-mail.md, "Outbox"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { RecordBody } from '../../sync/types.ts';
import { addressField, bytesField, countField, hashField, idField, listField, textField } from '../records/fields.ts';
import type { RecipientOutcome } from '../types.ts';

export type OutboxStep =
  /** The letter is not on the server yet: nothing can be gone on with. */
  | 'writing'
  /** Items are going up. Nobody has the message. */
  | 'uploading'
  /** The same of a message without attachments that its owner may still take back: it says when that is over. */
  | 'held'
  /** Somebody may have it: there is no way back. */
  | 'delivering'
  /** The own copy is filed; what was only for the way is being given up. */
  | 'clearing';

export interface OutboxRecord {
  /** Random, of the process that goes on with it. Whoever finds another one here stops. */
  readonly run: Uint8Array;
  readonly step: OutboxStep;
  readonly subject: string;
  readonly recipients: readonly CanonicalAddress[];
  /**
   * The letter itself, or the own hold where it lies as a whole age file, by its SHA-256: anybody can seal another file to
   * its owner.
   */
  readonly letter:
    | { readonly in: 'record'; readonly bytes: Uint8Array }
    | {
        readonly in: 'hold';
        readonly hold: Uint8Array;
        readonly sizeBytes: number;
        readonly hash: Uint8Array;
      };
  /** Where this run puts the own copy. */
  readonly own: { readonly message: Uint8Array; readonly keyList: Uint8Array };
  /** Where earlier runs put it. */
  readonly abandoned: readonly Uint8Array[];
  readonly outcomes: readonly { readonly address: CanonicalAddress; readonly outcome: RecipientOutcome }[];
}

export const OUTBOX_VERSION = 1;
/** The letter stands in the record up to here. A record has at most a mebibyte. */
export const LETTER_IN_RECORD_BYTES = 262_144;

const schema = v.strictObject({
  kind: v.literal('outbox'),
  v: v.literal(OUTBOX_VERSION),
  run: idField,
  step: v.picklist(['writing', 'uploading', 'held', 'delivering', 'clearing']),
  subject: textField(16_384),
  recipients: listField(addressField, 1_000),
  letter: v.variant('in', [
    v.strictObject({ in: v.literal('record'), bytes: bytesField(1, LETTER_IN_RECORD_BYTES) }),
    v.strictObject({ in: v.literal('hold'), hold: idField, sizeBytes: countField, hash: hashField }),
  ]),
  own: v.strictObject({ message: idField, keyList: idField }),
  abandoned: listField(idField, 4_096),
  outcomes: listField(
    v.strictObject({
      address: addressField,
      outcome: v.picklist(['delivered', 'unknown', 'full', 'gone', 'later', 'changed']),
    }),
    1_000,
  ),
});

/** Null where it is another kind of record, or one of a newer version. */
export function parseOutboxRecord(body: RecordBody): OutboxRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) return null;
  const { kind: _kind, v: _version, ...record } = parsed.output;
  return record;
}

export function outboxRecordBody({ run, letter, own, abandoned, ...rest }: OutboxRecord): RecordBody {
  return {
    kind: 'outbox',
    v: OUTBOX_VERSION,
    run: encodeBytes(run),
    ...rest,
    letter:
      letter.in === 'record'
        ? { in: 'record', bytes: encodeBytes(letter.bytes) }
        : {
            in: 'hold',
            hold: encodeBytes(letter.hold),
            sizeBytes: letter.sizeBytes,
            hash: encodeBytes(letter.hash),
          },
    own: { message: encodeBytes(own.message), keyList: encodeBytes(own.keyList) },
    abandoned: abandoned.map(encodeBytes),
  };
}
