import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { HostError } from './errors.ts';
import { isSystemError } from './host-error-of.ts';

const OPEN_FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const RETRY_MS = 20;

/** A named pipe to write to, once somebody reads it. */
export interface NamedPipe {
  readonly opened: Promise<NodeJS.WritableStream>;
  /** Stops waiting; `opened` is then refused. Nothing happens where it is open already. */
  readonly cancel: () => void;
}

/**
 * Without O_NONBLOCK, opening a pipe that nobody reads would hold a thread of Node's pool, and the process, until
 * somebody does. With it the answer is ENXIO, and one asks again.
 * @throws HostError output_exists: where `trusted` refuses whose it is; system errors come through
 */
export function openNamedPipe(path: string, trusted: (ownerId: number) => boolean): NamedPipe {
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.WritableStream>();
  // Whoever writes is told; nobody may have written yet.
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const attempt = (): void => {
    try {
      const fd = openIfRead(path, trusted);
      if (fd === null) timer = setTimeout(attempt, RETRY_MS);
      else resolve(new Socket({ fd, readable: false, writable: true }));
    } catch (error) {
      reject(error);
    }
  };
  attempt();
  return {
    opened: promise,
    cancel: () => {
      clearTimeout(timer);
      reject(new HostError('io_failed', `${path}: nobody read it`));
    },
  };
}

/** Null where nobody reads it yet. */
function openIfRead(path: string, trusted: (ownerId: number) => boolean): number | null {
  let fd: number;
  try {
    fd = openSync(path, OPEN_FLAGS);
  } catch (error) {
    if (isSystemError(error, 'ENXIO')) return null;
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    // The name may mean another file than when it was looked at.
    if (!stats.isFIFO()) throw new HostError('io_failed', `${path}: it was a named pipe and is none any more`);
    if (!trusted(stats.uid)) throw new HostError('output_exists', `${path}: it is a named pipe of somebody else`);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
