/** What a person does with an account: signing in by every paper, several in one browser, settings, contacts, leaving. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browserMissing } from '@latchkey/testkit';
import type { Page } from 'puppeteer-core';
import { countingLine, type CountingLine } from '../count-bytes.ts';
import { checkKit, kitWords, PASSWORD, withAppSite, type AppSite } from './app-site.ts';
import { write } from './every-screen.ts';
import { eventually, textsOf, writtenOn, type Person } from './person.ts';

const SERVER_PROGRAM = fileURLToPath(new URL('../../../server/bin/latchkey-server', import.meta.url));
const ANOTHER_PASSWORD = 'walnut harbour pencil eleven';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-web-papers-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const browser of ['chromium'] as const) {
  test(browser, { skip: browserMissing(browser) }, async (t) => {
    const line = await countingLine();
    try {
      await withAppSite(
        browser,
        async (site) => {
          const people = await begin(site);
          t.diagnostic(`registered with ${people.interactions} interactions in ${people.tookSeconds.toFixed(1)} s`);
          assert.ok(people.interactions <= 12, `${people.interactions} interactions`);
          await t.test('wrong password, wrong card and no network are three messages', () =>
            threeMessages(people, line),
          );
          await t.test('a card is read from a picture and by the camera, a kit by its words', () =>
            papers(site, people),
          );
          await t.test('two people compare words by a code on the screen', () => compare(people, browser));
          await t.test('several accounts are in one browser, each with its own password', () => several(site, people));
          await t.test('notifications say no more than that there is mail, unless asked to', () => notified(people));
          await t.test('looks, sessions, what the operator sees', () => settings(people));
          await t.test('everything is locked out after a loss, and the password is changed', () => lost(people));
          await t.test('an account leaves with all its mail, and is closed', () => leave(people));
          await t.test('its address is given to a different person, who is told what that means', () =>
            takeOver(site, people),
          );
        },
        { line },
      );
    } finally {
      line.close();
    }
  });
}

interface People {
  readonly alice: Person;
  readonly bob: Person;
  /** Of alice, as it was read off her screen. */
  readonly kit: readonly string[];
  readonly card: string;
  readonly cardPicture: string;
  readonly interactions: number;
  readonly tookSeconds: number;
}

async function begin(site: AppSite): Promise<People> {
  const alice = await site.arrive();
  const beganMs = performance.now();
  await alice.press('Create an account');
  await alice.fill('Address', 'alice');
  await alice.fill('Password', PASSWORD);
  await alice.see('This address is free.');
  await alice.press('Create account');
  await alice.see('Your two papers');
  const kit = await kitWords(alice);
  await alice.press('I printed or saved both');
  await checkKit(alice, kit);
  await alice.press('Open my mail');
  await alice.see('Nothing here, all read');
  const [interactions, tookSeconds] = [alice.interactions(), (performance.now() - beganMs) / 1_000];
  const bob = await site.join('bob');
  await write(bob, 'alice@localhost', 'From the garden', 'The roses are in bloom.');
  await write(alice, 'bob@localhost', 'To the garden', 'From next week on I am there.');
  await openSettings(alice, 'Card and kit');
  await alice.press('Show the sign-in card');
  const cardPicture = await pictureOfCode(alice.page, `${folder}/card.png`);
  await alice.press('As a line to type');
  const [card = ''] = await textsOf(alice.page, '.line');
  return { alice, bob, kit, card, cardPicture, interactions, tookSeconds };
}

async function openSettings(person: Person, section: string): Promise<void> {
  await person.press('Settings');
  await person.press(section);
}

/** As a camera would see the screen. */
async function pictureOfCode(page: Page, path: `${string}.png`): Promise<string> {
  const code = await page.waitForSelector('svg[role=img][shape-rendering]', { visible: true });
  assert.ok(code !== null);
  await code.scrollIntoView();
  await code.screenshot({ path });
  return path;
}

