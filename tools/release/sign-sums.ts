import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SUMS } from './make-release.ts';

/** What a signature is for: the same key's signatures on other things say nothing about a release. */
const NAMESPACE = 'latchkey-release';

/**
 * Signs the sums with an SSH key, as everybody can check who has OpenSSH: `ssh-keygen -Y verify`.
 *
 * @param key the private key's file, or the public one's where an agent or a token has the private one
 * @returns the path of the signature
 * @throws Error where `ssh-keygen` refuses
 */
export function signSums(out: string, key: string): string {
  const sums = join(out, SUMS);
  const signature = `${sums}.sig`;
  rmSync(signature, { force: true });
  const done = spawnSync('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', NAMESPACE, sums], {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  if (done.status !== 0) throw new Error(`ssh-keygen signed nothing: ${done.error?.message ?? done.stderr}`);
  return signature;
}
