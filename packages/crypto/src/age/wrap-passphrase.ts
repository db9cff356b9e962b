/** The passphrase recipient kind (C2SP age, "scrypt recipient stanza"). */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { concatBytes, textOfBytes } from './bytes.ts';
import type { ScryptStanza } from './known-stanza.ts';
import { AGE_LABELS } from './labels.ts';
import type { Stanza } from './stanza.ts';

/** Each wrap key is used for one message. */
const NONCE = new Uint8Array(12);

export interface SealingPassphrase {
  readonly passphrase: Uint8Array;
  readonly logN: number;
}

export async function wrapPassphrase(
  engine: Engine,
  { passphrase, logN }: SealingPassphrase,
  fileKey: Uint8Array,
): Promise<Stanza> {
  const salt = engine.randomBytes(16);
  const key = await wrapKeyOf(engine, { passphrase, salt, logN });
  const body = await engine.aeadSeal({ key, nonce: NONCE, bytes: fileKey });
  key.fill(0);
  return { args: ['scrypt', textOfBytes(encodeBase64(salt)), String(logN)], body };
}

export interface OpeningPassphrase {
  readonly passphrase: Uint8Array;
  /** A stanza that asks for more work is refused before any work is done. */
  readonly maxLogN: number;
}

/**
 * Null where the passphrase is another one.
 * @throws CryptoError passphrase_work_too_high
 */
export async function unwrapPassphrase(
  engine: Engine,
  { passphrase, maxLogN }: OpeningPassphrase,
  stanza: ScryptStanza,
): Promise<Uint8Array | null> {
  if (stanza.logN > maxLogN)
    throw new CryptoError('passphrase_work_too_high', `the passphrase asks for more work than 2^${maxLogN}`);
  const key = await wrapKeyOf(engine, { passphrase, salt: stanza.salt, logN: stanza.logN });
  const fileKey = await engine.aeadOpen({ key, nonce: NONCE, bytes: stanza.body });
  key.fill(0);
  return fileKey;
}

interface WrapKeyInput {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly logN: number;
}

async function wrapKeyOf(engine: Engine, { passphrase, salt, logN }: WrapKeyInput): Promise<Uint8Array> {
  return engine.scrypt({ passphrase, salt: concatBytes(AGE_LABELS.scrypt, salt), logN, lengthBytes: 32 });
}
