import { WireClient } from '../../apps/server/src/testing/index.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import type { ServerProcess } from './server-process.ts';

export interface UpdateFigures {
  /** In the log before: fillers. */
  readonly leaves: number;
  /** Accepted by the server's writer, put into both logs, signed and published: a second, median. */
  readonly toPublishedHead: number;
  /** All threads of the server. */
  readonly processorMsEach: number;
  /** The same with everything before the writer: HTTP, the chain read, four signatures verified. */
  readonly byHttp: number;
}

const UPDATES = 1_000;
/** Signed beforehand, which takes longer than anything else here. */
const SIGNED = 250;
const ROUNDS = 3;
const LANES = 32;

/** New versions of accounts in a log of so many leaves; the server has its accounts already. */
export async function measureUpdates(bench: Bench, server: ServerProcess, leaves: number): Promise<UpdateFigures> {
  const straight: { perSecond: number; processorMsEach: number }[] = [];
  const byHttp: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { ms, processorMs } = await server.ask('write', { count: UPDATES });
    straight.push({ perSecond: (UPDATES / ms) * 1_000, processorMsEach: processorMs / UPDATES });
    const { updates } = await server.ask('sign', { count: SIGNED });
    const started = performance.now();
    const left = updates.values();
    const lane = async (): Promise<void> => {
      for (const { session, statement } of left) {
        await new WireClient(server.origin, `Bearer ${session}`).call('directoryUpdate', { statement });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await server.ask('settled', {});
    byHttp.push((SIGNED / (performance.now() - started)) * 1_000);
  }
  const figures: UpdateFigures = {
    leaves,
    toPublishedHead: median(straight.map(({ perSecond }) => perSecond)),
    processorMsEach: median(straight.map(({ processorMsEach }) => processorMsEach)),
    byHttp: median(byHttp),
  };
  const { toPublishedHead, processorMsEach } = figures;
  bench.say(
    `${leaves} leaves: ${toPublishedHead.toFixed(0)} updates a second to a published head (${processorMsEach.toFixed(2)} ms of the processor each), by HTTP ${figures.byHttp.toFixed(0)}`,
  );
  return figures;
}
