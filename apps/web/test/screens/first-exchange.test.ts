/** Two people in two browsers, and one person in two, through the screens, on the real server, under the policy that is served. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import { PASSWORD, withAppSite, type AppSite } from './app-site.ts';
import { formatted } from './formatted.ts';
import { largeFile, onTheWay } from './on-the-way.ts';
import { eventually, textsOf, writtenOn, type Person } from './person.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-web-files-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const browser of ['chromium', 'firefox'] as const) {
  test(browser, { skip: browserMissing(browser) }, (t) =>
    withAppSite(browser, async (site) => {
      await t.test('register, write with a file, read it as it comes, answer, lock, unlock', () =>
        firstExchange(site, browser),
      );
      await t.test(
        'card and password open a second browser; the first one can end it; what was begun is there again',
        () => secondBrowser(site),
      );
    }),
  );
}

async function firstExchange({ join: joinAs }: AppSite, browser: 'chromium' | 'firefox'): Promise<void> {
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
  await decided(bob);
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
  await onTheWay(alice, bob);
  if (browser === 'chromium') await largeFile(alice, bob, folder);
  await formatted(alice, bob);
  await alice.requireNoProblems();
  await bob.requireNoProblems();
}

/** Bob has the first letter of alice open: declined, which he takes back, and then let in. */
async function decided(bob: Person): Promise<void> {
  const lying = async (): Promise<number> => (await bob.page.$$('[data-row]')).length;
  await bob.see('You have never written to alice@localhost.');
  await bob.press('Decline');
  await bob.see('Nobody is told.');
  await bob.see('You declined mail from alice@localhost.');
  await eventually(lying, 0);
  await bob.see('No requests');
  await bob.press('Undo');
  await bob.see('You have never written to alice@localhost.');
  await eventually(lying, 1);
  await bob.press('Accept');
  await bob.miss('You have never written to alice@localhost.');
  await eventually(lying, 0);
}

async function secondBrowser(site: AppSite): Promise<void> {
  const visitor = await site.newVisitor();
  const first = await site.arrive(visitor);
  await site.register(first, 'carol');

  // Written, and the tab is gone before it was sent.
  await first.press('Write');
  await first.fill('Subject', 'Half a thought');
  await first.fill('Message', 'It goes on like this');
  await first.see('Drafts');
  await first.page.reload();
  await first.press('Drafts');
  await first.press('Half a thought');
  await eventually(writtenOn(first.page), 'It goes on like this');
  await first.press('Discard');
  await first.miss('Signed by you');

  await first.press('Settings');
  await first.press('Card and kit');
  await first.press('Show the sign-in card');
  await first.press('As a line to type');
  const [card = ''] = await textsOf(first.page, '.line');

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
}
