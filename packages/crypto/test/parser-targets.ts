/**
 * Parsers of the age room under random changes of good inputs: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon.
 */
import assert from 'node:assert/strict';
import type { FuzzTarget } from '@latchkey/testkit';
import { decodeBase64, decodeBase64Padded, encodeBase64, encodeBase64Padded } from '../src/age/base64.ts';
import { textOfBytes } from '../src/age/bytes.ts';
import { formatHeader, formatMacInput, parseHeader } from '../src/age/header.ts';
import { formatIdentity, parseIdentity } from '../src/age/identity.ts';
import { parseIdentityFile } from '../src/age/identity-file.ts';
import { knownStanzas } from '../src/age/known-stanza.ts';
import { formatRecipient, parseRecipient } from '../src/age/recipient.ts';
import { CryptoError, type CryptoErrorCode } from '../src/errors.ts';
import { ageVectors } from './age-vectors.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Null where it was refused with one of the codes; whatever else is thrown comes through. */
function refusedOr<T>(codes: readonly CryptoErrorCode[], parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CryptoError && codes.includes(error.code)) return null;
    throw error;
  }
}

function same(input: Uint8Array, again: Uint8Array): true {
  assert.ok(Buffer.from(input).equals(again), 'what was taken is written back otherwise');
  return true;
}

const headers = ageVectors('headers').accept.map(({ text }) => bytesOf(text));
const recipients = ageVectors('recipients').accept.map(({ text }) => bytesOf(text));
const identities = ageVectors('identities').accept.map(({ text }) => bytesOf(text));
const identityFiles = ageVectors('identity-files').accept.map(({ text }) => bytesOf(text));

export const parserTargets: readonly FuzzTarget[] = [
  {
    name: 'header',
    seeds: headers,
    judge(input) {
      const header = refusedOr(['header_malformed', 'header_too_large'], () => parseHeader(input));
      if (header === null) return false;
      refusedOr(['header_malformed'], () => knownStanzas(header.stanzas));
      return same(input, formatHeader(formatMacInput(header.stanzas), header.mac));
    },
  },
  {
    name: 'recipient',
    seeds: recipients,
    judge(input) {
      const recipient = refusedOr(['recipient_malformed'], () => parseRecipient(textOfBytes(input)));
      return recipient !== null && same(input, bytesOf(formatRecipient(recipient)));
    },
  },
  {
    name: 'identity',
    seeds: identities,
    judge(input) {
      const identity = refusedOr(['identity_malformed'], () => parseIdentity(textOfBytes(input)));
      return identity !== null && same(input, bytesOf(formatIdentity(identity)));
    },
  },
  {
    name: 'identity file',
    seeds: identityFiles,
    judge: (input) => refusedOr(['identity_malformed'], () => parseIdentityFile(input)) !== null,
  },
  {
    name: 'base64',
    seeds: ['', 'QQ', 'QUI', 'QUJD', 'QUJDRA', '/+/+/+/+'].map(bytesOf),
    judge(input) {
      const [plain, padded] = [decodeBase64(input), decodeBase64Padded(input)];
      if (plain !== null) same(input, encodeBase64(plain));
      if (padded !== null) same(input, encodeBase64Padded(padded));
      return plain !== null || padded !== null;
    },
  },
];
