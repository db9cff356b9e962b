/** The server of OPAQUE-3DH (RFC 9807, sections 5 and 6), with its randomness given. */
import { concatBytes } from '@noble/hashes/utils.js';
import { credentialPad, type Party } from './client.ts';
import { type SessionKeys, sessionKeys } from './key-schedule.ts';
import type { KeyPair } from './oprf.ts';
import { ascii, xor } from './primitives.ts';
import type { Suite } from './suites.ts';

export interface ServerParty extends Party {
  readonly oprfSeed: Uint8Array;
  readonly keys: KeyPair;
}

const OPRF_KEY_SEED_BYTES = 32;

/** Section 5.2.2: one key for each account, never stored. */
export function oprfKey(suite: Suite, oprfSeed: Uint8Array, credentialIdentifier: Uint8Array): Uint8Array {
  const info = concatBytes(credentialIdentifier, ascii('OprfKey'));
  const seed = suite.kdf.expand(oprfSeed, info, OPRF_KEY_SEED_BYTES);
  return suite.oprf.deriveKeyPair(seed, ascii('OPAQUE-DeriveKeyPair')).secretKey;
}

export function register(
  { suite, oprfSeed, keys }: ServerParty,
  credentialIdentifier: Uint8Array,
  request: Uint8Array,
): Uint8Array {
  const key = oprfKey(suite, oprfSeed, credentialIdentifier);
  return concatBytes(suite.oprf.evaluate(key, request), keys.publicKey);
}

export interface ServerLogin {
  readonly credentialIdentifier: Uint8Array;
  /** client public key ‖ masking key ‖ envelope. A fake one has an envelope of zeros. */
  readonly record: Uint8Array;
  readonly ke1: Uint8Array;
  readonly maskingNonce: Uint8Array;
  readonly nonce: Uint8Array;
  readonly keyshareSeed: Uint8Array;
}

export interface ServerAnswer extends SessionKeys {
  readonly ke2: Uint8Array;
}

/** Section 6.2: KE2. The login succeeded where KE3 equals `clientMac`. */
export function startLogin(party: ServerParty, login: ServerLogin): ServerAnswer {
  const { suite, identities, context, keys } = party;
  const { record, ke1 } = login;
  const clientPublicKey = record.subarray(0, suite.publicKeyBytes);
  const maskingKey = record.subarray(suite.publicKeyBytes, suite.publicKeyBytes + suite.hashBytes);
  const envelope = record.subarray(suite.publicKeyBytes + suite.hashBytes);
  const clientKeyshare = ke1.subarray(ke1.length - suite.publicKeyBytes);

  const key = oprfKey(suite, party.oprfSeed, login.credentialIdentifier);
  const share = suite.deriveDiffieHellmanKeyPair(login.keyshareSeed);
  const ke2Head = concatBytes(
    suite.oprf.evaluate(key, ke1.subarray(0, suite.elementBytes)),
    login.maskingNonce,
    xor(concatBytes(keys.publicKey, envelope), credentialPad(suite, maskingKey, login.maskingNonce)),
    login.nonce,
    share.publicKey,
  );
  const secrets = [
    suite.diffieHellman(share.secretKey, clientKeyshare),
    suite.diffieHellman(keys.secretKey, clientKeyshare),
    suite.diffieHellman(share.secretKey, clientPublicKey),
  ];
  const derived = sessionKeys(suite, secrets, {
    context,
    clientIdentity: identities.client ?? clientPublicKey,
    serverIdentity: identities.server ?? keys.publicKey,
    ke1,
    ke2Head,
  });
  return { ...derived, ke2: concatBytes(ke2Head, derived.serverMac) };
}
