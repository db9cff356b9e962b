/** Messages on their way: taken back, gone on with after a reload, with large files; and what they become part of. */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { eventually, writtenOn, type Person } from './person.ts';

const FILM_BYTES = 20_000_000;
const SAVED_WITHIN_MS = 120_000;

/** Alice has bob's first answer open. */
export async function onTheWay(alice: Person, bob: Person): Promise<void> {
  // What answers one another stands together: her own letter before his answer, and one line for hers and his.
  const together = 'ul[aria-label="Earlier in this conversation"] a';
  await alice.page.waitForSelector(together);
  assert.match(await alice.page.$eval(together, (link) => link.textContent ?? ''), /alice@localhost.*At noon/s);
  await alice.press('Reply');
  await alice.see('Signed by you');
  await alice.page.keyboard.type('See you then.');
  await alice.press('Send');
  await alice.miss('Signed by you');
  await bob.press('Inbox');
  await bob.see('See you then.');
  await eventually(() => bob.page.$eval('[data-row] .count', (count) => count.textContent), '2');
  await eventually(async () => (await bob.page.$$('[data-row]')).length, 1);

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
  await eventually(writtenOn(alice.page), 'I did not mean it.');

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
  await bob.see('On second thoughts');
  assert.doesNotMatch(await bob.read(), /Too quick/);
  await undoSeconds(0);
}

/** Tens of megabytes: paused, gone on with after a reload, saved as a stream. */
export async function largeFile(alice: Person, bob: Person, folder: string): Promise<void> {
  const path = join(folder, 'film.bin');
  writeFileSync(path, randomFillSync(Buffer.alloc(FILM_BYTES)));
  await alice.press('Write');
  await alice.fill('To', 'bob@localhost');
  await alice.fill('Subject', 'The film');
  await alice.attach([path]);
  await pauseAsSoonAsOffered(alice);
  await alice.press('Send');
  await alice.see('Paused', SAVED_WITHIN_MS);
  await alice.page.reload();
  await alice.see('Needs film.bin again', SAVED_WITHIN_MS);
  await alice.attach([path]);
  await bob.see('The film', SAVED_WITHIN_MS);
  await bob.press('Unread.');
  await bob.press('Save film.bin');
  const saved = join(bob.downloads, 'film.bin');
  await untilWhole(saved, FILM_BYTES);
  assert.ok(readFileSync(saved).equals(readFileSync(path)));
  assert.equal((await bob.read()).split('On second thoughts').length, 2, 'it arrived once');
}

/** An upload on one machine may be over before a hand is there. */
async function pauseAsSoonAsOffered({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const look = new MutationObserver(() => {
      const pause = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'Pause');
      if (pause === undefined) return;
      look.disconnect();
      pause.click();
    });
    look.observe(document.body, { childList: true, subtree: true });
  });
}

async function untilWhole(path: string, sizeBytes: number): Promise<void> {
  const endMs = Date.now() + SAVED_WITHIN_MS;
  while (!existsSync(path) || statSync(path).size < sizeBytes) {
    if (Date.now() > endMs) assert.fail(`${path} was not saved`);
    await setTimeout(100);
  }
}
