/** What each screen costs over the wire, everything counted: heads, workers, answers of the server. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { browserMissing, withVisitors } from '@latchkey/testkit';
import { startTestServer } from 'latchkey-server/testing';
import { builtFolder } from '../build/built-folder.ts';
import { countingLine } from './count-bytes.ts';
import { register } from './screens/app-site.ts';
import { personAt } from './screens/person.ts';

let folder: string;
before(async () => {
  ({ folder } = await builtFolder());
});

/** Until nothing comes any more; the service worker is not yet asked for then. */
const QUIET_MS = 1_500;

/** Bytes; in Firefox libsodium comes besides. The inbox is meant to come down to 220,000 in Chromium. */
const MOST = {
  chromium: { welcome: 60_000, inbox: 240_000 },
  firefox: { welcome: 60_000, inbox: 370_000 },
} as const;

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
          for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
          for (const name of await caches.keys()) await caches.delete(name);
        });
        await person.page.setCacheEnabled(false);
        line.take();
        await person.page.reload();
        await person.see('Nothing here, all read');
        await setTimeout(QUIET_MS);
        const inbox = line.take();
        t.diagnostic(`inbox ${inbox} bytes`);
        assert.ok(inbox <= MOST[browser].inbox, `${inbox} bytes to the inbox`);
      });
    } finally {
      await server.stop();
      line.close();
    }
  });
}
