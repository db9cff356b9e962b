import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, describe, test } from 'node:test';
import {
  browserMissing,
  strictHeaders,
  TestkitError,
  withBrowser,
  withPage,
  type BrowserName,
} from '../../src/index.ts';
import type * as illBehaved from './pages/ill-behaved.ts';
import type * as wellBehaved from './pages/well-behaved.ts';

const pagePath = (name: string): string => fileURLToPath(new URL(`pages/${name}.ts`, import.meta.url));
const temporary = await mkdtemp(join(tmpdir(), 'latchkey-testkit-'));
process.env['TMPDIR'] = temporary;
after(() => rm(temporary, { recursive: true }));

const browsers: readonly BrowserName[] = ['chromium', 'firefox'];

/** Function of pages/ill-behaved.ts, and what must be said about it. */
const illBehaviour: readonly (readonly [keyof typeof illBehaved, RegExp])[] = [
  ['logsAnError', /console: this went wrong/],
  ['rejectsUnhandled', /nobody waits for this/],
  ['throwsLater', /thrown beside the call/],
  ['evaluates', /policy require-trusted-types-for broken by/],
  ['asksForWhatIsNotThere', /missing\.png/],
  ['throwsAtOnce', /no answer/],
];

for (const browser of browsers) {
  describe(browser, { skip: browserMissing(browser) }, () => {
    test('calls what a page exports and returns what it answers', async () => {
      const options = {
        browser,
        entryPath: pagePath('well-behaved'),
        workers: { '/worker.js': pagePath('worker') },
        headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
      };
      await withPage<typeof wellBehaved, void>(options, async (page) => {
        assert.equal(await page.call('add', 2, 3), 5);
        assert.deepEqual(await page.call('later', 'snø'), { value: 'snø', isolated: true });
        assert.equal(await page.call('nothing'), undefined);
        assert.equal(await page.call('throughWorker', '/worker.js'), 'from the worker');
        assert.match(page.browserVersion, /\d+\./);
      });
      assert.deepEqual(await profilesLeft(), []);
    });

    test('a call that never ends is ended, and the browser with it', async () => {
      const options = { browser, entryPath: pagePath('well-behaved'), timeoutMs: 200 };
      await assert.rejects(
        withPage<typeof wellBehaved, void>(options, (page) => page.call('never')),
        { code: 'page_timeout' },
      );
      assert.deepEqual(await profilesLeft(), []);
    });

    test('under the strict policy, notices what a page does wrong and nothing else', async () => {
      await withBrowser(browser, async (running) => {
        const headers = strictHeaders();
        await running.withPage<typeof wellBehaved, void>(
          { entryPath: pagePath('well-behaved'), headers },
          async (page) => {
            assert.equal(await page.call('add', 2, 3), 5);
          },
        );
        for (const [name, said] of illBehaviour) {
          await assert.rejects(
            running.withPage<typeof illBehaved, string>({ entryPath: pagePath('ill-behaved'), headers }, (page) =>
              page.call(name),
            ),
            { code: 'page_failed', message: said },
            name,
          );
        }
      });
    });

    test('a script that differs from its hash, or has none, is refused', async () => {
      await withBrowser(browser, async (running) => {
        const changed = { '/page.js': 'globalThis.latchkeyTestDoor = {};' };
        const unhashed = { '/index.html': '<!doctype html><script type="module" src="/page.js"></script>' };
        for (const files of [changed, unhashed]) {
          const options = { entryPath: pagePath('well-behaved'), files, headers: strictHeaders() };
          await assert.rejects(
            running.withPage(options, async () => undefined),
            (error) =>
              error instanceof TestkitError &&
              ['page_failed', 'page_timeout'].includes(error.code) &&
              /integrity/i.test(error.message),
          );
        }
      });
    });
  });
}

/** What is left in this file's own temporary folder, where other runs do not put theirs. */
async function profilesLeft(): Promise<readonly string[]> {
  return readdir(temporary);
}
