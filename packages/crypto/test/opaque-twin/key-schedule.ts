/** The key schedule of OPAQUE-3DH (RFC 9807, section 6.4). */
import { concatBytes } from '@noble/hashes/utils.js';
import { ascii, framed, i2osp } from './primitives.ts';
import type { Suite } from './suites.ts';

export interface Transcript {
  readonly context: Uint8Array;
  readonly clientIdentity: Uint8Array;
  readonly serverIdentity: Uint8Array;
  readonly ke1: Uint8Array;
  /** KE2 without its MAC: credential response ‖ server nonce ‖ server key share. */
  readonly ke2Head: Uint8Array;
}

export interface SessionKeys {
  readonly handshakeSecret: Uint8Array;
  readonly serverMacKey: Uint8Array;
  readonly clientMacKey: Uint8Array;
  readonly serverMac: Uint8Array;
  readonly clientMac: Uint8Array;
  readonly sessionKey: Uint8Array;
}

export function sessionKeys(suite: Suite, sharedSecrets: readonly Uint8Array[], transcript: Transcript): SessionKeys {
  const { kdf, hashBytes } = suite;
  const preamble = preambleOf(transcript);
  const derive = (secret: Uint8Array, label: string, context: Uint8Array): Uint8Array => {
    const longLabel = ascii(`OPAQUE-${label}`);
    const info = concatBytes(
      i2osp(hashBytes, 2),
      i2osp(longLabel.length, 1),
      longLabel,
      i2osp(context.length, 1),
      context,
    );
    return kdf.expand(secret, info, hashBytes);
  };
  const none = new Uint8Array(0);
  const transcriptHash = kdf.hash(preamble);
  const early = kdf.extract(concatBytes(...sharedSecrets));
  const handshakeSecret = derive(early, 'HandshakeSecret', transcriptHash);
  const serverMacKey = derive(handshakeSecret, 'ServerMAC', none);
  const clientMacKey = derive(handshakeSecret, 'ClientMAC', none);
  const serverMac = kdf.mac(serverMacKey, transcriptHash);
  return {
    handshakeSecret,
    serverMacKey,
    clientMacKey,
    serverMac,
    clientMac: kdf.mac(clientMacKey, kdf.hash(concatBytes(preamble, serverMac))),
    sessionKey: derive(early, 'SessionKey', transcriptHash),
  };
}

function preambleOf({ context, clientIdentity, serverIdentity, ke1, ke2Head }: Transcript): Uint8Array {
  return concatBytes(ascii('OPAQUEv1-'), framed(context), framed(clientIdentity), ke1, framed(serverIdentity), ke2Head);
}
