/** A second browser, a lost session and a crash while writing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import { buildForTests, PASSWORD, withAppSite } from './app-site.ts';

let built: Awaited<ReturnType<typeof buildForTests>>;
before(async () => {
  built = await buildForTests();
});
after(() => built.remove());

for (const browser of ['chromium'] as const) {
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
  });
}