async function choosePicture(page: Page, path: string): Promise<void> {
  const picker = await page.waitForSelector('input[type=file][accept^="image"]');
  assert.ok(picker !== null, 'no picture can be chosen here');
  await (picker as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(path);
}

async function threeMessages({ alice }: People, line: CountingLine): Promise<void> {
  await alice.press('Lock');
  await alice.fill('Password', 'not the right one');
  await alice.press('Unlock');
  await alice.see('That is not the password of this account.');
  line.cut();
  await alice.fill('Password', PASSWORD);
  await alice.press('Unlock');
  await alice.see('The server does not answer.');
  await alice.miss('That is not the password');
  line.mend();
  await alice.press('I do not know the password');
  await alice.press('Recovery kit');
  await alice.press('Password and card');
  await alice.fill('Sign-in card', 'LATCHKEY-NO-CARD');
  await alice.fill('Address', 'alice@localhost');
  await alice.fill('Password', PASSWORD);
  await alice.press('Sign in');
  await alice.see('This is not a sign-in card, or part of it is missing.');
  await alice.forgetProblems();
  await alice.page.goto(alice.page.url().split('#')[0] ?? '');
  await alice.fill('Password', PASSWORD);
  await alice.press('Unlock');
  await alice.see('From the garden');
}

async function papers(site: AppSite, { card, cardPicture, kit }: People): Promise<void> {
  const second = await site.arrive();
  await second.press('Sign in');
  await choosePicture(second.page, cardPicture);
  await second.see('The card was read.');
  await eventually(writtenOn(second.page), card);
  await second.fill('Sign-in card', '');
  // A browser without a camera, and one whose camera sees the picture.
  await second.page.evaluate(() => {
    const refuse = (): Promise<never> => Promise.reject(new Error('no camera'));
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: refuse, configurable: true });
  });
  await second.press('Read with camera');
  await second.see('The camera may not be used.');
  await second.page.keyboard.press('Escape');
  await showToCamera(second.page, cardPicture);
  await second.press('Read with camera');
  await second.see('The card was read.');
  await second.fill('Password', PASSWORD);
  await second.press('Sign in');
  await second.press('That fits');
  await second.see('From the garden');
  await second.requireNoProblems();
  await second.close();

  const third = await site.arrive();
  await third.press('Sign in');
  await third.press('Recovery kit');
  await third.fill('The 24 words', kit.toReversed().join(' '));
  await third.fill('Address', 'alice@localhost');
  await third.press('Sign in');
  await third.see('These are not the 24 words of a recovery kit.');
  await third.fill('The 24 words', kit.join(' '));
  await third.press('Sign in');
  await third.press('That fits');
  await third.see('From the garden');
  await third.close();
}

/** A camera that sees one picture. */
async function showToCamera(page: Page, path: string): Promise<void> {
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    const context = canvas.getContext('2d');
    const draw = (): void => context?.drawImage(picture, 0, 0);
    draw();
    setInterval(draw, 50);
    const stream = canvas.captureStream(20);
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', {
      value: () => Promise.resolve(stream),
      configurable: true,
    });
  }, readFileSync(path).toString('base64'));
}

async function compare({ alice, bob }: People, browser: string): Promise<void> {
  for (const [person, other] of [
    [alice, 'bob@localhost'],
    [bob, 'alice@localhost'],
  ] as const) {
    await person.press('Contacts');
    await person.press(other);
    await person.see('Words to compare');
  }
  const wordsOf = (person: Person): Promise<readonly string[]> =>
    person.page.$$eval('ol[lang=en] li', (all) => all.map((each) => each.lastChild?.textContent ?? ''));
  await eventually(async () => (await wordsOf(alice)).length, 12);
  await eventually(() => wordsOf(bob), await wordsOf(alice));
  await alice.press('History of their keys');
  await alice.see('Their first keys · these hold now');

  await alice.press('Compare by camera instead');
  const code = await pictureOfCode(alice.page, `${folder}/${browser}-words.png`);
  await bob.press('Compare by camera instead');
  await choosePicture(bob.page, join(folder, 'card.png'));
  await bob.see('That is not a code to compare.');
  await choosePicture(bob.page, code);
  await bob.see('Kept: you compared words with this person.');
  await alice.press('They differ');
  await alice.see('Do not write to this address now');
}

async function several(site: AppSite, { alice }: People): Promise<void> {
  await alice.press('Lock');
  await alice.press('Use another account');
  await site.register(alice, 'carol');
  await alice.press('Lock');
  await alice.see('carol@localhost');
  await alice.press('Use another account');
  await alice.see('Accounts in this browser');
  await alice.press('alice@localhost');
  await alice.fill('Password', PASSWORD);
  await alice.press('Unlock');
  await alice.see('From the garden');
}

interface Shown {
  readonly title: string;
  readonly body: string;
}

async function notified({ alice, bob }: People): Promise<void> {
  await alice.page.evaluate(() => {
    const shown: unknown[] = [];
    class Recorder extends EventTarget {
      static readonly permission = 'granted';
      constructor(title: string, { body }: { body: string }) {
        super();
        shown.push({ title, body });
      }
    }
    Object.assign(globalThis, { Notification: Recorder, shown });
    document.hasFocus = () => false;
  });
  /** As soon as there are so many. */
  const shown = async (count: number): Promise<readonly Shown[]> => {
    await alice.page.waitForFunction(
      (least) => (globalThis as unknown as { shown: [] }).shown.length >= least,
      {},
      count,
    );
    return alice.page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown);
  };
  const arrives = async (subject: string): Promise<void> => {
    await write(bob, 'alice@localhost', subject, 'A text that no system shows.');
    await alice.press('Inbox');
    await alice.see(subject);
  };
  await arrives('Before it was chosen');
  assert.deepEqual(await shown(0), []);
  await openSettings(alice, 'Notifications');
  await alice.press('That there is new mail');
  await arrives('Secret subject');
  assert.deepEqual(await shown(1), [{ title: 'Latchkey', body: 'There is new mail.' }]);
  await openSettings(alice, 'Notifications');
  await alice.press('New mail, and from whom');
  await arrives('Another subject');
  assert.deepEqual((await shown(2))[1], { title: 'Latchkey', body: 'New message from bob@localhost' });
  await alice.page.evaluate(() => Object.assign(Notification, { permission: 'denied' }));
  await openSettings(alice, 'Notifications');
  await alice.press('That there is new mail');
  await alice.see('The browser does not let Latchkey show notifications.');
}

