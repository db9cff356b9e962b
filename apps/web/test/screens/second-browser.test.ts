/** A second browser, a lost session, a cut line, a crash while writing, and other languages. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import { buildForTests, PASSWORD, withAppSite } from './app-site.ts';

let built: Awaited<ReturnType<typeof buildForTests>>;
before(async () => {
  built = await buildForTests();
});
after(() => built.remove());

for (const browser of ['chromium', 'firefox'] as const) {
  describe(browser, { skip: browserMissing(browser) }, () => {
    test('card and password open a second browser; the first one can end it; what was begun is there again', async () => {
      await withAppSite(browser, built.folder, async (site) => {
        const visitor = await site.newVisitor();
        const first = await site.arrive(visitor);
        await site.register(first, 'alice');

        // Written, and the tab is gone before it was sent.
        await first.press('Write');
        await first.fill('Subject', 'Half a thought');
        await first.fill('Message', 'It goes on like this');
        await first.see('Drafts');
        await first.page.reload();
        await first.press('Drafts');
        await first.press('Half a thought');
        assert.equal(await first.page.$eval('textarea', (area) => area.value), 'It goes on like this');
        await first.press('Discard');
        await first.miss('Signed by you');

        await first.press('Settings');
        await first.press('Card and kit');
        await first.press('Show the sign-in card');
        await first.press('As a line to type');
        const card = await first.page.$eval('.line', (line) => line.textContent ?? '');

        const second = await site.arrive();
        await second.press('Sign in');
        await second.fill('Sign-in card', card);
        await second.fill('Password', 'not this one, surely');
        await second.see('The card was read.');
        await second.press('Sign in');
        await second.see('Password and card do not fit together.');
        await second.fill('Password', PASSWORD);
        await second.press('Sign in');
        await second.see('Is this the newest state?');
        await second.press('That fits');
        await second.see('Nothing here, all read');

        await first.press('Devices and sessions');
        await first.press('Sign out');
        await first.press('Sign out');
        await second.see('This browser was signed out by another of your devices.');
        await first.requireNoProblems();
      });
    });

    test('a cut line is said, and nothing is lost', async () => {
      await withAppSite(browser, built.folder, async (site) => {
        const alice = await site.join('alice');
        await site.server.stop();
        await alice.see('No connection.');
        await alice.press('Write');
        await alice.fill('To', 'alice@localhost');
        await alice.fill('Subject', 'Written without a line');
        await alice.press('Send');
        await alice.see('The server does not answer.').catch(() => alice.see('It is kept on its way'));
        await alice.press('Keep aside');
        await alice.press('Drafts');
        await alice.see('Written without a line');
      });
    });
  });
}

test(
  'in a long language, and from right to left, nothing is cut off',
  { skip: browserMissing('chromium') },
  async () => {
    await withAppSite('chromium', built.folder, async (site) => {
      const alice = await site.join('alice');
      const { page } = alice;
      for (const language of ['pseudo', 'pseudo-rtl']) {
        await page.evaluate((kept) => localStorage.setItem('latchkey.language', kept), language);
        await page.reload();
        await alice.see('[Îñböx');
        assert.equal(await page.evaluate(() => document.documentElement.dir), language === 'pseudo' ? 'ltr' : 'rtl');
        for (const route of [
          '#/mail/inbox',
          '#/contacts',
          '#/settings/account',
          '#/settings/devices',
          '#/settings/operator',
        ]) {
          await page.evaluate((fragment) => (location.hash = fragment), route);
          for (const [width, height] of [
            [1280, 800],
            [360, 740],
          ] as const) {
            await page.setViewport({ width, height });
            await new Promise((resolve) => setTimeout(resolve, 300));
            const { words, sticksOut } = await page.evaluate(() => ({
              words: document.body.innerText,
              sticksOut: document.documentElement.scrollWidth > innerWidth,
            }));
            assert.equal(sticksOut, false, `${language} ${route} ${width}`);
            // Whatever is not in brackets was never translated: only addresses, sizes and dates may be.
            const plain = words.split('\n').filter((line) => /^[A-Za-z][a-z]+ [a-z]+/.test(line));
            assert.deepEqual(plain, []);
          }
        }
      }
      await alice.requireNoProblems();
    });
  },
);
