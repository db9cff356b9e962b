import { read } from 'node:fs';
import { open } from 'node:fs/promises';
import { CliError } from './errors.ts';

const limitBytes = 1_048_576;

/**
 * The text of a small file: identities, recipients, a passphrase. '-' is standard input, a number a descriptor.
 * @throws CliError file_not_found, file_not_readable, file_not_text, file_is_sealed
 */
export async function readSmallFile(from: string | number, what: string): Promise<string> {
  const bytes = Buffer.alloc(limitBytes + 1);
  try {
    const length = typeof from === 'number' ? await fill(bytes, from) : await fillFromPath(bytes, from);
    if (length > limitBytes) throw notText(what, 'is larger than 1 MiB');
    if (isSealed(bytes)) throw sealed(from, what);
    return decode(bytes.subarray(0, length), what);
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(what, error);
  } finally {
    bytes.fill(0);
  }
}

async function fillFromPath(bytes: Buffer, path: string): Promise<number> {
  if (path === '-') return fill(bytes, 0);
  const file = await open(path, 'r');
  try {
    return await fill(bytes, file.fd);
  } finally {
    await file.close();
  }
}

async function fill(bytes: Buffer, descriptor: number): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const at = length;
    const count = await new Promise<number>((resolve, reject) => {
      read(descriptor, bytes, at, bytes.length - at, null, (error, got) =>
        error === null ? resolve(got) : reject(error),
      );
    });
    if (count === 0) break;
    length += count;
  }
  return length;
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText(what, 'is not text');
  }
}

function isSealed(bytes: Buffer): boolean {
  return ['age-encryption.org/', '-----BEGIN AGE ENCRYPTED FILE-----'].some((start) => bytes.indexOf(start) === 0);
}

/** People copy advice into a shell: a name that would mean something there, or is shown cut, is not repeated. */
function forShell(path: string): string {
  return /^[\w./][\w./-]{0,59}$/.test(path) ? `'${path}'` : 'FILE';
}

function sealed(from: string | number, what: string): CliError {
  return new CliError('file_is_sealed', 'usage', {
    message: `The ${what} is itself sealed`,
    advice:
      typeof from === 'string' && from !== '-'
        ? `Open it into this command, with '-' in its place: latchkey open ${forShell(from)} | latchkey …`
        : 'Open it first',
  });
}

function notText(what: string, fault: string): CliError {
  return new CliError('file_not_text', 'damaged', {
    message: `The ${what} ${fault}`,
    advice: 'Check that it is the right file',
  });
}

function unreadable(what: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'ENOENT'
    ? new CliError('file_not_found', 'input_output', { message: `There is no such ${what}`, advice: 'Check its name' })
    : new CliError('file_not_readable', 'input_output', {
        message: `The ${what} cannot be read (${code})`,
        advice: 'Check its name and permissions',
      });
}
