/**
 * Stanzas of the kinds that this room knows, taken apart and checked (C2SP age, "Native recipient types").
 * The checks do not depend on who is reading: a header is malformed for everybody or for nobody.
 */
import { CryptoError } from '../errors.ts';
import { decodeBase64 } from './base64.ts';
import { asciiBytes } from './bytes.ts';
import type { Stanza } from './stanza.ts';

export interface HybridStanza {
  readonly kind: 'mlkem768x25519';
  readonly encapsulation: Uint8Array;
  readonly body: Uint8Array;
}

export interface X25519Stanza {
  readonly kind: 'X25519';
  readonly share: Uint8Array;
  readonly body: Uint8Array;
}

export interface ScryptStanza {
  readonly kind: 'scrypt';
  readonly salt: Uint8Array;
  readonly logN: number;
  readonly body: Uint8Array;
}

export type KnownStanza = HybridStanza | X25519Stanza | ScryptStanza;

const ENCAPSULATION_BYTES = 1120;
const SHARE_BYTES = 32;
const SALT_BYTES = 16;
/** A file key of 16 bytes and a tag: looked at before any key, against partitioning oracles. */
const BODY_BYTES = 32;

/**
 * The known ones in their order; unknown ones are passed over.
 * @throws CryptoError header_malformed
 */
export function knownStanzas(stanzas: readonly Stanza[]): KnownStanza[] {
  const known = stanzas.map(parseKnownStanza).filter((stanza) => stanza !== null);
  // A passphrase is expected to authenticate, so it may not stand beside a key that others know.
  if (stanzas.length > 1 && known.some(({ kind }) => kind === 'scrypt'))
    throw malformed('a passphrase stanza is not the only one');
  return known;
}

function parseKnownStanza({ args, body }: Stanza): KnownStanza | null {
  const [kind, ...rest] = args;
  if (kind === 'mlkem768x25519')
    return { kind, encapsulation: onlyArgument(rest, ENCAPSULATION_BYTES), body: wrappedFileKey(body) };
  if (kind === 'X25519') return { kind, share: onlyArgument(rest, SHARE_BYTES), body: wrappedFileKey(body) };
  if (kind === 'scrypt') return { kind, ...parseScryptArguments(rest), body: wrappedFileKey(body) };
  return null;
}

function parseScryptArguments(args: readonly string[]): { salt: Uint8Array; logN: number } {
  const [salt, logN] = args;
  if (args.length !== 2 || salt === undefined || logN === undefined || !/^[1-9][0-9]*$/.test(logN))
    throw malformed('a passphrase stanza has malformed arguments');
  // Digits without end make a number that is too high, never one that wraps around.
  return { salt: onlyArgument([salt], SALT_BYTES), logN: Number(logN) };
}

function onlyArgument(args: readonly string[], lengthBytes: number): Uint8Array {
  const [text] = args;
  const bytes = args.length === 1 && text !== undefined ? decodeBase64(asciiBytes(text)) : null;
  if (bytes?.length !== lengthBytes) throw malformed('a stanza has malformed arguments');
  return bytes;
}

function wrappedFileKey(body: Uint8Array): Uint8Array {
  if (body.length !== BODY_BYTES) throw malformed('a stanza holds something else than a file key');
  return body;
}

function malformed(why: string): CryptoError {
  return new CryptoError('header_malformed', `malformed age header: ${why}`);
}
