import type { Invocation } from './invocation.ts';
import { readSecretLine } from './secret-line.ts';

const password = { called: 'password', file: 'password-file', descriptor: 'password-fd' } as const;

/** From file, descriptor or terminal. @throws CliError no_terminal, interrupted, passphrase_missing, … */
export async function readPassword(invocation: Invocation): Promise<string> {
  const given = await readSecretLine(invocation, password);
  if (given !== null) return given;
  const { askPassphrase } = await import('./terminal/ask-passphrase.ts');
  return askPassphrase('Password: ', 'password');
}

/** The same for a password that is to be set: asked twice on the terminal. */
export async function readNewPassword(invocation: Invocation): Promise<string> {
  const given = await readSecretLine(invocation, password);
  if (given !== null) return given;
  const { askNewPassphrase } = await import('./terminal/ask-passphrase.ts');
  return askNewPassphrase('password');
}
