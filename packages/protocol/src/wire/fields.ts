/** Fields that several routes share. Strict, with a maximum each. */
import * as v from 'valibot';
import { bytes, bytesUpTo } from './bytes.ts';
import * as limits from './limits.ts';
import { isShortHeader } from './short-header.ts';

export const id = bytes(limits.ID_BYTES);
export const hash = bytes(limits.KEY_BYTES);
export const key = bytes(limits.KEY_BYTES);
export const mldsa44Key = bytes(1312);

const addressForm = /^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,189}$/;
/** Only the outer form; that an address is canonical and known is the server's answer, not the schema's. */
export const address = v.pipe(v.string(), v.maxLength(limits.MAX_ADDRESS_CHARS), v.regex(addressForm));

/** Sequence numbers, sizes and counts: whole, not negative, exact in JSON. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.MAX_LISTED));
export const u32 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
export const itemIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.MAX_ARRIVAL_ITEMS - 1));
/** Hours since 1970-01-01T00Z. */
export const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
/** Days since 1970-01-01. */
export const day = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

export const noteText = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.MAX_NOTE_CHARS));
export const opaqueText = v.pipe(v.string(), v.maxLength(limits.MAX_OPAQUE_CHARS), v.regex(/^[A-Za-z0-9_-]+$/));
export const stateText = v.pipe(v.string(), v.maxLength(limits.MAX_STATE_CHARS), v.regex(/^[A-Za-z0-9_-]+$/));
export const tokenText = v.pipe(v.string(), v.maxLength(limits.MAX_TOKEN_CHARS), v.regex(/^[A-Za-z0-9_-]+$/));
/** An age header for one hybrid recipient, in its one short form. */
export const header = v.pipe(
  bytes(limits.HEADER_BYTES),
  v.check(isShortHeader),
  v.description('0x01 ‖ encapsulated key (1,120 bytes) ‖ wrapped file key (32) ‖ MAC (32)'),
);
/** The same in a list. One that is not in its form spoils its item, not the list: the reader decodes it. */
export const listedHeader = v.pipe(bytesUpTo(limits.MAX_HEADER_BYTES), v.minLength(1));
/** A post-quantum recipient of age. */
export const recipient = v.pipe(v.string(), v.maxLength(2_048), v.regex(/^age1pq1[02-9ac-hj-np-z]+$/));
export const sealedName = bytesUpTo(limits.MAX_NAME_BYTES);
export const sealedRecord = bytesUpTo(limits.MAX_RECORD_BYTES);

export const nothing = v.strictObject({});

/** `scheme://host[:port]`, lower case, nothing behind it. */
export const origin = v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[a-z0-9.:[\]-]{1,280}$/));

/** A new session's name, sealed by the client, and the vault record of its device. */
export const newSession = v.strictObject({ name: sealedName, device: id });

/** One way to unlock the vault: the root under that way's key, opaque to the server. */
export const latch = v.strictObject({
  id,
  kind: v.picklist(['password', 'kit', 'passkey', 'device', 'trustees', 'organisation']),
  generation: u32,
  wrapped: v.pipe(bytesUpTo(limits.MAX_WRAPPED_BYTES), v.minLength(1)),
  /** Only with the kit: an age file with the owner's identities, sealed to the kit. */
  rescue: v.nullable(bytesUpTo(limits.MAX_RESCUE_BYTES)),
});
