import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ed25519NoteType,
  formatNote,
  formatVerifierKey,
  mldsa44NoteType,
  signNote,
  verifierKey,
  type NoteSigner,
} from '@latchkey/tlog';
import { ServerError } from '../errors.ts';
import { writeSecret } from '../login/write-secret.ts';
import { platformKey, SEED_BYTES } from '../signing/platform-key.ts';

/** The server's own key under what it hands over. It signs nothing else. docs/spec/10-handover.md, "Note". */
export interface HandoverKey {
  /** Verifier keys, one line each: Ed25519 and ML-DSA-44. */
  readonly verifierKeys: readonly string[];
  /** @returns the signed note as text */
  sign(text: string): Promise<string>;
}

/** Reads the key of a data folder, and makes one where there is none. @throws ServerError `data_damaged` */
export function openHandoverKey(dataDir: string, origin: string): HandoverKey {
  const folder = join(dataDir, 'secrets');
  const file = join(folder, 'handover-key');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeSecret(file, randomBytes(2 * SEED_BYTES).toString('base64url'));
  }
  const seeds = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (seeds.length !== 2 * SEED_BYTES) throw new ServerError('data_damaged', 'secrets/handover-key has not 64 bytes');
  const name = `${origin.replace(/^https?:\/\//, '')}/handover`;
  const signers = [signerOf('ed25519', name, seeds), signerOf('ml-dsa-44', name, seeds)];
  return {
    verifierKeys: signers.map(({ key }) => formatVerifierKey(key)),
    async sign(text) {
      return Buffer.from(formatNote(await signNote({ text, signatures: [] }, signers))).toString('utf8');
    },
  };
}

function signerOf(type: 'ed25519' | 'ml-dsa-44', name: string, seeds: Buffer): NoteSigner {
  const isClassical = type === 'ed25519';
  const { publicKey, sign } = platformKey(
    type,
    isClassical ? seeds.subarray(0, SEED_BYTES) : seeds.subarray(SEED_BYTES),
  );
  return { key: verifierKey(name, isClassical ? ed25519NoteType : mldsa44NoteType, publicKey), sign };
}
