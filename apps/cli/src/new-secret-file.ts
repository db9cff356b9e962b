import { constants, existsSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { CliError } from './errors.ts';
import { quoted } from './quoted.ts';

/**
 * Readable by the owner alone from the first moment, never in the place of another file, and on the disk when done. One
 * that says the same already is good: a command that was cut wrote it.
 *
 * @param what a noun for people: `an identity`, `a recovery kit`
 * @throws CliError output_exists, file_not_writable
 */
export async function writeNewSecretFile(path: string, text: string, what: string): Promise<void> {
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  ).catch(async (cause: unknown) => {
    if (await saysTheSame(path, text)) return null;
    throw refusalFor(path, cause, what);
  });
  if (file === null) return;
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    await unlink(path).catch(() => undefined);
    throw refusalFor(path, cause, what);
  } finally {
    await file.close();
  }
}

async function saysTheSame(path: string, text: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    return size === Buffer.byteLength(text) && (await file.readFile('utf8')) === text;
  } finally {
    await file.close();
  }
}

/**
 * Before anything is made: a kit that cannot be written would be a kit that is lost. Not where a command was cut and goes
 * on, which may have written its sheets.
 *
 * @throws CliError output_exists
 */
export function refuseExistingSheet(path: string | undefined): void {
  if (path !== undefined && existsSync(path)) throw refusalFor(path, { code: 'EEXIST' }, 'a sheet');
}

function refusalFor(path: string, cause: unknown, what: string): CliError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return code === 'EEXIST'
    ? new CliError('output_exists', 'input_output', {
        message: `${quoted(path)} exists, and ${what} never replaces another file`,
        advice: 'Choose another name',
      })
    : new CliError('file_not_writable', 'input_output', {
        message: `${quoted(path)} cannot be written (${code})`,
        advice: 'Check the folder and its permissions',
      });
}
