/** Alice and bob in two browsers, through the screens, on the real server, under the policy that is served. */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
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

const FILM_BYTES = 20_000_000;
const SAVED_WITHIN_MS = 180_000;

function createFilm(): Buffer {
  return randomFillSync(Buffer.alloc(FILM_BYTES));
}

async function untilWhole(path: string, sizeBytes: number): Promise<void> {
  const endMs = Date.now() + SAVED_WITHIN_MS;
  while (!existsSync(path) || statSync(path).size < sizeBytes) {
    if (Date.now() > endMs) assert.fail(`${path} was not saved`);
    await setTimeout(100);
  }
}

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

        // Taken back: it is open again, and bob never hears of it.
        const undoSeconds = (seconds: number): Promise<void> =>
          alice.page.evaluate((value) => localStorage.setItem('latchkey.undo-seconds', value), String(seconds));
        await undoSeconds(20);
        await alice.press('Write');
        await alice.fill('To', 'bob@localhost');
        await alice.fill('Subject', 'Too quick');
        await alice.fill('Message', 'I did not mean it.');
        await alice.press('Send');
        await alice.miss('Signed by you');
        await alice.see('Sending in a moment…');
        await alice.press('Undo');
        await alice.see('Taken back. Nobody has got it.');
        await alice.see('Signed by you');
        assert.equal(await alice.page.$eval('textarea', (area) => area.value), 'I did not mean it.');

        // Held while the page is reloaded: it goes on by itself, and arrives once.
        await alice.fill('Subject', 'On second thoughts');
        await alice.press('Send');
        await alice.see('Sending in a moment…');
        const held = alice.page.waitForNavigation();
        alice.page.once('dialog', (dialog) => void dialog.accept());
        await alice.page.evaluate(() => location.reload());
        await held;
        await alice.see('Sending in a moment…');
        await alice.press('Send now');
        await alice.see('Sent');
        await bob.press('Inbox');
        await bob.see('On second thoughts');
        assert.doesNotMatch(await bob.read(), /Too quick/);
        await undoSeconds(0);

        // Tens of megabytes: paused, gone on with after a reload, saved as a stream.
        const film = join(folder, `film-${browser}.bin`);
        writeFileSync(film, createFilm());
        await alice.press('Write');
        await alice.fill('To', 'bob@localhost');
        await alice.fill('Subject', 'The film');
        await alice.attach([film]);
        await alice.press('Send');
        await alice.press('Pause');
        await alice.see('Paused');
        await alice.press('Go on');
        await alice.press('Pause');
        await alice.see('Paused');
        await alice.page.reload();
        await alice.see(`Needs film-${browser}.bin again`);
        await alice.attach([film]);
        await bob.see('The film', SAVED_WITHIN_MS);
        await bob.press('Unread.');
        await bob.press(`Save film-${browser}.bin`);
        const saved = join(bob.downloads, `film-${browser}.bin`);
        await untilWhole(saved, FILM_BYTES);
        assert.ok(readFileSync(saved).equals(readFileSync(film)));
        assert.equal((await bob.read()).split('On second thoughts').length, 2, 'it arrived once');
        await alice.requireNoProblems();
        await bob.requireNoProblems();
      });
    });
  });
}
