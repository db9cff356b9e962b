import { CliError, usageError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/** Where the command line says a passphrase comes from. */
export type PassphraseSource = 'file' | 'descriptor' | 'terminal' | 'none';

/** @throws CliError arguments_wrong */
export function passphraseSource(invocation: Invocation): PassphraseSource {
  const file = invocation.has('passphrase-file');
  const descriptor = invocation.has('passphrase-fd');
  if (file && descriptor)
    throw usageError('There are two places for one passphrase', 'Give --passphrase-file or --passphrase-fd');
  if (file) return 'file';
  if (descriptor) return 'descriptor';
  return invocation.has('passphrase') ? 'terminal' : 'none';
}

/**
 * From a file or descriptor: its only line, without the line end.
 * @throws CliError arguments_wrong, passphrase_missing, passphrase_source_malformed, file_not_found, file_not_readable
 */
export async function readPassphrase(invocation: Invocation): Promise<string> {
  const text = await readSmallFile(...whereFrom(invocation));
  const line = text.replace(/\r?\n$/, '');
  if (line === '') {
    throw new CliError('passphrase_missing', 'usage', {
      message: 'The passphrase is empty, and anybody could open the file',
      advice: 'Put one line into the file',
    });
  }
  if (/[\r\n]/.test(line)) {
    throw new CliError('passphrase_source_malformed', 'usage', {
      message: 'The passphrase is more than one line',
      advice: 'Put the passphrase alone into a file; only its first line could be typed',
    });
  }
  return line;
}

function whereFrom(invocation: Invocation): [from: string | number, what: string] {
  const file = invocation.value('passphrase-file');
  if (file !== undefined) return [file, `passphrase file ${quoted(file)}`];
  const given = invocation.value('passphrase-fd') ?? '';
  if (!/^(0|[1-9]\d{0,4})$/.test(given))
    throw usageError(`${quoted(given)} is no file descriptor`, 'Give a number, such as 3');
  return [Number(given), `file descriptor ${given}`];
}
