import type { Invocation } from './invocation.ts';
import { readSecretLine } from './secret-line.ts';

/** Where the command line says a passphrase comes from. */
export type PassphraseSource = 'given' | 'terminal' | 'none';

export function passphraseSource(invocation: Invocation): PassphraseSource {
  if (invocation.has('passphrase-file') || invocation.has('passphrase-fd')) return 'given';
  return invocation.has('passphrase') ? 'terminal' : 'none';
}

/**
 * From a file or descriptor; null where neither is given.
 * @throws CliError arguments_wrong, passphrase_missing, passphrase_source_malformed, file_not_found, file_not_readable
 */
export function readPassphrase(invocation: Invocation): Promise<string | null> {
  return readSecretLine(invocation, {
    called: 'passphrase',
    file: 'passphrase-file',
    descriptor: 'passphrase-fd',
  });
}
