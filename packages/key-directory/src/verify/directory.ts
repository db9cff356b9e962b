import {
  ed25519NoteType,
  mldsa44CosignatureType,
  verifierKey,
  type Policy,
  type VerifierKey,
  type VerifySignature,
} from '@latchkey/tlog';
import { sameBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { logOrigin } from '../origin.ts';
import { vrfVerifier, type VrfVerifier } from '../vrf/verify-vrf.ts';
import { witnessPolicy } from './witness-policy.ts';

/** What a client has pinned of a directory, got elsewhere than from the server. */
export interface DirectoryPin {
  /** Canonical; the directory publishes labels of it. */
  readonly domain: string;
  /** Ed25519 (32 bytes), then, where there is one, ML-DSA-44 (1,312 bytes): both sign every checkpoint. */
  readonly logKeys: readonly Uint8Array[];
  /** 32 bytes. */
  readonly vrfPublicKey: Uint8Array;
  /** Who must have cosigned. Log lines, where it has any, must be those of this directory. */
  readonly policy: Policy;
  /** The platform's strict Ed25519 and ML-DSA-44. */
  readonly verifySignature: VerifySignature;
}

/** A log with the policies that its checkpoints must satisfy. */
export interface DirectoryLog {
  readonly log: 'keys' | 'index';
  readonly origin: string;
  readonly policy: Policy;
}

/** A directory whose keys were checked. Made by `openDirectory` only. */
export interface Directory {
  readonly keys: DirectoryLog;
  readonly index: DirectoryLog;
  readonly vrf: VrfVerifier;
  readonly verifySignature: VerifySignature;
}

const FORMAT = 1;

/**
 * Makes a directory from what is pinned. The origins of its two logs follow from the keys and are never taken from
 * anybody, so that a second VRF key is another directory.
 * @throws KeyDirectoryError `argument_invalid` for keys that are none; `policy_unfit` for a policy with other logs, or
 * one that asks auditors only
 */
export function openDirectory(pin: DirectoryPin): Directory {
  const { domain, logKeys, vrfPublicKey, policy, verifySignature } = pin;
  const logs = (['keys', 'index'] as const).map((log) => {
    const origin = logOrigin({ domain, log, logKeys, vrfPublicKey, format: FORMAT });
    return { origin, keys: logVerifierKeys(origin, logKeys) };
  }) as [LogKeys, LogKeys];
  const [keys, index] = logs;
  const own = logs.flatMap((log) => log.keys);
  if (!policy.logs.every(({ key }) => own.some((known) => sameKey(known, key)))) {
    throw new KeyDirectoryError('policy_unfit', 'the policy names another log');
  }
  return {
    keys: { log: 'keys', origin: keys.origin, policy: withLog(witnessPolicy(policy), keys) },
    index: { log: 'index', origin: index.origin, policy: withLog(policy, index) },
    vrf: vrfVerifier(vrfPublicKey),
    verifySignature,
  };
}

interface LogKeys {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

/** The keys under which a log signs: Ed25519 plainly, ML-DSA-44 with a time (docs/spec/12-key-directory.md, "Logs"). */
function logVerifierKeys(origin: string, logKeys: readonly Uint8Array[]): readonly VerifierKey[] {
  const types = [ed25519NoteType, mldsa44CosignatureType];
  return logKeys.map((publicKey, at) => verifierKey(origin, types[at] ?? ed25519NoteType, publicKey));
}

/** Two logs with one key cannot stand in one policy (C2SP tlog-policy): each log gets a copy with its own lines. */
function withLog(policy: Policy, { keys }: LogKeys): Policy {
  return { ...policy, logs: keys.map((key) => ({ key, url: null })) };
}

function sameKey(one: VerifierKey, other: VerifierKey): boolean {
  return one.name === other.name && one.keyId === other.keyId && sameBytes(one.publicKey, other.publicKey);
}
