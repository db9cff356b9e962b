import { MAX_FILE_NAME_BYTES, MAX_FILE_PARTS } from '../../limits.ts';
import { base64Field, hashField } from '../field/base64-field.ts';
import { patternField } from '../field/choice-field.ts';
import { integerField, ordinalField } from '../field/integer-field.ts';
import { textField } from '../field/text-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { numbered, one, optional } from '../line.ts';
import { partyShape, type Party } from '../party.ts';
import type { StatementSchema } from '../schema.ts';
import { only } from '../shape.ts';

/** One version of a file (docs/spec/02-statements.md, "File"). Kept sealed. */
export interface FileStatement {
  readonly kind: 'latchkey/file/v1';
  /** 16 bytes, as are `record` and `file`. */
  readonly space: Uint8Array;
  readonly record: Uint8Array;
  readonly file: Uint8Array;
  /** From 0. */
  readonly version: number;
  /** Hash of the statement of the previous version; null in version 0. */
  readonly previous: Uint8Array | null;
  readonly item: Uint8Array;
  /** 16 bytes. */
  readonly payloadNonce: Uint8Array;
  /** Without padding. */
  readonly sizeBytes: number;
  /** A label for people, never a path. */
  readonly name: string;
  /** Media type without parameters. */
  readonly type: string;
  /** SHA-256 of each part of 128 chunks, in their order. */
  readonly parts: readonly Uint8Array[];
  readonly by: Party;
}

/** 128 chunks of 64 KiB. */
const PART_BYTES = 8_388_608;

/** RFC 6838 4.2, in lower case. */
const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

export const fileSchema: StatementSchema<FileStatement> = {
  kind: 'latchkey/file/v1',
  lines: {
    space: one('space', only(base64Field(16))),
    record: one('record', only(base64Field(16))),
    file: one('file', only(base64Field(16))),
    version: one('version', only(ordinalField)),
    previous: optional('previous', only(hashField)),
    item: one('item', only(hashField)),
    payloadNonce: one('nonce', only(base64Field(16))),
    sizeBytes: one('size', only(integerField(0, MAX_FILE_PARTS * PART_BYTES))),
    name: one('name', only(textField(MAX_FILE_NAME_BYTES))),
    type: one('type', only(patternField(mediaType))),
    parts: numbered('part', only(hashField), MAX_FILE_PARTS),
    by: one('by', partyShape),
  },
  check: ({ version, previous, sizeBytes, parts }) => {
    if ((version === 0) !== (previous === null)) throw inconsistent('exactly version 0 has no previous version');
    // An empty payload has a chunk too; padding may add parts.
    if (parts.length < Math.max(1, Math.ceil(sizeBytes / PART_BYTES)))
      throw inconsistent('the parts do not cover the size');
  },
};
