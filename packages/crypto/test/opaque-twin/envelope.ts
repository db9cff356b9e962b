/** What the client leaves with the server, and takes back (RFC 9807, section 4). */
import { concatBytes } from '@noble/hashes/utils.js';
import type { KeyPair } from './oprf.ts';
import { ascii, framed } from './primitives.ts';
import type { Suite } from './suites.ts';

export const NONCE_BYTES = 32;
const SEED_BYTES = 32;

/** Null stands for the public key of that side. */
export interface Identities {
  readonly client: Uint8Array | null;
  readonly server: Uint8Array | null;
}

export interface Stored {
  readonly envelope: Uint8Array;
  readonly clientPublicKey: Uint8Array;
  readonly maskingKey: Uint8Array;
  readonly exportKey: Uint8Array;
  readonly authKey: Uint8Array;
}

export interface EnvelopeInput {
  readonly randomizedPassword: Uint8Array;
  readonly serverPublicKey: Uint8Array;
  readonly identities: Identities;
}

/** Section 4.1.2. */
export function store(suite: Suite, input: EnvelopeInput, nonce: Uint8Array): Stored {
  const keys = envelopeKeys(suite, input, nonce);
  return {
    envelope: concatBytes(nonce, keys.tag),
    clientPublicKey: keys.client.publicKey,
    maskingKey: suite.kdf.expand(input.randomizedPassword, ascii('MaskingKey'), suite.hashBytes),
    exportKey: keys.exportKey,
    authKey: keys.authKey,
  };
}

/** Section 4.1.3. Null where the envelope was made with another password, server or names. */
export function recover(
  suite: Suite,
  input: EnvelopeInput,
  envelope: Uint8Array,
): { readonly client: KeyPair; readonly exportKey: Uint8Array } | null {
  const keys = envelopeKeys(suite, input, envelope.subarray(0, NONCE_BYTES));
  if (Buffer.compare(keys.tag, envelope.subarray(NONCE_BYTES)) !== 0) return null;
  return { client: keys.client, exportKey: keys.exportKey };
}

function envelopeKeys(
  suite: Suite,
  { randomizedPassword, serverPublicKey, identities }: EnvelopeInput,
  nonce: Uint8Array,
): { client: KeyPair; authKey: Uint8Array; exportKey: Uint8Array; tag: Uint8Array } {
  const expand = (label: string, lengthBytes: number): Uint8Array =>
    suite.kdf.expand(randomizedPassword, concatBytes(nonce, ascii(label)), lengthBytes);
  const authKey = expand('AuthKey', suite.hashBytes);
  const exportKey = expand('ExportKey', suite.hashBytes);
  const client = suite.deriveDiffieHellmanKeyPair(expand('PrivateKey', SEED_BYTES));
  const credentials = concatBytes(
    serverPublicKey,
    framed(identities.server ?? serverPublicKey),
    framed(identities.client ?? client.publicKey),
  );
  return { client, authKey, exportKey, tag: suite.kdf.mac(authKey, concatBytes(nonce, credentials)) };
}
