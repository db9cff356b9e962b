/** The client of OPAQUE-3DH (RFC 9807, sections 5 and 6), with its randomness given. */
import { concatBytes } from '@noble/hashes/utils.js';
import { type Identities, NONCE_BYTES, recover, store, type Stored } from './envelope.ts';
import { type SessionKeys, sessionKeys } from './key-schedule.ts';
import { ascii, xor } from './primitives.ts';
import type { Suite } from './suites.ts';

/** `Stretch` of section 2.2: the identity in the vectors, Argon2id in Latchkey. */
export type Stretch = (bytes: Uint8Array) => Uint8Array;

export interface Party {
  readonly suite: Suite;
  readonly identities: Identities;
  readonly context: Uint8Array;
}

export interface ClientParty extends Party {
  readonly stretch: Stretch;
  readonly password: Uint8Array;
}

export interface Registered extends Stored {
  readonly record: Uint8Array;
  readonly randomizedPassword: Uint8Array;
  readonly serverPublicKey: Uint8Array;
}

/** Section 5.2.1: the request for registration and the first part of KE1. */
export function blindedPassword({ suite, password }: ClientParty, blind: Uint8Array): Uint8Array {
  return suite.oprf.blind(password, blind);
}

/** Section 5.2.3. */
export function finishRegistration(
  party: ClientParty,
  random: { readonly blind: Uint8Array; readonly envelopeNonce: Uint8Array },
  response: Uint8Array,
): Registered {
  const { suite, identities } = party;
  const evaluated = response.subarray(0, suite.elementBytes);
  const serverPublicKey = response.subarray(suite.elementBytes);
  const randomizedPassword = randomizedPasswordOf(party, random.blind, evaluated);
  const stored = store(suite, { randomizedPassword, serverPublicKey, identities }, random.envelopeNonce);
  const record = concatBytes(stored.clientPublicKey, stored.maskingKey, stored.envelope);
  return { ...stored, record, randomizedPassword, serverPublicKey };
}

export interface LoginRandom {
  readonly blind: Uint8Array;
  readonly nonce: Uint8Array;
  readonly keyshareSeed: Uint8Array;
}

/** Section 6.1: KE1. */
export function startLogin(party: ClientParty, random: LoginRandom): Uint8Array {
  const share = party.suite.deriveDiffieHellmanKeyPair(random.keyshareSeed);
  return concatBytes(blindedPassword(party, random.blind), random.nonce, share.publicKey);
}

export interface ClientFinished extends SessionKeys {
  readonly exportKey: Uint8Array;
  readonly serverPublicKey: Uint8Array;
}

/** Section 6.3: null where password, names or server are others. */
export function finishLogin(party: ClientParty, random: LoginRandom, ke2: Uint8Array): ClientFinished | null {
  const { suite, identities, context } = party;
  const { elementBytes, publicKeyBytes, hashBytes } = suite;
  const take = taker(ke2);
  const evaluated = take(elementBytes);
  const maskingNonce = take(NONCE_BYTES);
  const masked = take(publicKeyBytes + NONCE_BYTES + hashBytes);
  take(NONCE_BYTES);
  const serverKeyshare = take(publicKeyBytes);
  const serverMac = take(hashBytes);

  const randomizedPassword = randomizedPasswordOf(party, random.blind, evaluated);
  const maskingKey = suite.kdf.expand(randomizedPassword, ascii('MaskingKey'), hashBytes);
  const pad = credentialPad(suite, maskingKey, maskingNonce);
  const unmasked = xor(masked, pad);
  const serverPublicKey = unmasked.subarray(0, publicKeyBytes);
  const recovered = recover(
    suite,
    { randomizedPassword, serverPublicKey, identities },
    unmasked.subarray(publicKeyBytes),
  );
  if (recovered === null) return null;

  const share = suite.deriveDiffieHellmanKeyPair(random.keyshareSeed);
  const secrets = [
    suite.diffieHellman(share.secretKey, serverKeyshare),
    suite.diffieHellman(share.secretKey, serverPublicKey),
    suite.diffieHellman(recovered.client.secretKey, serverKeyshare),
  ];
  const keys = sessionKeys(suite, secrets, {
    context,
    clientIdentity: identities.client ?? recovered.client.publicKey,
    serverIdentity: identities.server ?? serverPublicKey,
    ke1: startLogin(party, random),
    ke2Head: ke2.subarray(0, ke2.length - hashBytes),
  });
  if (Buffer.compare(keys.serverMac, serverMac) !== 0) return null;
  return { ...keys, exportKey: recovered.exportKey, serverPublicKey };
}

/** Section 6.3.2.2. */
export function credentialPad(suite: Suite, maskingKey: Uint8Array, maskingNonce: Uint8Array): Uint8Array {
  const lengthBytes = suite.publicKeyBytes + NONCE_BYTES + suite.hashBytes;
  return suite.kdf.expand(maskingKey, concatBytes(maskingNonce, ascii('CredentialResponsePad')), lengthBytes);
}

function randomizedPasswordOf(
  { suite, password, stretch }: ClientParty,
  blind: Uint8Array,
  evaluated: Uint8Array,
): Uint8Array {
  const output = suite.oprf.finalize(password, blind, evaluated);
  return suite.kdf.extract(concatBytes(output, stretch(output)));
}

function taker(bytes: Uint8Array): (lengthBytes: number) => Uint8Array {
  let at = 0;
  return (lengthBytes) => bytes.subarray(at, (at += lengthBytes));
}
