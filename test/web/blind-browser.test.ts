/**
 * Two people in two browsers do what people do, with a marker wherever they write something; then the real server, in a
 * process of its own, is searched for all of them: memory, files, log, and every byte on the line.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtFolder } from '../../apps/web/build/built-folder.ts';
import { register } from '../../apps/web/test/screens/app-site.ts';
import { personAt } from '../../apps/web/test/screens/person.ts';
import { browserMissing, withVisitors, type Visitor } from '../../packages/testkit/src/index.ts';
import { MarkerScan } from '../blindness/marker-scan.ts';
import { textMarker, type Marker } from '../blindness/markers.ts';
import { filesOf, memoryOf, type Piece } from '../blindness/readable-places.ts';
import { recordingProxy } from '../blindness/recording-proxy.ts';
import { startServerProcess } from '../blindness/server-process.ts';

const missing = browserMissing('chromium') !== false ? browserMissing('chromium') : browserMissing('firefox');
const unreadable = existsSync('/proc/self/mem') ? missing : 'only Linux shows the memory of a process';

function found(scan: MarkerScan, places: Iterable<Piece>): readonly string[] {
  const finds: string[] = [];
  for (const { place, bytes } of places) {
    for (const { marker, form } of scan.find(bytes, place)) finds.push(`${marker} (${form}) in ${place}`);
  }
  return finds.slice(0, 10);
}

test(
  'nothing that is written in a browser is anywhere in the server, or on the line',
  { skip: unreadable },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-blind-'));
    const data = join(folder, 'data');
    const proxy = await recordingProxy();
    const origin = `http://localhost:${proxy.port}`;
    const server = await startServerProcess({ data, origin, webApp: (await builtFolder()).folder });
    proxy.target = server.port;
    try {
      await withVisitors('chromium', (newAlice) =>
        withVisitors('firefox', async (newBob) => {
          const markers = await exchange({ origin, folder, alices: await newAlice(), bobs: await newBob() });
          const scan = new MarkerScan(markers);
          assert.deepEqual(found(scan, memoryOf(server.pid)), [], 'memory');
          assert.deepEqual(found(scan, filesOf(data)), [], 'files');
          assert.deepEqual(found(scan, proxy.traffic), [], 'traffic');
          assert.deepEqual(found(scan, [{ place: 'the log', bytes: server.log() }]), []);
          // What must be there shows that the search reads the right places.
          const known = new MarkerScan([{ name: 'address', bytes: Buffer.from('alice@localhost'), kind: 'text' }]);
          for (const places of [memoryOf(server.pid), filesOf(data), proxy.traffic])
            assert.ok(found(known, places).length > 0);
        }),
      );
    } finally {
      await server.stop();
      await proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

interface Exchange {
  readonly origin: string;
  readonly folder: string;
  readonly alices: Visitor;
  readonly bobs: Visitor;
}

/** @returns all that nobody but the two may know */
async function exchange({ origin, folder, alices, bobs }: Exchange): Promise<readonly Marker[]> {
  const text = Object.fromEntries(
    ['password', 'subject', 'body', 'draft', 'answer', 'file', 'fileName', 'search', 'newPassword'].map(
      (name) => [name, textMarker(name)] as const,
    ),
  );
  const textOf = (name: string): string => text[name]?.text ?? '';
  const [alice, bob] = [personAt(await alices.visit(`${origin}/app/`)), personAt(await bobs.visit(`${origin}/app/`))];
  for (const { page } of [alice, bob]) await page.setViewport({ width: 1280, height: 800 });
  const kit = await register(alice, 'alice', textOf('password'));
  await register(bob, 'bob');
  const path = join(folder, `${textOf('fileName')}.txt`);
  writeFileSync(path, `${textOf('file')}\n`.repeat(5_000));
  await alice.press('Write');
  await alice.fill('To', 'bob@localhost');
  await alice.fill('Subject', textOf('subject'));
  await alice.fill('Message', textOf('body'));
  await alice.attach([path]);
  await alice.see('First contact');
  await alice.press('Send');
  await alice.miss('Signed by you');
  await bob.see('1 unread');
  await bob.press('Requests');
  await bob.press('Unread.');
  await bob.see(textOf('body'));
  await bob.press(`View ${textOf('fileName')}`);
  await bob.see(textOf('file'));
  await bob.press('Close');
  await bob.page.keyboard.press('r');
  await bob.see('Signed by you');
  await bob.page.keyboard.type(textOf('answer'));
  await bob.press('Send');
  await bob.miss('Signed by you');
  await alice.see('Re: ');
  await alice.fill('Filter the list', textOf('search'));
  await alice.fill('Filter the list', '');
  await alice.press('Write');
  await alice.fill('Subject', textOf('draft'));
  await alice.press('Keep aside');
  await alice.press('Settings');
  await alice.press('Password');
  await alice.fill('New password', textOf('newPassword'));
  await alice.fill('New password once more', textOf('newPassword'));
  await alice.press('Change password');
  await alice.see('The password was changed.');
  await alice.press('Lock');
  await alice.fill('Password', textOf('newPassword'));
  await alice.press('Unlock');
  await alice.see('New password once more');
  await alice.requireNoProblems();
  await bob.requireNoProblems();
  return [...Object.values(text), { name: 'kit', bytes: Buffer.from(kit.join(' ')), kind: 'words' }];
}
