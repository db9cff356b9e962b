/** What each screen costs over the wire, everything counted: heads, workers, answers of the server. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { browserMissing, withVisitors } from '@latchkey/testkit';
import { startTestServer } from 'latchkey-server/testing';
import { builtFolder } from '../build/built-folder.ts';
import { countingLine, type CountingLine } from './count-bytes.ts';
import { PASSWORD, register } from './screens/app-site.ts';
import { personAt, textsOf } from './screens/person.ts';

let folder: string;
before(async () => {
  ({ folder } = await builtFolder());
});

/** Until nothing comes any more. */
const QUIET_MS = 1_500;

/**
 * Bytes; in Firefox libsodium comes besides. `signIn`: from nothing to the inbox, by card and password; the app is 318,000 of
 * it, the rest are the account's own sealed records.
 */
const MOST = {
  chromium: { welcome: 60_000, inbox: 215_000, signIn: 400_000 },
  firefox: { welcome: 60_000, inbox: 320_000, signIn: 510_000 },
} as const;

/** What is on its way for an earlier page is over. */
async function untilQuiet(line: CountingLine): Promise<void> {
  do await setTimeout(500);
  while (line.take() > 0);
}

for (const browser of ['chromium', 'firefox'] as const) {
  test(browser, { skip: browserMissing(browser) }, async (t) => {
    const line = await countingLine();
    const server = await startTestServer({ config: { webApp: folder, origin: `http://localhost:${line.port}` } });
    line.to = server.port;
    try {
      await withVisitors(browser, async (newVisitor) => {
        const visitor = await newVisitor();
        const person = personAt(await visitor.visit(`${server.origin}/app/`), visitor);
        await person.see('Create an account');
        await setTimeout(QUIET_MS);
        const welcome = line.take();
        await register(person, 'alice');
        await setTimeout(QUIET_MS);
        t.diagnostic(`welcome ${welcome} bytes; registration besides: ${line.take()}`);
        assert.ok(welcome <= MOST[browser].welcome, `${welcome} bytes to the welcome screen`);

        // Somebody who has an account here, and nothing else: no cache, no service worker.
        await person.page.evaluate(async () => {
          await navigator.serviceWorker.ready;
          for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
          for (const name of await caches.keys()) await caches.delete(name);
        });
        await person.page.setCacheEnabled(false);
        // It comes three seconds later, and on a slow machine into what is counted.
        await person.page.evaluateOnNewDocument(() => {
          navigator.serviceWorker.register = () => new Promise(() => undefined);
        });
        await untilQuiet(line);
        await person.page.reload();
        await person.see('Nothing here, all read');
        await setTimeout(QUIET_MS);
        const inbox = line.take();
        t.diagnostic(`inbox ${inbox} bytes`);
        assert.ok(inbox <= MOST[browser].inbox, `${inbox} bytes to the inbox`);

        await person.page.setViewport({ width: 1280, height: 800 });
        await person.press('Settings');
        await person.press('Card and kit');
        await person.press('Show the sign-in card');
        await person.press('As a line to type');
        const [card = ''] = await textsOf(person.page, '.line');
        await person.close();
        line.take();
        const visited = await newVisitor();
        const elsewhere = personAt(await visited.visit(`${server.origin}/app/`), visited);
        await elsewhere.page.setViewport({ width: 1280, height: 800 });
        await elsewhere.press('Sign in');
        await elsewhere.fill('Sign-in card', card);
        await elsewhere.fill('Password', PASSWORD);
        await elsewhere.see('The card was read.');
        await elsewhere.press('Sign in');
        await elsewhere.press('That fits');
        await elsewhere.see('Nothing here, all read');
        const signIn = line.take();
        t.diagnostic(`sign-in ${signIn} bytes`);
        assert.ok(signIn <= MOST[browser].signIn, `${signIn} bytes to the inbox of who signs in`);
      });
    } finally {
      await server.stop();
      line.close();
    }
  });
}
