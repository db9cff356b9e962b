/** Alice and bob in two browsers, through the screens, on the real server, under the policy that is served. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import { buildForTests, PASSWORD, withAppSite } from './app-site.ts';

let built: Awaited<ReturnType<typeof buildForTests>>;
let folder: string;
before(async () => {
  built = await buildForTests();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-web-files-'));
});
after(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

for (const browser of ['chromium', 'firefox'] as const) {
  describe(browser, { skip: browserMissing(browser) }, () => {
    test('register, write with a file, read it as it comes, answer, lock, unlock', async () => {
      await withAppSite(browser, built.folder, async ({ join: joinAs }) => {
        const [alice, bob] = [await joinAs('alice'), await joinAs('bob')];
        const file = join(folder, 'report.txt');
        writeFileSync(file, 'marker in the file\n'.repeat(500));

        await alice.press('Write');
        await alice.fill('To', 'bob@localhost');
        await alice.fill('Subject', 'Lunch on Thursday?');
        await alice.fill('Message', 'At noon, by the river.');
        await alice.attach([file]);
        await alice.see('First contact');
        await alice.press('Send');
        await alice.miss('Signed by you');

        // First contact waits among the requests; nothing was reloaded.
        await bob.see('1 unread');
        await bob.press('Requests');
        await bob.see('Lunch on Thursday?');
        await bob.press('Unread.');
        await bob.see('First contact');
        await bob.press('Who could read this?');
        await bob.see('Compare words once to be sure.');
        await bob.see('Both signatures hold.');
        await bob.see('The signed text names you as recipient, with your true keys.');
        await bob.press('View report.txt');
        await bob.see('marker in the file');
        await bob.press('Close');
        await bob.page.keyboard.press('r');
        await bob.see('Signed by you');
        await bob.page.keyboard.type('Gladly.');
        await bob.press('Send');
        await bob.miss('Signed by you');

        // She wrote first, so that his answer is no request.
        await alice.see('Re: Lunch on Thursday?');
        await alice.page.keyboard.press('j');
        await alice.page.keyboard.press('Enter');
        await alice.see('Gladly.');
        await alice.press('Show quoted text');
        await alice.see('> At noon, by the river.');

        await alice.press('Lock');
        await alice.see('Your password opens alice@localhost');
        assert.doesNotMatch(await alice.page.content(), /Gladly|Lunch|river/);
        await alice.fill('Password', 'not the right one');
        await alice.press('Unlock');
        await alice.see('That is not the password of this account.');
        await alice.fill('Password', PASSWORD);
        await alice.press('Unlock');
        await alice.see('Gladly.');
        await alice.requireNoProblems();
        await bob.requireNoProblems();
      });
    });
  });
}
