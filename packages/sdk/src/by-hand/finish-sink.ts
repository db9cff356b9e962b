import type { ByteSink } from './ports.ts';

/** Runs `work` and commits the sink only where it says so; on every other way out the sink is discarded. */
export async function finishSink<T>(sink: ByteSink, work: () => Promise<{ commit: boolean; result: T }>): Promise<T> {
  try {
    const { commit, result } = await work();
    if (commit) await sink.commit();
    else await sink.discard();
    return result;
  } catch (error) {
    // What went wrong first is what people need to know.
    await sink.discard().catch(() => undefined);
    throw error;
  }
}
