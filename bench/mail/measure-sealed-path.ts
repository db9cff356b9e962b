import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import type { SendAnswer } from './peers/send-load.ts';
import { runLoad } from './run-load.ts';
import { startServerProcess } from './server-process.ts';

export interface SealedPathFigures {
  readonly clients: number;
  readonly recipientsEach: number;
  /** Median. */
  readonly deliveriesPerSecond: number;
  readonly messagesPerSecond: number;
  /** Medians: processor time of one delivery, clients and server, all threads. */
  readonly clientMs: number;
  readonly serverMs: number;
}

export interface SealedPathPlan {
  readonly clients: number;
  readonly recipientsEach: number;
  readonly messages: number;
}

const FEWEST_READERS = 100;

type Round = Pick<SealedPathFigures, 'deliveriesPerSecond' | 'clientMs' | 'serverMs'>;

/** Sealing, signing, uploading and delivering, by clients in one process beside the server's. */
export async function measureSealedPath(bench: Bench, plan: SealedPathPlan): Promise<SealedPathFigures> {
  const { clients, recipientsEach, messages } = plan;
  const server = await startServerProcess();
  try {
    const readers = Math.max(FEWEST_READERS, recipientsEach);
    const { sessions } = await server.ask('accounts', { count: readers });
    const order = { ...plan, origin: server.origin, session: sessions[0] ?? '', readers };
    const deliveries = messages * recipientsEach;
    const rounds: Round[] = [];
    for (let round = 0; round <= bench.pairs; round++) {
      const onWarm = (): Promise<unknown> => server.ask('processor', {});
      const { ms, processorMs } = await runLoad<SendAnswer>('send-load', order, { onWarm });
      const { ms: serverMs } = await server.ask('processor', {});
      const one = {
        deliveriesPerSecond: (deliveries / ms) * 1_000,
        clientMs: processorMs / deliveries,
        serverMs: serverMs / deliveries,
      };
      if (round > 0) rounds.push(one);
      const cost = `${one.clientMs.toFixed(2)} ms of processor at the clients, ${one.serverMs.toFixed(2)} at the server`;
      bench.say(`sealed path to ${recipientsEach}: ${one.deliveriesPerSecond.toFixed(0)} deliveries a second, ${cost}`);
    }
    const deliveriesPerSecond = median(rounds.map((one) => one.deliveriesPerSecond));
    return {
      clients,
      recipientsEach,
      deliveriesPerSecond,
      messagesPerSecond: deliveriesPerSecond / recipientsEach,
      clientMs: median(rounds.map(({ clientMs }) => clientMs)),
      serverMs: median(rounds.map(({ serverMs }) => serverMs)),
    };
  } finally {
    await server.stop();
  }
}
