/** The classical recipient kind (C2SP age, "X25519 recipient stanza"). */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { concatBytes, textOfBytes } from './bytes.ts';
import type { X25519Stanza } from './known-stanza.ts';
import { AGE_LABELS } from './labels.ts';
import type { Stanza } from './stanza.ts';

/** Each wrap key is used for one message. */
const NONCE = new Uint8Array(12);

/** @throws CryptoError recipient_malformed */
export async function wrapX25519(engine: Engine, recipient: Uint8Array, fileKey: Uint8Array): Promise<Stanza> {
  const ephemeralSecret = engine.randomBytes(32);
  const share = await engine.x25519PublicKey(ephemeralSecret);
  const sharedSecret = await engine.x25519(ephemeralSecret, recipient);
  ephemeralSecret.fill(0);
  if (sharedSecret === null) throw new CryptoError('recipient_malformed', 'the recipient is a point of low order');
  const key = await wrapKeyOf(engine, { sharedSecret, share, recipient });
  const body = await engine.aeadSeal({ key, nonce: NONCE, bytes: fileKey });
  key.fill(0);
  return { args: ['X25519', textOfBytes(encodeBase64(share))], body };
}

export interface X25519Pair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * Null where the stanza is for somebody else.
 * @throws CryptoError header_malformed
 */
export async function unwrapX25519(engine: Engine, pair: X25519Pair, stanza: X25519Stanza): Promise<Uint8Array | null> {
  const sharedSecret = await engine.x25519(pair.secretKey, stanza.share);
  if (sharedSecret === null)
    throw new CryptoError('header_malformed', 'malformed age header: an X25519 share has low order');
  const key = await wrapKeyOf(engine, { sharedSecret, share: stanza.share, recipient: pair.publicKey });
  const fileKey = await engine.aeadOpen({ key, nonce: NONCE, bytes: stanza.body });
  key.fill(0);
  return fileKey;
}

interface WrapKeyInput {
  /** Zeroed here. */
  readonly sharedSecret: Uint8Array;
  readonly share: Uint8Array;
  readonly recipient: Uint8Array;
}

async function wrapKeyOf(engine: Engine, { sharedSecret, share, recipient }: WrapKeyInput): Promise<Uint8Array> {
  const salt = concatBytes(share, recipient);
  const key = await engine.hkdfSha256({ secret: sharedSecret, salt, info: AGE_LABELS.x25519, lengthBytes: 32 });
  sharedSecret.fill(0);
  return key;
}
