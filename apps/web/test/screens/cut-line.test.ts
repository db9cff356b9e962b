/** A cut line, a slow one, and a server that ends: nothing is lost, and it goes on by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import { countingLine } from '../count-bytes.ts';
import { withAppSite, type AppSite } from './app-site.ts';
import { write } from './every-screen.ts';
import { eventually, writtenOn } from './person.ts';

/** A server waits at most 8 s for what is under way; a live line is not. */
const MOST_GOODBYE_MS = 7_500;

for (const browser of ['chromium'] as const) {
  test(browser, { skip: browserMissing(browser) }, async () => {
    const line = await countingLine();
    try {
      await withAppSite(browser, (site) => cutAndSlow(site, line), { line });
    } finally {
      line.close();
    }
  });
}

async function cutAndSlow(site: AppSite, line: Awaited<ReturnType<typeof countingLine>>): Promise<void> {
  const [alice, bob] = [await site.join('alice'), await site.join('bob')];
  await write(alice, 'bob@localhost', 'Before the cut', 'One.');
  await write(bob, 'alice@localhost', 'Also before the cut', 'Two.');
  await alice.see('Also before the cut');
  // From then on the app itself comes from this browser.
  await alice.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  line.cut();
  await alice.see('No connection.');
  await alice.press('Write');
  await alice.fill('To', 'bob@localhost');
  await alice.fill('Subject', 'Begun while it was cut');
  await alice.fill('Message', 'Nothing of this may be lost.');
  await alice.see('Could not be checked');
  await alice.press('Send');
  await alice.see('Not sent: the server does not answer');
  await alice.see('kept as a draft');
  await eventually(writtenOn(alice.page), 'Nothing of this may be lost.');
  await alice.press('Keep aside');
  await alice.page.reload();
  // What is here can be read, and what was written is there again.
  await alice.see('Also before the cut');
  await alice.see('No connection.');
  await alice.press('Drafts');
  await alice.press('Begun while it was cut');
  await eventually(writtenOn(alice.page), 'Nothing of this may be lost.');

  line.mend();
  await alice.press('Send');
  await alice.miss('Signed by you');
  await alice.press('Inbox');
  await alice.miss('No connection.');
  await bob.see('Begun while it was cut');
  await bob.miss('No connection.');

  line.pace = { bytesPerSecond: 200_000, delayMs: 150 };
  await bob.page.reload();
  await bob.press('Begun while it was cut');
  await bob.see('Nothing of this may be lost.');
  await write(bob, 'alice@localhost', 'Slowly', 'Four.');
  await alice.see('Slowly');
  line.pace = null;

  // Browsers tell of each request that met no server.
  await alice.forgetProblems();
  await bob.forgetProblems();
  const beganMs = performance.now();
  await site.server.stop();
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs < MOST_GOODBYE_MS, `the server took ${tookMs.toFixed(0)} ms to end with two browsers on it`);
  await alice.see('No connection.');
}
