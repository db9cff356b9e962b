/**
 * One encryption, one key (docs/spec/04-records.md, "Fresh salt"). The salt is 32 new random bytes for every call, so
 * that a retry, a conflict or a second device can never bring a key and nonce back for other bytes. No caller can give
 * a salt.
 */
import { concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';
import type { Label } from '../labels.ts';

export const SALT_BYTES = 32;
const SECRET_BYTES = 32;

export interface SaltedContext {
  readonly engine: Engine;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  readonly keyLabel: Label;
  /** Authenticated, not encrypted; begins with a label of its own. */
  readonly ad: Uint8Array;
}

/** `salt[32] ‖ ciphertext ‖ tag[16]`. */
export async function sealSalted(context: SaltedContext, plaintext: Uint8Array): Promise<Uint8Array> {
  const { engine, ad } = context;
  const salt = engine.randomBytes(SALT_BYTES);
  const key = await saltedKey(context, salt);
  const sealed = await engine.aeadSeal({ key, nonce: new Uint8Array(12), bytes: plaintext, ad });
  key.fill(0);
  return concatBytes(salt, sealed);
}

/** Null where the tag does not fit. */
export async function openSalted(context: SaltedContext, sealed: Uint8Array): Promise<Uint8Array | null> {
  const { engine, ad } = context;
  const key = await saltedKey(context, sealed.subarray(0, SALT_BYTES));
  const opened = await engine.aeadOpen({ key, nonce: new Uint8Array(12), bytes: sealed.subarray(SALT_BYTES), ad });
  key.fill(0);
  return opened;
}

async function saltedKey({ engine, secret, keyLabel, ad }: SaltedContext, salt: Uint8Array): Promise<Uint8Array> {
  requireLength('secret', secret, SECRET_BYTES);
  const info = concatBytes(keyLabel.bytes, await engine.sha256(ad));
  return engine.hkdfSha256({ secret, salt, info, lengthBytes: 32 });
}
