import { HostError, type HostErrorCode } from './errors.ts';

/** What was being done to which file when the system refused. */
export interface FileContext {
  readonly action: 'read' | 'write';
  /** As the person wrote it. */
  readonly path: string;
}

/** The one place where system error codes become ours. Errors that are not the system's pass through. */
export function hostErrorOf(error: unknown, { action, path }: FileContext): unknown {
  const systemCode = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined;
  if (typeof systemCode !== 'string') return error;
  const code = codeOf(systemCode, action);
  return new HostError(code, `${path}: ${MESSAGES[code] ?? `the system refused (${systemCode})`}`, { cause: error });
}

export function isSystemError(error: unknown, systemCode: string): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error && error.code === systemCode;
}

/** Runs `work` and gives its system errors our codes. */
export async function withHostErrors<T>(context: FileContext, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw hostErrorOf(error, context);
  }
}

function codeOf(systemCode: string, action: FileContext['action']): HostErrorCode {
  switch (systemCode) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'file_not_found';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ETXTBSY':
      return action === 'read' ? 'file_not_readable' : 'file_not_writable';
    case 'EISDIR':
      return 'file_is_directory';
    case 'EEXIST':
      return 'output_exists';
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'disk_full';
    case 'EPIPE':
    case 'ECONNRESET':
      return 'pipe_closed';
    default:
      return 'io_failed';
  }
}

const MESSAGES: Partial<Readonly<Record<HostErrorCode, string>>> = {
  file_not_found: 'there is no such file or folder',
  file_not_readable: 'it may not be read',
  file_not_writable: 'it may not be written',
  file_is_directory: 'it is a folder',
  output_exists: 'it exists already',
  disk_full: 'there is no room left',
  pipe_closed: 'nobody reads it any more',
};
