/** A contact card as a file: an identity statement with the proof that it stands in the key log (docs/spec/15-contact-cards.md). */
import { decodeBytes, encodeJson, limits } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { addressField, bytesField, noteField, originField, secondsField } from '../../account/stored-json.ts';
import { ContactCardError } from './contact-card-error.ts';

/** One statement of the owner's history. */
export interface CardLeaf {
  /** 66 bytes. */
  readonly leaf: Uint8Array;
  readonly inclusion: readonly Uint8Array[];
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly note: string;
}

export interface ContactCard {
  readonly latchkey: 'contact/v1';
  readonly address: string;
  readonly origin: string;
  /** Hash of the trust policy that the owner has pinned, 32 bytes. */
  readonly policy: Uint8Array;
  /** When it was made, by its owner's clock: since 1970-01-01T00:00:00Z. */
  readonly madeSeconds: number;
  readonly head: {
    readonly indexCheckpoint: string;
    readonly indexLeaf: string;
    readonly indexInclusion: readonly Uint8Array[];
  };
  /** 80 bytes. */
  readonly vrfProof: Uint8Array;
  /** Of all statements of the address. */
  readonly positions: readonly number[];
  readonly mapProof: Uint8Array;
  /** From the identity in force on: that one first, and what followed it. */
  readonly leaves: readonly CardLeaf[];
}

/** About 14 kB as it is; a history with much after the identity has more. */
export const MAX_CARD_BYTES = 262_144;
const MAX_LEAVES = 16;

const proof = v.pipe(v.array(bytesField(32)), v.maxLength(limits.MAX_PROOF_HASHES));
const logText = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.MAX_LOG_ENTRY_CHARS));
const mapProof: v.GenericSchema<string, Uint8Array> = v.pipe(
  v.string(),
  v.maxLength(Math.ceil((limits.MAX_MAP_PROOF_BYTES * 4) / 3)),
  v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array => {
    const bytes = decodeBytes(dataset.value);
    if (bytes !== null) return bytes;
    addIssue({ message: 'not canonical base64url' });
    return NEVER;
  }),
);

const schema: v.GenericSchema<unknown, ContactCard> = v.strictObject({
  latchkey: v.literal('contact/v1'),
  address: addressField,
  origin: originField,
  policy: bytesField(32),
  madeSeconds: secondsField,
  head: v.strictObject({ indexCheckpoint: logText, indexLeaf: logText, indexInclusion: proof }),
  vrfProof: bytesField(80),
  positions: v.pipe(v.array(secondsField), v.minLength(1), v.maxLength(limits.MAX_VERSIONS)),
  mapProof,
  leaves: v.pipe(
    v.array(v.strictObject({ leaf: bytesField(66), inclusion: proof, opening: bytesField(16), note: noteField })),
    v.minLength(1),
    v.maxLength(MAX_LEAVES),
  ),
});

const textOf = (card: ContactCard): string => `${encodeJson(inOrder(card))}\n`;

/** JSON on one line with a line end, fields in the order of the specification. */
export function encodeContactCard(card: ContactCard): Uint8Array {
  return utf8.decode(textOf(card));
}

/** Only the bytes that `encodeContactCard` gives. What stands in it is not verified. @throws ContactCardError `malformed` */
export function decodeContactCard(bytes: Uint8Array): ContactCard {
  if (bytes.length > MAX_CARD_BYTES) throw malformed();
  let text: string;
  let value: unknown;
  try {
    text = utf8.encode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed({ cause });
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (!parsed.success || textOf(parsed.output) !== text) throw malformed();
  return parsed.output;
}

function inOrder({ latchkey, address, origin, policy, madeSeconds, head, ...rest }: ContactCard): object {
  const { indexCheckpoint, indexLeaf, indexInclusion } = head;
  return {
    latchkey,
    address,
    origin,
    policy,
    madeSeconds,
    head: { indexCheckpoint, indexLeaf, indexInclusion },
    vrfProof: rest.vrfProof,
    positions: rest.positions,
    mapProof: rest.mapProof,
    leaves: rest.leaves.map(({ leaf, inclusion, opening, note }) => ({ leaf, inclusion, opening, note })),
  };
}

function malformed(options?: ErrorOptions): ContactCardError {
  return new ContactCardError('malformed', options);
}
