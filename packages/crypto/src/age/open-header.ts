/** Unwrapping a file key from a header, with or without its payload beside it. */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { sameBytes } from './bytes.ts';
import { parseHeader } from './header.ts';
import { headerMac } from './header-mac.ts';
import type { Identity } from './identity.ts';
import type { RecipientKind } from './kinds.ts';
import { type KnownStanza, knownStanzas } from './known-stanza.ts';
import { MAX_SCRYPT_LOG_N } from './limits.ts';
import { unwrapHybrid } from './unwrap-hybrid.ts';
import { unwrapPassphrase } from './wrap-passphrase.ts';
import { unwrapX25519 } from './wrap-x25519.ts';

export interface OpenHeaderOptions {
  /** One whole header and nothing after it. */
  readonly header: Uint8Array;
  /** Tried in this order. */
  readonly identities: readonly Identity[];
}

export interface OpenedHeader {
  /** 16 bytes; the caller zeroes them when done. */
  readonly fileKey: Uint8Array;
  /** Kind of the identity that opened it. */
  readonly openedBy: RecipientKind;
}

/**
 * The file key, once the MAC of the header has been checked; null where none of the identities is meant.
 * @throws CryptoError header_malformed, header_too_large, header_mac_wrong, passphrase_wrong,
 *   passphrase_work_too_high
 */
export async function openHeader(engine: Engine, options: OpenHeaderOptions): Promise<OpenedHeader | null> {
  const { stanzas, mac, macInput } = parseHeader(options.header);
  const known = knownStanzas(stanzas);
  for (const identity of options.identities) {
    const fileKey = await unwrap(engine, identity, known);
    if (fileKey === null) continue;
    if (!sameBytes(mac, await headerMac(engine, fileKey, macInput))) {
      fileKey.fill(0);
      throw new CryptoError('header_mac_wrong', 'the age header was changed: its MAC is wrong');
    }
    return { fileKey, openedBy: identity.kind };
  }
  const asksForPassphrase = known.some(({ kind }) => kind === 'scrypt');
  if (asksForPassphrase && options.identities.some(({ kind }) => kind === 'scrypt'))
    throw new CryptoError('passphrase_wrong', 'the passphrase is wrong');
  return null;
}

/** Tries the stanzas of the identity's own kind, in their order. */
async function unwrap(engine: Engine, identity: Identity, known: readonly KnownStanza[]): Promise<Uint8Array | null> {
  // Making ready to decapsulate costs as much as a decapsulation.
  if (known.every(({ kind }) => kind !== identity.kind)) return null;
  if (identity.kind === 'scrypt') {
    const mine = known.filter((stanza) => stanza.kind === 'scrypt');
    const { passphrase, maxLogN = MAX_SCRYPT_LOG_N } = identity;
    return firstOpened(mine, async (stanza) => unwrapPassphrase(engine, { passphrase, maxLogN }, stanza));
  }
  if (identity.kind === 'X25519') {
    const mine = known.filter((stanza) => stanza.kind === 'X25519');
    const pair = { secretKey: identity.secret, publicKey: await engine.x25519PublicKey(identity.secret) };
    return firstOpened(mine, async (stanza) => unwrapX25519(engine, pair, stanza));
  }
  const mine = known.filter((stanza) => stanza.kind === 'mlkem768x25519');
  const kemKey = await engine.hybridKemKey(identity.secret);
  return firstOpened(mine, async (stanza) => unwrapHybrid(engine, kemKey, stanza));
}

async function firstOpened<S>(
  stanzas: readonly S[],
  attempt: (stanza: S) => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  for (const stanza of stanzas) {
    const fileKey = await attempt(stanza);
    if (fileKey !== null) return fileKey;
  }
  return null;
}
