import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../median.ts';
import type { Listening, LoadedServer } from './loaded-server.ts';

/** Medians of what was done in one minute, and what the server was like at its end. */
export interface Sample {
  readonly minute: number;
  readonly rssBytes: number;
  readonly deliverMs: number;
  readonly listMs: number;
  readonly eventMs: number;
  /** Of one core, all that the server did in this minute. */
  readonly processorShare: number;
  readonly listeners: number;
  /** Of the machine, with whatever else it did. */
  readonly load: number;
}

/** A round every five seconds: eight deliveries a second, near 700,000 a day. */
const ROUND_MS = 5_000;
const CALLS = 40;
const EVENTS = 5;
const SAMPLE_MS = 60_000;

/** With all listeners there. A signal to stop ends it early, and what was seen until then counts. */
export async function soak(
  server: LoadedServer,
  listening: Listening,
  { minutes }: { readonly minutes: number },
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  const startMs = performance.now();
  while (!stop.signal.aborted && performance.now() - startMs < minutes * 60_000) {
    const one = await sampleOf(server, stop.signal);
    const minute = (performance.now() - startMs) / 60_000;
    samples.push({ minute, ...one, listeners: listening.open(), load: loadavg()[0] ?? Number.NaN });
  }
  process.off('SIGINT', end).off('SIGTERM', end);
  return samples;
}

async function sampleOf(
  server: LoadedServer,
  stop: AbortSignal,
): Promise<Omit<Sample, 'minute' | 'listeners' | 'load'>> {
  const deliverMs: number[] = [];
  const listMs: number[] = [];
  const eventMs: number[] = [];
  const startMs = performance.now();
  const before = await server.processorEverMs();
  let roundMs = startMs;
  while (!stop.aborted && performance.now() - startMs < SAMPLE_MS) {
    deliverMs.push(...(await server.deliverToListeners(CALLS)).ms);
    listMs.push(...(await server.list(CALLS)).ms);
    eventMs.push(...(await server.events(EVENTS)));
    roundMs = Math.max(roundMs + ROUND_MS, performance.now());
    await sleep(Math.max(0, roundMs - performance.now()), undefined, { signal: stop }).catch(() => undefined);
  }
  const processorShare = ((await server.processorEverMs()) - before) / (performance.now() - startMs);
  const rssBytes = await server.rssBytes();
  return { rssBytes, deliverMs: median(deliverMs), listMs: median(listMs), eventMs: median(eventMs), processorShare };
}
