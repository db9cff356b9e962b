import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { writeSecret } from '../login/write-secret.ts';
import { SEED_BYTES } from '../signing/platform-key.ts';

/** The operator's keys of the key log, no owner's. SECURITY.md says what each lets a thief do. */
export interface LogSecrets {
  /** Seeds of Ed25519 and of ML-DSA-44, 32 bytes each. */
  readonly logSeeds: Uint8Array;
  /** 32 bytes. */
  readonly vrfSecret: Uint8Array;
}

/**
 * Reads the keys of a data folder. They are made once, in a folder whose log is empty: other keys are another log.
 *
 * @throws ServerError `data_damaged` where one is missing or cut
 */
export function openLogSecrets(dataDir: string, isNew: boolean): LogSecrets {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    logSeeds: openSecret(join(folder, 'log-key'), 2 * SEED_BYTES, isNew),
    vrfSecret: openSecret(join(folder, 'vrf-key'), SEED_BYTES, isNew),
  };
}

function openSecret(file: string, lengthBytes: number, isNew: boolean): Uint8Array {
  const name = file.slice(file.lastIndexOf('secrets/'));
  if (!existsSync(file)) {
    if (!isNew)
      throw new ServerError('data_damaged', `the file ${name} is missing: the key log cannot go on without it`);
    writeSecret(file, randomBytes(lengthBytes).toString('base64url'));
  }
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (secret.length !== lengthBytes) throw new ServerError('data_damaged', `${name} has not ${lengthBytes} bytes`);
  return new Uint8Array(secret);
}
