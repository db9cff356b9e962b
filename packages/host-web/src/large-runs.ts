import type { ChunkCipher, ChunkWorkers, Run } from '@latchkey/crypto/engine-web';

/** Of a run's bytes: less is done before a worker would have been asked. */
const WORTH_A_WORKER_BYTES = 1_048_576;
/** Workers hold memory and what they were given; they end when nothing came for so long. */
const END_AFTER_MS = 10_000;
/** 2 MiB; one under way and one waiting for each of two workers. */
const SHAPE = { chunksPerRun: 32, runsInFlight: 4 };

export interface LargeRunsOptions {
  /** For runs that are small. */
  readonly here: ChunkCipher;
  /** Called with the first large run, and again after they were ended. */
  readonly start: () => ChunkWorkers;
  /** Default: the browser's timer. @returns what keeps it from running */
  readonly later?: (run: () => void, delayMs: number) => () => void;
}

/**
 * A cipher for a worker that must stay free to answer: large runs go to workers of their own, which are there only while
 * something large is on its way.
 */
export function largeRunsElsewhere({ here, start, later = byTimer }: LargeRunsOptions): ChunkCipher {
  let workers: ChunkWorkers | null = null;
  let underWay = 0;
  let keep: () => void = () => undefined;

  function end(): void {
    workers?.close();
    workers = null;
  }

  async function onWorkers<T>(use: (workers: ChunkWorkers) => PromiseLike<T> | T): Promise<T> {
    keep();
    underWay += 1;
    try {
      return await use((workers ??= start()));
    } catch (error) {
      // A run that does not open is a value: what is thrown is a worker that failed, and fails from then on.
      end();
      throw error;
    } finally {
      underWay -= 1;
      if (underWay === 0) keep = later(end, END_AFTER_MS);
    }
  }

  const isLarge = ({ bytes }: Run): boolean => bytes.length >= WORTH_A_WORKER_BYTES;
  return {
    ...SHAPE,
    sealRun: (run) => (isLarge(run) ? onWorkers((all) => all.sealRun(run)) : here.sealRun(run)),
    openRun: (run) => (isLarge(run) ? onWorkers((all) => all.openRun(run)) : here.openRun(run)),
  };
}

function byTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
