import { ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import { startServerProcess } from './server-process.ts';

export interface ListingFigures {
  readonly arrivals: number;
  readonly listed: number;
  /** Inside the server, from the request's head to the answer's. */
  readonly medianMs: number;
  readonly slowestMs: number;
}

const LISTED = 50;
const CALLS = 60;

/** Pages of one account's arrivals, each from another place. */
export async function measureListing(bench: Bench, arrivals: number): Promise<ListingFigures> {
  const server = await startServerProcess();
  try {
    const { sessions } = await server.ask('accounts', { count: 1 });
    const rights = { session: sessions[0] ?? '' };
    const wire = bench.host.connect(server.origin);
    const hold = bench.host.engine.randomBytes(16);
    const { blob } = await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(20_000), { rights });
    await server.ask('fill', { arrivals, blob: Buffer.from(blob).toString('base64url') });
    const route = ROUTES.arrivalsList;
    const list = async (after: number): Promise<void> => {
      const page = await wire.call(route, { after, limit: LISTED, onlyHere: true }, { rights });
      if (page.arrivals.length !== LISTED) throw new Error('a page is not full');
    };
    for (let call = 0; call < 10; call++) await list(call * 7);
    await server.ask('durations', { route: route.path });
    for (let call = 0; call < CALLS; call++) await list(Math.floor(((arrivals - LISTED) * call) / CALLS));
    const { ms } = await server.ask('durations', { route: route.path });
    const figures = { arrivals, listed: LISTED, medianMs: median(ms), slowestMs: Math.max(...ms) };
    bench.say(`listing ${LISTED} of ${arrivals}: ${figures.medianMs} ms, at most ${figures.slowestMs} ms`);
    return figures;
  } finally {
    await server.stop();
  }
}
