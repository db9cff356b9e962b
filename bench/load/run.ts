/**
 * `npm run bench -- load [--accounts 10000] [--arrivals 1000000] [--listeners 4000] [--minutes 0] [--json] [--no-save]`
 * A server with much in it beside one with little (bench/load/README.md).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawGrowth } from '../draw-growth.ts';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { parseCount } from '../parse-count.ts';
import { startLoadedServer, type LoadedServer, type Size } from './loaded-server.ts';
import { soak, type Sample } from './soak.ts';

const { values: options } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    arrivals: { type: 'string', default: '1000000' },
    listeners: { type: 'string', default: '4000' },
    minutes: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const accounts = parseCount('accounts', options.accounts);
const arrivals = parseCount('arrivals', options.arrivals);
const listeners = parseCount('listeners', options.listeners, 0);
const minutes = parseCount('minutes', options.minutes, 0);
const SMALL = { accounts: 10, arrivals: 1_000, members: 0 };
const MOST_RATIO = 1.3;
const MOST_LISTENER_BYTES = 150_000_000;
const ROUNDS = 9;
const CALLS = 40;

interface Costs {
  readonly deliverMs: number;
  readonly deliverProcessorMs: number;
  readonly listMs: number;
  readonly listProcessorMs: number;
  readonly eventMs: number;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const machine = describeMachine();
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}`);
const folder = mkdtempSync(join(tmpdir(), 'latchkey-load-'));
const servers: LoadedServer[] = [];
try {
  const started = async (name: string, size: Size): Promise<LoadedServer> => {
    const server = await startLoadedServer(join(folder, name), size);
    servers.push(server);
    say(`${size.accounts} accounts with ${size.arrivals} arrivals`);
    return server;
  };
  const small = await started('small', SMALL);
  const large = await started('large', { accounts, arrivals, members: listeners });

  const pairs: { readonly small: Costs; readonly large: Costs }[] = [];
  // The first round warms up; who goes first changes, so that what others do hits both.
  for (let round = 0; round <= ROUNDS; round++) {
    const first = round % 2 === 0 ? small : large;
    const one = await costsOf(first);
    const other = await costsOf(first === small ? large : small);
    if (round > 0) pairs.push(first === small ? { small: one, large: other } : { small: other, large: one });
  }
  const names = ['deliverMs', 'deliverProcessorMs', 'listMs', 'listProcessorMs', 'eventMs'] as const;
  const ratios = Object.fromEntries(
    names.map((name) => [name, median(pairs.map(({ small: few, large: many }) => many[name] / few[name]))]),
  );
  for (const name of names) {
    const [few, many] = [median(pairs.map((pair) => pair.small[name])), median(pairs.map((pair) => pair.large[name]))];
    say(
      `${name}: ${few.toFixed(2)} and ${many.toFixed(2)} ms, ${ratios[name]?.toFixed(2)} times (at most ${MOST_RATIO})`,
    );
  }

  const before = await large.rssBytes();
  const listening = await large.listen(listeners);
  const listenerBytes = (await large.rssBytes()) - before;
  say(`${listeners} listeners: ${(listenerBytes / 1e6).toFixed(0)} MB (less than ${MOST_LISTENER_BYTES / 1e6})`);
  const samples = await soak(large, listening, { minutes });
  const stillListening = listening.open();
  if (minutes > 0) say(`${stillListening} of ${listeners} listeners are there after ${samples.length} samples`);
  listening.end();

  const report = {
    date: new Date().toISOString(),
    machine,
    accounts,
    arrivals,
    pairs,
    ratios,
    listeners,
    listenerBytes,
    stillListening,
    samples,
  };
  if (options.save) save(report);
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const missed =
    Object.values(ratios).some((ratio) => ratio > MOST_RATIO) ||
    listenerBytes >= MOST_LISTENER_BYTES ||
    stillListening < listeners;
  if (missed) say('A target is missed.');
} finally {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function costsOf(server: LoadedServer): Promise<Costs> {
  const [delivered, listed] = [await server.deliver(CALLS), await server.list(CALLS)];
  return {
    deliverMs: median(delivered.ms),
    deliverProcessorMs: delivered.processorMs,
    listMs: median(listed.ms),
    listProcessorMs: listed.processorMs,
    eventMs: median(await server.events(CALLS)),
  };
}

function save(report: { readonly date: string; readonly samples: readonly Sample[] }): void {
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  const base = join(results, `load-${report.date.slice(0, 10)}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  if (report.samples.length === 0) return;
  const line = (label: string, unit: string, pick: (sample: Sample) => number) => ({
    label,
    unit,
    target: null,
    points: report.samples.map((sample) => ({ at: sample.minute, value: pick(sample) })),
  });
  const note = `${accounts} accounts, ${arrivals} arrivals, ${listeners} listeners; ${machine.cores} cores, load ${machine.loadBefore} before`;
  const lines = [
    line('memory of the server', 'MB', ({ rssBytes }) => rssBytes / 1e6),
    line('a delivery', 'ms', ({ deliverMs }) => deliverMs),
    line('a listing of 50', 'ms', ({ listMs }) => listMs),
    line('an event, from sending to hearing', 'ms', ({ eventMs }) => eventMs),
    line('processor, of one core', '%', ({ processorShare }) => processorShare * 100),
  ];
  const chart = { title: 'A loaded server over time', note, counts: 'minutes', isEven: true, lines };
  writeFileSync(`${base}.svg`, drawGrowth(chart));
}
