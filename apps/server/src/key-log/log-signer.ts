import { logOrigin } from '@latchkey/key-directory';
import { vrfPublicKey } from '@latchkey/key-directory/prove';
import {
  cosign,
  ed25519NoteType,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  mldsa44CosignatureType,
  signNote,
  verifierKey,
  withSignatures,
  type NoteSigner,
  type VerifierKey,
} from '@latchkey/tlog';
import { platformKey, SEED_BYTES } from '../signing/platform-key.ts';
import type { LogName } from '../store/schema.ts';
import type { LogSecrets } from './log-secrets.ts';

/** The format of docs/spec/12-key-directory.md. */
const format = 1;

/** What a log is known by, to everybody. */
export interface LogIdentity {
  readonly origin: string;
  /** Ed25519 (0x01), ML-DSA-44 (0x06). */
  readonly verifierKeys: readonly VerifierKey[];
}

export interface LogIdentities {
  readonly keys: LogIdentity;
  readonly index: LogIdentity;
  readonly vrfPublicKey: Uint8Array;
}

export interface UnsignedHead {
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/** Signs checkpoints of both logs. It remembers nothing: whoever calls it keeps the head before anybody sees it. */
export interface LogSigner extends LogIdentities {
  /** @returns the checkpoint as a signed note: a line of Ed25519, and one of ML-DSA-44 that says the time */
  signHead(log: LogName, head: UnsignedHead, nowMs: number): Promise<string>;
}

export function logSigner(domain: string, { logSeeds, vrfSecret }: LogSecrets): LogSigner {
  const ed25519 = platformKey('ed25519', logSeeds.subarray(0, SEED_BYTES));
  const mldsa44 = platformKey('ml-dsa-44', logSeeds.subarray(SEED_BYTES));
  const vrf = vrfPublicKey(vrfSecret);
  const logKeys = [ed25519.publicKey, mldsa44.publicKey];

  function signersOf(log: LogName): { origin: string; note: NoteSigner; timed: NoteSigner } {
    const origin = logOrigin({ domain, log, logKeys, vrfPublicKey: vrf, format });
    return {
      origin,
      note: { key: verifierKey(origin, ed25519NoteType, ed25519.publicKey), sign: ed25519.sign },
      timed: { key: verifierKey(origin, mldsa44CosignatureType, mldsa44.publicKey), sign: mldsa44.sign },
    };
  }

  const signers = { keys: signersOf('keys'), index: signersOf('index') };
  const identity = ({ origin, note, timed }: typeof signers.keys): LogIdentity => ({
    origin,
    verifierKeys: [note.key, timed.key],
  });
  return {
    keys: identity(signers.keys),
    index: identity(signers.index),
    vrfPublicKey: vrf,
    async signHead(log, head, nowMs) {
      const { origin, note: classical, timed } = signers[log];
      const text = formatCheckpoint({ origin, ...head, extensions: [] });
      const note = await signNote({ text, signatures: [] }, [classical]);
      const line = await cosign(note, timed, Math.floor(nowMs / 1_000));
      return Buffer.from(formatNote(withSignatures(note, [line]))).toString('utf8');
    },
  };
}

export function verifierLines({ verifierKeys }: LogIdentity): string[] {
  return verifierKeys.map((key) => formatVerifierKey(key));
}
