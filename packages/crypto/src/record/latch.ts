/** Wraps of the vault root (docs/spec/04-records.md, "Latch"). */
import { concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { LABELS } from '../labels.ts';
import { encodeU32, encodeU8 } from './big-endian.ts';
import { openSalted, SALT_BYTES, sealSalted, type SaltedContext } from './salted-aead.ts';

const FORMAT_VERSION = 1;
const ROOT_BYTES = 32;
const WRAPPED_ROOT_BYTES: number = 1 + SALT_BYTES + ROOT_BYTES + 16;

export type LatchKind = 'password' | 'passkey' | 'kit' | 'device' | 'trustees' | 'organisation';

const KIND_NUMBER: Readonly<Record<LatchKind, number>> = {
  password: 1,
  passkey: 2,
  kit: 3,
  device: 4,
  trustees: 5,
  organisation: 6,
};

/** What a wrap is bound to. */
export interface LatchPlace {
  /** 16 bytes. */
  readonly account: Uint8Array;
  /** 16 bytes. */
  readonly latch: Uint8Array;
  readonly kind: LatchKind;
  /** Of the root, from 0 to 2^32 − 1. */
  readonly generation: number;
}

export interface LatchKeyring {
  readonly engine: Engine;
  /** The latch's key encryption key, 32 bytes. */
  readonly kek: Uint8Array;
}

/**
 * `root` 32 bytes; the wrap has 81.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function wrapRoot(keyring: LatchKeyring, place: LatchPlace, root: Uint8Array): Promise<Uint8Array> {
  requireLength('vault root', root, ROOT_BYTES);
  return concatBytes(encodeU8(FORMAT_VERSION), await sealSalted(contextOf(keyring, place), root));
}

/**
 * Null where this key does not open this wrap at this place: a wrong password ends here, and so does a changed wrap.
 *
 * @throws CryptoError `argument_invalid`; `latch_malformed`
 */
export async function unwrapRoot(
  keyring: LatchKeyring,
  place: LatchPlace,
  wrapped: Uint8Array,
): Promise<Uint8Array | null> {
  const context = contextOf(keyring, place);
  if (wrapped.length !== WRAPPED_ROOT_BYTES || wrapped[0] !== FORMAT_VERSION) {
    throw new CryptoError('latch_malformed', 'not a wrap of a vault root that this version knows');
  }
  return openSalted(context, wrapped.subarray(1));
}

function contextOf({ engine, kek }: LatchKeyring, place: LatchPlace): SaltedContext {
  requireLength('account', place.account, 16);
  requireLength('latch', place.latch, 16);
  requireRange('generation', place.generation, [0, 0xffff_ffff]);
  const ad = concatBytes(
    LABELS.latchData.bytes,
    place.account,
    place.latch,
    encodeU8(KIND_NUMBER[place.kind]),
    encodeU32(place.generation),
  );
  return { engine, secret: kek, keyLabel: LABELS.latchKey, ad };
}
