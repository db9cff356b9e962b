import { type Bench } from './bench.ts';
import { runLoad } from './run-load.ts';
import { startServerProcess } from './server-process.ts';
import { ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { median } from '../median.ts';

export interface DeliveryFigures {
  readonly clients: number;
  readonly deliveries: number;
  /** Medians, a second. */
  readonly byHttp: number;
  readonly straightToWriter: number;
  readonly preparedInserts: number;
  /** Of the server's process, all threads, for one delivery. */
  readonly processorMs: {
    readonly byHttp: number;
    readonly straightToWriter: number;
    readonly preparedInserts: number;
  };
  /** Medians of the rounds: with the network, beside the same writes without it. */
  readonly ratio: number;
  readonly ratioToInserts: number;
}

export interface DeliveryPlan {
  readonly deliveries: number;
  readonly clients: number;
}

interface Timed {
  readonly perSecond: number;
  readonly processorMs: number;
}

const READERS = 100;
const BLOB_BYTES = 20_000;

/** Pre-sealed requests through the whole server, beside the same writes straight to its writer. */
export async function measureDeliveries(bench: Bench, plan: DeliveryPlan): Promise<DeliveryFigures> {
  const server = await startServerProcess();
  try {
    const { sessions } = await server.ask('accounts', { count: READERS });
    const rights = { session: sessions[0] ?? '' };
    const wire = bench.host.connect(server.origin);
    const hold = bench.host.engine.randomBytes(16);
    const placed = await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(BLOB_BYTES), { rights });
    const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, { rights });
    const run = { ...plan, blob: Buffer.from(placed.blob).toString('base64url'), readers: READERS };
    const load = { ...run, port: Number(new URL(server.origin).port), pass: passes[0] ?? '' };
    const straight = { ...run, blobBytes: BLOB_BYTES };

    const timed = async (work: () => Promise<number>): Promise<Timed> => {
      await server.ask('processor', {});
      const ms = await work();
      const processor = await server.ask('processor', {});
      return { perSecond: (plan.deliveries / ms) * 1_000, processorMs: processor.ms / plan.deliveries };
    };
    const rounds: { http: Timed; writer: Timed; inserts: Timed }[] = [];
    // The first round warms up.
    for (let round = 0; round <= bench.pairs; round++) {
      const http = await timed(() => runLoad<number>('deliver-load', load));
      const writer = await timed(async () => (await server.ask('straight', straight)).ms);
      const inserts = await timed(async () => (await server.ask('inserts', straight)).ms);
      if (round > 0) rounds.push({ http, writer, inserts });
      const words = Object.entries({ http, writer, inserts }).map(
        ([name, { perSecond }]) => `${name} ${perSecond.toFixed(0)}`,
      );
      bench.say(`deliveries a second: ${words.join(', ')}`);
    }
    const medians = (
      pick: (timed: Timed) => number,
    ): Record<'byHttp' | 'straightToWriter' | 'preparedInserts', number> => ({
      byHttp: median(rounds.map(({ http }) => pick(http))),
      straightToWriter: median(rounds.map(({ writer }) => pick(writer))),
      preparedInserts: median(rounds.map(({ inserts }) => pick(inserts))),
    });
    return {
      ...plan,
      ...medians(({ perSecond }) => perSecond),
      processorMs: medians(({ processorMs }) => processorMs),
      ratio: median(rounds.map(({ http, writer }) => http.perSecond / writer.perSecond)),
      ratioToInserts: median(rounds.map(({ http, inserts }) => http.perSecond / inserts.perSecond)),
    };
  } finally {
    await server.stop();
  }
}
