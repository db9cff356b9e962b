import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base64urlnopad, utf8 } from '@scure/base';
import { requireBytes } from './byte-fields.ts';
import { KeyDirectoryError } from './errors.ts';

const ORIGIN_LABEL = 'latchkey/v1/log\0';
const MAX_DOMAIN_CHARS = 253;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/u;

/** What a log is known by. Change any of it and it is another log. */
export interface LogIdentity {
  /** Canonical, lower case, as it stands in addresses. */
  readonly domain: string;
  readonly log: 'keys' | 'index';
  /** The keys that sign its checkpoints: Ed25519 (32 bytes), then, where it has one, ML-DSA-44 (1,312 bytes). */
  readonly logKeys: readonly Uint8Array[];
  /** 32 bytes. One VRF key for the life of a log. */
  readonly vrfPublicKey: Uint8Array;
  /** 1 is the format of docs/spec/12-key-directory.md. */
  readonly format: number;
}

/**
 * The first line of every checkpoint of a log. It commits to the VRF key, so that a second one is another log that
 * no witness of this one ever signed.
 * @throws KeyDirectoryError `argument_invalid`
 */
export function logOrigin({ domain, log, logKeys, vrfPublicKey, format }: LogIdentity): string {
  if (domain.length > MAX_DOMAIN_CHARS || !DOMAIN.test(domain)) {
    throw new KeyDirectoryError('argument_invalid', 'this is no canonical domain');
  }
  const [ed25519Key, mldsa44Key, ...more] = logKeys;
  if (ed25519Key === undefined || more.length > 0) {
    throw new KeyDirectoryError('argument_invalid', 'a log has an Ed25519 key and at most an ML-DSA-44 key beside it');
  }
  requireBytes(ed25519Key, 32);
  if (mldsa44Key !== undefined) requireBytes(mldsa44Key, 1312);
  requireBytes(vrfPublicKey, 32);
  if (!Number.isInteger(format) || format < 1 || format > 255) {
    throw new KeyDirectoryError('argument_invalid', 'a format is a number from 1 to 255');
  }
  const hash = sha256(concatBytes(utf8.decode(ORIGIN_LABEL), ...logKeys, vrfPublicKey, Uint8Array.of(format)));
  return `${domain}/latchkey/${log}/${base64urlnopad.encode(hash).slice(0, 22)}`;
}
