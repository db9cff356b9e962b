import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROUTES } from '../../protocol/src/wire/index.ts';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { sourceUrl, startChild } from '../test/child-process.ts';
import { openClientHost } from './open-client-host.ts';

const wireDoor = new URL('../../protocol/src/wire/index.ts', import.meta.url).href;

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-host-'));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('a host that is only opened and closed touches nothing', async () => {
  const home = join(folder, 'untouched');
  const host = await openClientHost({ home });
  assert.equal(await host.profile.read('account'), null);
  await host.close();
  assert.equal(existsSync(home), false);
});

test('all its ports work together, and again after it was closed', async () => {
  const home = join(folder, 'home');
  for (const round of [1, 2]) {
    const host = await openClientHost({ home, threads: 1 });
    const wire = host.connect(`${server.origin.toUpperCase()}/`);
    assert.equal(wire.origin, server.origin);
    assert.equal((await wire.call(ROUTES.wellKnown, {})).origin, server.origin);
    const before = await host.profile.exclusively(async () => {
      const account = await host.profile.read('account');
      await host.profile.write('account', new Uint8Array([round]));
      return account;
    });
    assert.deepEqual(before, round === 1 ? null : new Uint8Array([1]));
    const space = new Uint8Array(16);
    assert.equal((await host.cache.log(space))?.size, round === 1 ? undefined : 1);
    await host.cache.apply(space, { records: [], log: { size: round, peaks: new Uint8Array(), awaited: 0 } });
    assert.ok((await host.login.startLogin('input')).request.length > 20);
    await host.close();
  }
  assert.deepEqual(readdirSync(home).toSorted(), ['account', 'cache.sqlite', 'lock']);
});

test('only this machine is spoken to without TLS', async () => {
  const host = await openClientHost({ home: folder });
  assert.throws(() => host.connect('http://mail.example.org'), { code: 'server_insecure' });
  assert.throws(() => host.connect('mail.example.org'), { code: 'origin_malformed' });
});

test('the clock waits, and no longer than the signal allows', async () => {
  const { clock } = await openClientHost({ home: folder });
  const startMs = clock.nowMs();
  await clock.sleep(30);
  assert.ok(clock.nowMs() - startMs >= 25);
  const signal = { aborted: false };
  setTimeout(() => (signal.aborted = true), 20);
  await clock.sleep(60_000, signal);
  await clock.sleep(60_000, { aborted: true });
  await clock.sleep(0);
  assert.ok(clock.nowMs() - startMs < 5_000);
});

test('a process that forgets to close its host ends when its work is done', async () => {
  const child = startChild(`
    const { openClientHost } = await import(${JSON.stringify(sourceUrl('open-client-host.ts'))});
    const { ROUTES } = await import(${JSON.stringify(wireDoor)});
    const host = await openClientHost({ home: ${JSON.stringify(join(folder, 'forgotten'))} });
    await host.connect(${JSON.stringify(server.origin)}).call(ROUTES.health, {});
    await host.profile.exclusively(() => host.profile.write('seen', new Uint8Array(3)));
    await host.cache.log(new Uint8Array(16));
    await host.login.startLogin('input');
    console.log('done');
  `);
  assert.equal(await child.firstLine, 'done');
  const doneMs = performance.now();
  assert.equal(await child.ended, 0);
  assert.ok(performance.now() - doneMs < 3_000);
});
