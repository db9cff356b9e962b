import { CliError, usageError } from './errors.ts';
import type { OptionName } from './command-line/command-spec.ts';
import type { Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/** What the secret is called, and the two options that say where it lies. */
export interface SecretKind {
  readonly called: 'passphrase' | 'password';
  readonly file: OptionName;
  readonly descriptor: OptionName;
}

/**
 * A secret from a file or descriptor: its only line, without the line end. Null where neither option is given.
 * @throws CliError arguments_wrong, passphrase_missing, passphrase_source_malformed, file_not_found, file_not_readable
 */
export async function readSecretLine(invocation: Invocation, kind: SecretKind): Promise<string | null> {
  const from = whereFrom(invocation, kind);
  if (from === null) return null;
  const text = await readSmallFile(...from);
  const line = text.replace(/\r?\n$/, '');
  if (line === '') {
    throw new CliError('passphrase_missing', 'usage', {
      message: `The ${kind.called} is empty`,
      advice: 'Put one line into the file',
    });
  }
  if (/[\r\n]/.test(line)) {
    throw new CliError('passphrase_source_malformed', 'usage', {
      message: `The ${kind.called} is more than one line`,
      advice: `Put the ${kind.called} alone into a file; only its first line could be typed`,
    });
  }
  return line;
}

function whereFrom(invocation: Invocation, kind: SecretKind): [from: string | number, what: string] | null {
  const file = invocation.value(kind.file);
  const given = invocation.value(kind.descriptor);
  if (file !== undefined && given !== undefined)
    throw usageError(`There are two places for one ${kind.called}`, `Give --${kind.file} or --${kind.descriptor}`);
  if (file !== undefined) return [file, `${kind.called} file ${quoted(file)}`];
  if (given === undefined) return null;
  if (!/^(0|[1-9]\d{0,4})$/.test(given))
    throw usageError(`${quoted(given)} is no file descriptor`, 'Give a number, such as 3');
  return [Number(given), `file descriptor ${given}`];
}