async function settings({ alice }: People): Promise<void> {
  await openSettings(alice, 'Appearance');
  await alice.press('High contrast');
  await alice.page.reload();
  await alice.see('High contrast');
  await eventually(() => alice.page.evaluate(() => document.documentElement.dataset['theme']), 'contrast');
  await alice.press('As the system');
  await openSettings(alice, 'Account');
  await alice.see('Your first keys');
  await openSettings(alice, 'What the operator can see');
  await alice.see('to let in only who was invited');
  await alice.see('Yours: alice@localhost');
  await alice.press('arrival');
  await alice.see('Kept until it is filed or dropped');
  await openSettings(alice, 'Devices and sessions');
  // Hers, and the two that signed in by papers.
  await alice.see('This browser');
  await eventually(async () => (await alice.page.$$('section li')).length, 3);
}

async function lost({ alice }: People): Promise<void> {
  await alice.press('Lock everything out');
  await alice.fill('New password', ANOTHER_PASSWORD);
  await alice.see('guess');
  await alice.press('Lock everything out');
  await alice.see('Everything else is locked out');
  await alice.press('I printed or saved both');
  await openSettings(alice, 'Account');
  await alice.see('Changed once');
  await openSettings(alice, 'Devices and sessions');
  await alice.see('This browser');
  await eventually(async () => (await alice.page.$$('section li')).length, 1);
  await openSettings(alice, 'Password');
  await alice.fill('New password', PASSWORD);
  await alice.fill('New password once more', ANOTHER_PASSWORD);
  await alice.press('Change password');
  await alice.see('The two are not the same.');
  await alice.fill('New password once more', PASSWORD);
  await alice.press('Change password');
  await alice.see('The password was changed.');
}

async function leave({ alice, bob }: People): Promise<void> {
  await openSettings(alice, 'Leave');
  await alice.page.evaluate(() => {
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob: Blob) => {
      Object.assign(globalThis, { saved: blob });
      return createObjectURL.call(URL, blob);
    };
  });
  await alice.press('Save all mail as a file');
  await alice.see('5 messages are in the file.');
  const saved = await alice.page.evaluate(() => (globalThis as unknown as { saved: Blob }).saved.text());
  assert.equal(saved.match(/^From \S+@localhost /gm)?.length, 5);
  for (const subject of ['From the garden', 'To the garden', 'Secret subject']) {
    assert.ok(saved.includes(`Subject: ${subject}`), subject);
  }
  assert.match(saved, /The roses are in bloom\./);

  await alice.press('Close the account');
  await alice.press('Close the account');
  await alice.see('This account is to be deleted on');
  await bob.press('Write');
  await bob.fill('To', 'alice@localhost');
  await bob.page.keyboard.press('Enter');
  await bob.see('Takes no mail at present');
  await alice.press('Keep the account');
  await alice.see('Nobody can write to it any more');
  await alice.press('Close the account');
  await alice.press('Close the account');
  await alice.see('This account is to be deleted on');
  await alice.press('Sign out of this browser');
  await alice.press('Sign out of this browser');
  await alice.see('Mail that only its owners can open.');
  assert.doesNotMatch(await alice.read(), /alice@localhost/);
}

/** The operator ends the address that was closed, a month passes, and somebody else comes with the invitation to it. */
async function takeOver({ server }: AppSite, { alice: person, bob }: People): Promise<void> {
  const operator = (...words: readonly string[]): string =>
    execFileSync(SERVER_PROGRAM, [...words, 'alice@localhost', '--data', server.data, '--json'], { encoding: 'utf8' });
  operator('tombstone');
  const rows = new DatabaseSync(join(server.data, 'latchkey.db'));
  rows.exec(`PRAGMA busy_timeout = 5000;
    update statement set taken_hour = taken_hour - 721
      where account = (select id from account where address = 'alice@localhost');
    update account set removed_on_day = 1 where address = 'alice@localhost'`);
  rows.close();
  await server.services.store.write('sweepAccounts', {});
  const { invitation } = JSON.parse(operator('reissue')) as { invitation: string };

  // Carol's account is in this browser still.
  await person.press('Create an account');
  await person.fill('Address', 'alice');
  await person.fill('Password', PASSWORD);
  await person.see('This address is taken.');
  await person.fill('Invitation', invitation);
  await person.miss('This address is taken.');
  await person.press('Create account');
  await person.see('alice@localhost was somebody else’s before.');
  await person.see('you are a different person');
  await person.press('I am a different person: take it over');
  await person.see('Your two papers');
  await person.press('I printed or saved both');
  await person.see('Check your recovery kit');
  // Whoever knew the address does not write to its new owner by mistake.
  await bob.press('Write');
  await bob.fill('To', 'alice@localhost');
  await bob.page.keyboard.press('Enter');
  await bob.see('Keys changed. Cannot be written to until you have asked this person.');
}
