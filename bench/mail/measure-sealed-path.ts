import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import { runLoad } from './run-load.ts';
import { startServerProcess } from './server-process.ts';

export interface SealedPathFigures {
  readonly clients: number;
  readonly recipientsEach: number;
  /** Median. */
  readonly deliveriesPerSecond: number;
  readonly messagesPerSecond: number;
}

export interface SealedPathPlan {
  readonly clients: number;
  readonly recipientsEach: number;
  readonly messages: number;
}

const READERS = 100;

/** Sealing, signing, uploading and delivering, by clients in one process beside the server's. */
export async function measureSealedPath(bench: Bench, plan: SealedPathPlan): Promise<SealedPathFigures> {
  const { clients, recipientsEach, messages } = plan;
  const server = await startServerProcess();
  try {
    const { sessions } = await server.ask('accounts', { count: READERS });
    const order = { ...plan, origin: server.origin, session: sessions[0] ?? '', readers: READERS };
    const rates: number[] = [];
    for (let round = 0; round <= bench.pairs; round++) {
      const messagesPerSecond = (messages / (await runLoad<number>('send-load', order))) * 1_000;
      if (round > 0) rates.push(messagesPerSecond);
      bench.say(
        `sealed path to ${recipientsEach}: ${(messagesPerSecond * recipientsEach).toFixed(0)} deliveries a second`,
      );
    }
    const messagesPerSecond = median(rates);
    return { clients, recipientsEach, messagesPerSecond, deliveriesPerSecond: messagesPerSecond * recipientsEach };
  } finally {
    await server.stop();
  }
}
