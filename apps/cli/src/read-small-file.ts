import { descriptorSource, fileSource, HostError } from '@latchkey/host-node';
import { CliError } from './errors.ts';

const MIB = 1_048_576;

/**
 * The text of a small file: identities, recipients, a passphrase. '-' is standard input, a number a descriptor.
 * @throws CliError file_not_found, file_not_readable, file_not_text, file_is_sealed
 */
export async function readSmallFile(from: string | number, what: string, mostMib = 1): Promise<string> {
  const limitBytes = mostMib * MIB;
  const bytes = Buffer.alloc(limitBytes + 1);
  try {
    const length = await fill(bytes, from);
    if (length > limitBytes) throw notText(what, `is larger than ${mostMib} MiB`);
    if (isSealed(bytes)) throw sealed(from, what);
    return decode(bytes.subarray(0, length), what);
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(what, error);
  } finally {
    bytes.fill(0);
  }
}

/** Until `bytes` are full or the source ends. What came on the way is wiped: it may have been a secret. */
async function fill(bytes: Buffer, from: string | number): Promise<number> {
  const source = typeof from === 'number' ? await descriptorSource(from) : await fileSource(from);
  let length = 0;
  try {
    for await (const piece of source.stream()) {
      const part = piece.subarray(0, bytes.length - length);
      bytes.set(part, length);
      length += part.length;
      piece.fill(0);
      if (length === bytes.length) break;
    }
  } finally {
    await source.close();
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

function unreadable(what: string, error: unknown): CliError {
  if (error instanceof HostError && error.code === 'file_not_found')
    return new CliError('file_not_found', 'input_output', {
      message: `There is no such ${what}`,
      advice: 'Check its name',
    });
  return new CliError('file_not_readable', 'input_output', {
    message: `The ${what} cannot be read (${reasonOf(error)})`,
    advice: 'Check its name and permissions',
  });
}

/** The system's own code where there is one. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  for (const candidate of [cause, error])
    if (candidate instanceof Error && 'code' in candidate) return String(candidate.code);
  return '';
}
