/** Wrapping a file key: the header of an age file, with or without its payload beside it. */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { floorOf } from './floor.ts';
import { formatHeader, formatMacInput } from './header.ts';
import { headerMac } from './header-mac.ts';
import type { WrapKind } from './kinds.ts';
import { FILE_KEY_BYTES, MAX_SCRYPT_LOG_N, MAX_STANZAS, SCRYPT_LOG_N } from './limits.ts';
import type { Recipient } from './recipient.ts';
import type { Stanza } from './stanza.ts';
import { wrapHybrid } from './wrap-hybrid.ts';
import { wrapPassphrase } from './wrap-passphrase.ts';
import { wrapX25519 } from './wrap-x25519.ts';

export interface SealHeaderOptions {
  /** 16 bytes, of one payload only (docs/spec/01-item.md, "Header"). */
  readonly fileKey: Uint8Array;
  /** 1 to 1,024. */
  readonly recipients: readonly Recipient[];
  /** Kinds of everything that this file key is wrapped to already; empty for a fresh one. */
  readonly wrappedBefore: readonly WrapKind[];
  /** `headerMacKey` of this file key, where its caller makes many headers for it. */
  readonly macKey?: Uint8Array;
}

/**
 * The whole header, MAC included.
 * @throws CryptoError argument_invalid, recipient_malformed, recipients_mixed, recipients_below_floor
 */
export async function sealHeader(engine: Engine, options: SealHeaderOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { fileKey, recipients, wrappedBefore } = options;
  checkArguments(fileKey, recipients);
  const kinds = recipients.map(({ kind }) => kind);
  if (kinds.length > 1 && kinds.includes('scrypt'))
    throw new CryptoError('recipients_mixed', 'a passphrase must be the only recipient');
  if (floorOf([...wrappedBefore, ...kinds]) === null)
    throw new CryptoError('recipients_below_floor', 'post-quantum and classical recipients may not share a file key');

  const stanzas = await Promise.all(recipients.map(async (recipient) => wrap(engine, recipient, fileKey)));
  const macInput = formatMacInput(stanzas);
  const { macKey } = options;
  const mac = macKey === undefined ? headerMac(engine, fileKey, macInput) : engine.hmacSha256(macKey, macInput);
  return formatHeader(macInput, await mac);
}

async function wrap(engine: Engine, recipient: Recipient, fileKey: Uint8Array): Promise<Stanza> {
  if (recipient.kind === 'mlkem768x25519') return wrapHybrid(engine, recipient.publicKey, fileKey);
  if (recipient.kind === 'X25519') return wrapX25519(engine, recipient.publicKey, fileKey);
  return wrapPassphrase(engine, { logN: SCRYPT_LOG_N, ...recipient }, fileKey);
}

function checkArguments(fileKey: Uint8Array, recipients: readonly Recipient[]): void {
  if (fileKey.length !== FILE_KEY_BYTES) throw new CryptoError('argument_invalid', 'a file key has 16 bytes');
  if (recipients.length < 1 || recipients.length > MAX_STANZAS)
    throw new CryptoError('argument_invalid', `a header has 1 to ${MAX_STANZAS} recipients`);
  for (const recipient of recipients) {
    if (recipient.kind !== 'scrypt') continue;
    const { passphrase, logN = SCRYPT_LOG_N } = recipient;
    if (passphrase.length === 0) throw new CryptoError('argument_invalid', 'the passphrase is empty');
    if (!Number.isInteger(logN) || logN < 1 || logN > MAX_SCRYPT_LOG_N)
      throw new CryptoError('argument_invalid', `the work factor of a passphrase is 1 to ${MAX_SCRYPT_LOG_N}`);
  }
}
