/** Sealed records (docs/spec/04-records.md, "Record"). */
import { concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { LABELS } from '../labels.ts';
import { paddedRecordBytes } from '../padme.ts';
import { decodeUnsigned, encodeU32, encodeU64, encodeU8 } from './big-endian.ts';
import { decodePadded, encodePadded, LENGTH_PREFIX_BYTES } from './padded.ts';
import { openSalted, SALT_BYTES, sealSalted, type SaltedContext } from './salted-aead.ts';

/** 16 MiB; a page of summaries takes a few hundred kilobytes. */
export const LONGEST_RECORD_BODY_BYTES: number = 16 * 1024 * 1024;

const FORMAT_VERSION = 1;
const PREFIX_BYTES = 1 + 4;
const TAG_BYTES = 16;

/** Where a record stands. All of it is authenticated: a record moved to another place does not open. */
export interface RecordPlace {
  /** 16 bytes. */
  readonly space: Uint8Array;
  /** From 0 to 2^32 − 1. */
  readonly epoch: number;
  /** 16 bytes. */
  readonly record: Uint8Array;
  /** From 0 to 2^64 − 1. */
  readonly version: bigint;
  /** Hash of the membership note in force, 32 bytes; null in a space of one. */
  readonly membershipNote: Uint8Array | null;
}

export interface RecordKeyring {
  readonly engine: Engine;
  /** Secret of the place's epoch, 32 bytes. */
  readonly epochSecret: Uint8Array;
}

/**
 * An empty body is a deletion. Every call gives other bytes, also for the same body.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function sealRecord(keyring: RecordKeyring, place: RecordPlace, body: Uint8Array): Promise<Uint8Array> {
  requireRange('record body length', body.length, [0, LONGEST_RECORD_BODY_BYTES]);
  const context = contextOf(keyring, place);
  const padded = encodePadded(body, paddedRecordBytes(LENGTH_PREFIX_BYTES + body.length));
  const sealed = await sealSalted(context, padded);
  padded.fill(0);
  return concatBytes(encodeU8(FORMAT_VERSION), encodeU32(place.epoch), sealed);
}

/**
 * @throws CryptoError `argument_invalid`; `record_malformed` where the bytes are no record of this place's epoch;
 * `record_damaged` where the tag or the padding does not fit: other bytes, another place or another secret
 */
export async function openRecord(keyring: RecordKeyring, place: RecordPlace, sealed: Uint8Array): Promise<Uint8Array> {
  const context = contextOf(keyring, place);
  const longest = PREFIX_BYTES + SALT_BYTES + paddedRecordBytes(LENGTH_PREFIX_BYTES + LONGEST_RECORD_BODY_BYTES);
  const shortest = PREFIX_BYTES + SALT_BYTES + paddedRecordBytes(0) + TAG_BYTES;
  if (sealed.length < shortest || sealed.length > longest + TAG_BYTES) {
    throw new CryptoError('record_malformed', 'the sealed record is too short or too long');
  }
  if (sealed[0] !== FORMAT_VERSION) throw new CryptoError('record_malformed', 'unknown version of sealed record');
  if (decodeUnsigned(sealed.subarray(1, PREFIX_BYTES)) !== BigInt(place.epoch)) {
    throw new CryptoError('record_malformed', 'the sealed record belongs to another epoch');
  }
  const padded = await openSalted(context, sealed.subarray(PREFIX_BYTES));
  const body = padded === null ? null : decodePadded(padded, paddedRecordBytes);
  padded?.fill(0);
  if (body === null) throw new CryptoError('record_damaged', 'the sealed record does not open');
  return body;
}

function contextOf({ engine, epochSecret }: RecordKeyring, place: RecordPlace): SaltedContext {
  const membershipNote = place.membershipNote ?? new Uint8Array(32);
  requireLength('space', place.space, 16);
  requireLength('record', place.record, 16);
  requireLength('membership note hash', membershipNote, 32);
  requireRange('epoch', place.epoch, [0, 0xffff_ffff]);
  if (place.version < 0n || place.version > 0xffff_ffff_ffff_ffffn) {
    throw new CryptoError('argument_invalid', 'version must be from 0 to 2^64 - 1');
  }
  const ad = concatBytes(
    LABELS.recordData.bytes,
    place.space,
    encodeU32(place.epoch),
    place.record,
    encodeU64(place.version),
    membershipNote,
  );
  return { engine, secret: epochSecret, keyLabel: LABELS.recordKey, ad };
}
