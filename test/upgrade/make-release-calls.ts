/** `node test/upgrade/make-release-calls.ts VERSION [--again]`: see README.md beside this file. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { routeNamed } from '../../packages/protocol/src/wire/index.ts';
import { callTheRest } from '../blindness/other-calls.ts';
import { recordingProxy } from '../blindness/recording-proxy.ts';
import { routesCalled } from '../blindness/routes-called.ts';
import { play } from '../blindness/scenario.ts';
import { startServerProcess } from '../blindness/server-process.ts';
import { routeOf, writeCalls, type RecordedCall } from './recorded-calls.ts';

const [version = '', again] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('give the version of the release, such as 0.1.0');
const to = join(import.meta.dirname, `${version}.calls.gz`);
if (existsSync(to) && again !== '--again') throw new Error('the calls of a release are recorded once');

/** Statements with two signatures have 5 kB each; long lists say nothing more. */
const MOST_CHARS = 60_000;
const kept = new Map<string, RecordedCall>();
const realFetch = globalThis.fetch;
globalThis.fetch = async (url, init) => {
  const answered = await realFetch(url, init);
  const method = init?.method ?? 'GET';
  const name = routeOf(method, new URL(url instanceof Request ? url.url : url).pathname);
  if (name === null) return answered;
  const { path, takes, gives } = routeNamed(name);
  const isJson = gives === 'json' || !answered.ok;
  const answer = isJson ? await answered.clone().text() : null;
  const request = takes === 'json' && typeof init?.body === 'string' ? init.body : null;
  const key = `${name} ${answered.ok ? 'ok' : 'refused'}`;
  const before = kept.get(key);
  const size = (request ?? '').length + (answer ?? '').length;
  const sizeBefore = (before?.request ?? '').length + (before?.answer ?? '').length;
  // The one that says most, as long as it is small: an empty list has no form.
  if (size <= MOST_CHARS && (before === undefined || size > sizeBefore)) {
    kept.set(key, { route: name, method, path, request, status: answered.status, answer });
  }
  return answered;
};

const data = mkdtempSync(join(tmpdir(), 'latchkey-calls-'));
const proxy = await recordingProxy();
const origin = `http://localhost:${proxy.port}`;
const server = await startServerProcess({ data, origin });
proxy.target = server.port;
try {
  // Its messages are told apart by the second.
  const played = await play({ origin, look: () => sleep(1_500) });
  await callTheRest(played.client, routesCalled(proxy.requests));
} finally {
  await server.stop();
  await proxy.stop();
  rmSync(data, { recursive: true });
}
writeCalls(
  to,
  [...kept.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, call]) => call),
);
console.log(`${kept.size} calls`);
// The scenario keeps its own clock going.
process.exit(0);
