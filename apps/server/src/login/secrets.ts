import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLoginSetup } from '@latchkey/crypto/login-server';
import { ServerError } from '../errors.ts';
import { writeSecret } from './write-secret.ts';

/** The server's own secrets; SECURITY.md says what each lets a thief do. None of them opens anything of an owner. */
export interface ServerSecrets {
  /** OPAQUE: seed of the OPRF and static key. */
  readonly loginSetup: string;
  /** 32 bytes for `serverSeal`. May be replaced at any time: running logins and passes end. */
  readonly sealKey: Uint8Array;
}

/** Reads the secrets of a data folder, and makes them in a new one. */
export async function openSecrets(dataDir: string): Promise<ServerSecrets> {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const setupFile = join(folder, 'opaque-setup');
  const sealFile = join(folder, 'seal-key');
  if (!existsSync(setupFile)) {
    // Without the setup every password is lost, so it may be missing only where there is no account yet.
    if (existsSync(sealFile)) throw new ServerError('data_damaged', 'the file secrets/opaque-setup is missing');
    writeSecret(setupFile, await createLoginSetup());
  }
  if (!existsSync(sealFile)) writeSecret(sealFile, randomBytes(32).toString('base64url'));
  const sealKey = Buffer.from(readFileSync(sealFile, 'utf8').trim(), 'base64url');
  if (sealKey.length !== 32) throw new ServerError('data_damaged', 'the file secrets/seal-key has not 32 bytes');
  return { loginSetup: readFileSync(setupFile, 'utf8').trim(), sealKey };
}
