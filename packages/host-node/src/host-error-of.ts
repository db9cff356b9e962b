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
  return new HostError(code, `${path}: ${messageOf(code, systemCode)}`, { cause: error });
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

function messageOf(code: HostErrorCode, systemCode: string): string {
  switch (code) {
    case 'file_not_found':
      return 'there is no such file or folder';
    case 'file_not_readable':
      return 'it may not be read';
    case 'file_not_writable':
      return 'it may not be written';
    case 'file_is_directory':
      return 'it is a folder';
    case 'output_exists':
      return 'it exists already';
    case 'disk_full':
      return 'there is no room left';
    case 'pipe_closed':
      return 'nobody reads it any more';
    default:
      return `the system refused (${systemCode})`;
  }
}
