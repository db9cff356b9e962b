/** What password and account secret give together (docs/spec/05-account.md, "Password and account secret"). */
import { base64urlnopad } from '@scure/base';
import { asciiBytes, concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { LABELS } from '../labels.ts';
import { encodeU32 } from '../record/big-endian.ts';
import { ACCOUNT_SECRET_BYTES } from './account-secret.ts';
import { requireAddress, requireOrigin } from './address-and-origin.ts';
import { opaqueString } from './opaque-string.ts';
import { encodeUtf8 } from './utf8.ts';

const EXPORT_KEY_BYTES = 64;
const KEY_BYTES = 32;
const NO_SALT = new Uint8Array(0);

export interface PasswordParts {
  /** 16 bytes. */
  readonly accountSecret: Uint8Array;
  /** As the owner typed it. */
  readonly password: string;
  /** Canonical. */
  readonly address: string;
  /** The server's. */
  readonly origin: string;
}

/**
 * What OPAQUE is given as the password: 43 characters, of which no server can guess anything without the account
 * secret.
 *
 * @throws CryptoError `password_unfit`; `argument_invalid`
 */
export async function passwordInput(
  engine: Engine,
  { accountSecret, password, address, origin }: PasswordParts,
): Promise<string> {
  requireLength('account secret', accountSecret, ACCOUNT_SECRET_BYTES);
  requireAddress(address);
  requireOrigin(origin);
  const typed = encodeUtf8(opaqueString(password));
  const secret = concatBytes(accountSecret, typed);
  try {
    const salt = await engine.sha256(asciiBytes(`${address}\0${origin}`));
    const input = await engine.hkdfSha256({ secret, salt, info: LABELS.opaqueInput.bytes, lengthBytes: KEY_BYTES });
    return base64urlnopad.encode(input);
  } finally {
    typed.fill(0);
    secret.fill(0);
  }
}

export interface PasswordKekParts {
  /** OPAQUE's, 64 bytes. */
  readonly exportKey: Uint8Array;
  /** 16 bytes. */
  readonly accountSecret: Uint8Array;
  /** Canonical. */
  readonly address: string;
  /** Of the vault root, from 0 to 2^32 − 1. */
  readonly generation: number;
}

/**
 * The 32-byte key of the password latch.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function passwordKek(
  engine: Engine,
  { exportKey, accountSecret, address, generation }: PasswordKekParts,
): Promise<Uint8Array> {
  requireLength('export key', exportKey, EXPORT_KEY_BYTES);
  requireLength('account secret', accountSecret, ACCOUNT_SECRET_BYTES);
  requireAddress(address);
  requireRange('generation', generation, [0, 0xffff_ffff]);
  const secret = concatBytes(exportKey, accountSecret);
  try {
    const info = concatBytes(LABELS.passwordKek.bytes, asciiBytes(address), encodeU32(generation));
    return await engine.hkdfSha256({ secret, salt: NO_SALT, info, lengthBytes: KEY_BYTES });
  } finally {
    secret.fill(0);
  }
}
