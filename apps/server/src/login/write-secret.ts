import { renameSync, writeFileSync } from 'node:fs';

/** One line that only the server's user may read; whole or not there. */
export function writeSecret(file: string, text: string): void {
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
