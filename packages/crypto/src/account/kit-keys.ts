/** What the kit's entropy gives (docs/spec/05-account.md, "Recovery kit"). BIP-39's own seed is never computed. */
import { base64urlnopad } from '@scure/base';
import { asciiBytes, concatBytes } from '../age/bytes.ts';
import { formatIdentity, recipientOf } from '../age/identity.ts';
import { formatRecipient } from '../age/recipient.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { LABELS } from '../labels.ts';
import { encodeU32 } from '../record/big-endian.ts';
import type { HybridSeeds } from '../sign.ts';
import type { HybridPublicKey } from '../signature/hybrid-signature.ts';
import { requireAddress } from './address-and-origin.ts';
import { KIT_ENTROPY_BYTES } from './kit-words.ts';

const NO_SALT = new Uint8Array(0);
const KEY_BYTES = 32;
/** As in statements' signature lines (docs/spec/03-signed-notes.md). */
const KEY_NAME_PREFIX = 'latchkey/';
const KEY_NAME_HASH_CHARS = 22;

export interface KitKeys {
  /** `AGE-SECRET-KEY-PQ-1…`: opens the rescue file. */
  readonly rescueIdentity: string;
  /** `age1pq1…`: what the rescue file is sealed to. Not a secret. */
  readonly rescueRecipient: string;
  /** Of the recovery signing pair. The caller zeroes them when done. */
  readonly recoverySeeds: HybridSeeds;
  readonly recoveryPublicKey: HybridPublicKey;
  /** 32 bytes: what `recovery kit` in an identity statement commits to. */
  readonly recoveryKeysHash: Uint8Array;
}

/**
 * @param entropy 32 bytes
 * @throws CryptoError `argument_invalid`
 */
export async function kitKeys(engine: Engine, entropy: Uint8Array): Promise<KitKeys> {
  requireLength('kit entropy', entropy, KIT_ENTROPY_BYTES);
  const secret = await engine.hkdfSha256({
    secret: entropy,
    salt: NO_SALT,
    info: LABELS.kitSeal.bytes,
    lengthBytes: KEY_BYTES,
  });
  const seeds = await engine.hkdfSha256({
    secret: entropy,
    salt: NO_SALT,
    info: LABELS.kitSign.bytes,
    lengthBytes: 2 * KEY_BYTES,
  });
  try {
    const rescue = { kind: 'mlkem768x25519', secret } as const;
    const recoverySeeds = { ed25519: seeds.slice(0, KEY_BYTES), mldsa44: seeds.slice(KEY_BYTES) };
    const recoveryPublicKey = {
      ed25519: (await engine.ed25519Key(recoverySeeds.ed25519)).publicKey,
      mldsa44: (await engine.mldsa44Key(recoverySeeds.mldsa44)).publicKey,
    };
    return {
      rescueIdentity: formatIdentity(rescue),
      rescueRecipient: formatRecipient(await recipientOf(engine, rescue)),
      recoverySeeds,
      recoveryPublicKey,
      recoveryKeysHash: await recoveryKeysHash(engine, recoveryPublicKey),
    };
  } finally {
    secret.fill(0);
    seeds.fill(0);
  }
}

export interface KitKekPlace {
  /** Canonical. */
  readonly address: string;
  /** Of the vault root, from 0 to 2^32 − 1. */
  readonly generation: number;
}

/**
 * The 32-byte key of the kit's latch.
 *
 * @param entropy 32 bytes
 * @throws CryptoError `argument_invalid`
 */
export async function kitKek(
  engine: Engine,
  entropy: Uint8Array,
  { address, generation }: KitKekPlace,
): Promise<Uint8Array> {
  requireLength('kit entropy', entropy, KIT_ENTROPY_BYTES);
  requireAddress(address);
  requireRange('generation', generation, [0, 0xffff_ffff]);
  const info = concatBytes(LABELS.kitKek.bytes, asciiBytes(address), encodeU32(generation));
  return engine.hkdfSha256({ secret: entropy, salt: NO_SALT, info, lengthBytes: KEY_BYTES });
}

/** docs/spec/06-wire.md, "Login with the kit". 32 bytes. */
export async function recoveryKeysHash(engine: Engine, { ed25519, mldsa44 }: HybridPublicKey): Promise<Uint8Array> {
  return engine.sha256(concatBytes(ed25519, mldsa44));
}

/** The name of the kit's keys in signature lines. @param hash the hash of its verification keys */
export function recoveryKeyName(hash: Uint8Array): string {
  return KEY_NAME_PREFIX + base64urlnopad.encode(hash).slice(0, KEY_NAME_HASH_CHARS);
}
