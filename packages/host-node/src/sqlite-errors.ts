/** What SQLite's result codes mean here (https://sqlite.org/rescode.html). */
import { HostError, type HostErrorCode } from './errors.ts';

const codes: Readonly<Record<number, HostErrorCode>> = {
  3: 'file_not_writable',
  8: 'file_not_writable',
  10: 'io_failed',
  13: 'disk_full',
  14: 'file_not_writable',
};

export function isBusy(error: unknown): boolean {
  return resultOf(error) === 5;
}

/** The file is no database, or its pages contradict each other. */
export function isDamaged(error: unknown): boolean {
  return resultOf(error) === 11 || resultOf(error) === 26;
}

/** Runs `work` and gives what the system did to SQLite our codes. */
export async function withSqliteErrors<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codes[resultOf(error) ?? 0];
    if (code === undefined) throw error;
    throw new HostError(code, `${path}: the system refused`, { cause: error });
  }
}

/** The primary result: of the extended ones, the lowest byte. */
function resultOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
