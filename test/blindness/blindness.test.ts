/**
 * Design 07, "Blindness": the real client does everything that owners do, with a marker wherever they write something
 * and a record of every key that it uses; the real server, in a process of its own, is searched for all of them: its
 * memory in the middle of things and after, its data folder, its log, and every byte on the line.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ROUTE_NAMES } from '../../packages/protocol/src/wire/index.ts';
import { MarkerScan, type Find } from './marker-scan.ts';
import { secretMarker, textMarker, type Marker } from './markers.ts';
import { callTheRest, putBytes } from './other-calls.ts';
import { filesOf, memoryOf, type Piece } from './readable-places.ts';
import { recordingProxy } from './recording-proxy.ts';
import { routesCalled } from './routes-called.ts';
import { play } from './scenario.ts';
import { startServerProcess } from './server-process.ts';

const unreadable = existsSync('/proc/self/mem') ? false : 'only Linux shows the memory of a process';

async function search(scan: MarkerScan, places: Iterable<Piece>): Promise<Find[]> {
  const finds = new Map<string, Find>();
  for (const { place, bytes } of places) {
    // Where it lies first is enough to go and look.
    for (const find of scan.find(bytes, place)) finds.set(`${find.marker} ${find.form}`, find);
    // Connections are open meanwhile.
    await nextTurn();
  }
  return [...finds.values()];
}

const shown = (finds: readonly Find[]): string =>
  finds
    .slice(0, 20)
    .map(({ marker, form, place }) => `${marker} (${form}) in ${place}`)
    .join('\n');
const named = (name: string, text: string): Marker => ({ name, bytes: Buffer.from(text), kind: 'text' });

test(
  'nothing of what owners write, and no key of theirs, is anywhere in the server',
  { skip: unreadable },
  async (t) => {
    const data = mkdtempSync(join(tmpdir(), 'latchkey-blindness-'));
    const proxy = await recordingProxy();
    const origin = `http://localhost:${proxy.port}`;
    const server = await startServerProcess({ data, origin });
    proxy.target = server.port;
    const looked: string[] = [];
    try {
      const played = await play({
        origin,
        async look(when, markers) {
          const finds = await search(new MarkerScan(markers), memoryOf(server.pid));
          looked.push(when);
          assert.equal(shown(finds), '', when);
        },
      });
      const rest = await callTheRest(played.client, routesCalled(proxy.requests));
      const called = routesCalled(proxy.requests);
      t.diagnostic(`${called.size} routes, ${rest.length} of them by hand: ${rest.join(', ')}`);
      assert.deepEqual(
        ROUTE_NAMES.filter((name) => !called.has(name)),
        [],
        'routes that no step calls',
      );

      const markers = played.markers();
      const secrets = markers.filter(({ kind }) => kind === 'secret').length;
      t.diagnostic(`${markers.length - secrets} texts and ${secrets} secrets`);
      assert.ok(secrets > 200 && looked.length === 3);

      // What must be there shows that the search reads the right places.
      const known = [named('address', 'alice@localhost'), secretMarker('session', Buffer.from(played.client.session))];
      const knownScan = new MarkerScan(known);
      const found = async (places: Iterable<Piece>): Promise<Set<string>> =>
        new Set((await search(knownScan, places)).map(({ marker }) => marker));
      assert.ok((await found(memoryOf(server.pid))).has('address'));
      assert.ok((await found(filesOf(data))).has('address'));
      assert.deepEqual(await found(proxy.traffic), new Set(['address', 'session']));

      const uploaded = textMarker('an upload that was not sealed');
      await putBytes(played.client, Buffer.from(`not sealed: ${uploaded.text}, as no client does it`));
      assert.ok((await search(new MarkerScan([uploaded]), filesOf(data))).length > 0);

      const scan = new MarkerScan(markers);
      assert.equal(shown(await search(scan, memoryOf(server.pid))), '', 'memory at the end');
      assert.equal(shown(await search(scan, filesOf(data))), '', 'files of the running server');
      await server.stop();
      assert.equal(shown(await search(scan, filesOf(data))), '', 'files of the stopped server');
      assert.equal(shown(await search(scan, [{ place: 'the log', bytes: server.log() }])), '');
      assert.equal(shown(await search(scan, proxy.traffic)), '', 'traffic');
    } finally {
      await server.stop();
      await proxy.stop();
      rmSync(data, { recursive: true });
    }
  },
);

test('planted: every kind of leak in the server’s process is found', { skip: unreadable }, async (t) => {
  const texts = [
    'a string',
    'a string of wide letters',
    'a Buffer',
    'base64 within a text',
    'hexadecimal',
    'gzip',
    'zlib',
    'a Buffer in the writer’s thread',
    'a line of the log',
  ].map((name) => textMarker(name));
  const secrets = ['eight bytes of a secret', 'base64url of a secret'].map((name) => secretMarker(name));
  const markers: readonly Marker[] = [...texts, ...secrets];
  const turned = markers.map(({ name, bytes }) => [
    name,
    Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString('hex'),
  ]);
  const data = mkdtempSync(join(tmpdir(), 'latchkey-planted-'));
  const server = await startServerProcess({
    data,
    origin: 'http://localhost:1',
    preload: join(import.meta.dirname, 'plant.ts'),
    env: { LATCHKEY_TEST_PLANTED: JSON.stringify(Object.fromEntries(turned)) },
  });
  try {
    const scan = new MarkerScan(markers);
    const finds = await search(scan, memoryOf(server.pid));
    const inLog = await search(scan, [{ place: 'the log', bytes: server.log() }]);
    t.diagnostic([...new Set(finds.map(({ marker, form }) => `${marker}: ${form}`))].join('; '));
    assert.ok(inLog.some(({ marker }) => marker === 'a line of the log'));
    const found = new Set([...finds, ...inLog].map(({ marker }) => marker));
    assert.deepEqual(
      markers.map(({ name }) => name).filter((name) => !found.has(name)),
      [],
    );
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
});
