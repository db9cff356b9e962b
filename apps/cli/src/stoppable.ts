import { CliError } from './errors.ts';

export interface Stop {
  /** Raised by Ctrl-C and by a signal that asks for the end. */
  readonly signal: AbortSignal;
  /** What takes away half-written output if the work does not end by itself in time. */
  onForcedEnd(cleanUp: () => Promise<void>): void;
}

/** How long the work may take to notice that it should stop; a pipe that gives no bytes never notices. */
const graceMs = 300;

/**
 * Runs `work` so that Ctrl-C, SIGTERM and SIGHUP leave nothing behind.
 * @throws CliError interrupted, terminated; besides what `work` throws
 */
export async function stoppable<T>(work: (stop: Stop) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cleanUps: (() => Promise<void>)[] = [];
  const forced = Promise.withResolvers<never>();
  let stopped: CliError | undefined;
  let timer: NodeJS.Timeout | undefined;

  const forceEnd = (): void => {
    const done = Promise.allSettled(cleanUps.map((cleanUp) => cleanUp()));
    void done.then(() => forced.reject(stopped ?? stoppedBy('SIGINT')));
  };
  const onSignal = (name: NodeJS.Signals): void => {
    if (stopped !== undefined) return;
    stopped = stoppedBy(name);
    controller.abort();
    timer = setTimeout(forceEnd, graceMs);
  };

  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  try {
    return await Promise.race([
      work({ signal: controller.signal, onForcedEnd: (cleanUp) => void cleanUps.push(cleanUp) }),
      forced.promise,
    ]);
  } catch (error) {
    // Whatever went wrong after it was told to stop went wrong for that.
    throw stopped ?? error;
  } finally {
    clearTimeout(timer);
    for (const name of names) process.off(name, onSignal);
  }
}

export function stoppedBy(name: NodeJS.Signals): CliError {
  return name === 'SIGINT'
    ? new CliError('interrupted', 'interrupted', { message: 'Stopped', advice: 'Nothing was left behind' })
    : new CliError('terminated', 'terminated', { message: `Stopped by ${name}`, advice: 'Nothing was left behind' });
}
