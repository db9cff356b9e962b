/** From the welcome screen to an answer without a mouse; and where the focus is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import type { KeyInput, Page } from 'puppeteer-core';
import { PASSWORD, withAppSite } from './app-site.ts';
import { write } from './every-screen.ts';
import { eventually, textsOf } from './person.ts';

/** More stops than any screen has. */
const MOST_STOPS = 60;

interface Focus {
  readonly name: string;
  readonly isVisible: boolean;
  readonly isInSight: boolean;
  readonly inDialog: boolean;
}

/** Runs in the page. */
function focusNow(): Focus {
  const element = document.activeElement as HTMLElement;
  const { left, top, right, bottom, width } = element.getBoundingClientRect();
  const labels = (element as HTMLInputElement).labels;
  const style = getComputedStyle(element);
  // A choice shows its focus on its label, a field on the box around it.
  const around = [element.parentElement, element.parentElement?.parentElement].map((each) =>
    each === null || each === undefined ? null : getComputedStyle(each),
  );
  const beside = element.nextElementSibling === null ? null : getComputedStyle(element.nextElementSibling);
  const isOutlined = (each: CSSStyleDeclaration | null): boolean =>
    each !== null && ((each.outlineStyle !== 'none' && each.outlineWidth !== '0px') || each.boxShadow !== 'none');
  return {
    name: (
      (element === document.body ? '' : element.getAttribute('aria-label')) ??
      labels?.[0]?.textContent ??
      element.textContent ??
      ''
    ).trim(),
    isVisible: [style, beside, ...around].some(isOutlined),
    isInSight: width > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
    inDialog: element.closest('dialog[open]') !== null,
  };
}

async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    const focus = await page.evaluate(focusNow);
    if (focus.name.startsWith(name)) {
      assert.ok(focus.isVisible, `the focus on "${focus.name}" cannot be seen`);
      assert.ok(focus.isInSight, `"${focus.name}" has the focus out of sight`);
      return;
    }
    seen.push(focus.name.slice(0, 30));
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never comes to "${name}", but to ${seen.join(' | ')}`);
}

for (const browser of ['chromium', 'firefox'] as const) {
  test(browser, { skip: browserMissing(browser) }, () =>
    withAppSite(browser, async (site) => {
      const bob = await site.join('bob');
      const alice = await site.arrive();
      const { page } = alice;
      const { keyboard } = page;
      await page.bringToFront();
      const press = async (name: string, key: KeyInput = 'Enter'): Promise<void> => {
        await tabTo(page, name);
        await keyboard.press(key);
      };
      await alice.see('Create an account');
      await press('Create an account');
      await alice.see('What others write to.');
      await tabTo(page, 'Address');
      await keyboard.type('alice');
      await tabTo(page, 'Password');
      await keyboard.type(PASSWORD);
      await alice.see('This address is free.');
      await alice.see('to guess');
      await keyboard.press('Enter');
      await alice.see('Your two papers');
      await press('Show the 24 words', ' ');
      await page.waitForSelector('ol.words li');
      const words = await page.$$eval('ol.words li', (all) =>
        all.map((each) => each.lastChild?.textContent?.trim() ?? ''),
      );
      await press('I printed or saved both');
      await alice.see('Check your recovery kit');
      for (const label of await textsOf(page, 'form label')) {
        await tabTo(page, label);
        await keyboard.type(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
      }
      await keyboard.press('Enter');
      await alice.see('Nothing here, all read');

      // The first stop leads past the folders.
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.reload();
      await alice.see('Nothing here, all read');
      await press('Skip to content');
      await eventually(() => page.evaluate(() => document.activeElement?.id), 'main');

      await keyboard.press('c');
      await alice.see('Signed by you');
      await tabTo(page, 'To');
      await keyboard.type('bob@localhost');
      await keyboard.press('Enter');
      await alice.see('First contact');
      await tabTo(page, 'Subject');
      await keyboard.type('By keys alone');
      await tabTo(page, 'Message');
      await keyboard.type('No mouse here.');
      await keyboard.down('Control');
      await keyboard.press('Enter');
      await keyboard.up('Control');
      await alice.miss('Signed by you');

      await write(bob, 'alice@localhost', 'First', 'One.');
      await write(bob, 'alice@localhost', 'Second', 'Two.');
      await page.bringToFront();
      await alice.see('Second');
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      // Down to the newest, down to the older one, and up again: by letters and by arrows.
      const isAt = async (subject: string): Promise<void> =>
        eventually(() => page.evaluate((words) => document.activeElement?.textContent.includes(words), subject), true);
      await keyboard.press('j');
      await isAt('Second');
      await keyboard.press('ArrowDown');
      await isAt('First');
      await keyboard.press('ArrowUp');
      await isAt('Second');
      await keyboard.press('k');
      await keyboard.press('Enter');
      await alice.see('Two.');
      const beforeHelp = await page.evaluate(focusNow);
      await keyboard.press('?');
      await alice.see('Next message');
      for (let stop = 0; stop < 5; stop++) {
        await keyboard.press('Tab');
        const { inDialog, name } = await page.evaluate(focusNow);
        // Browsers let one stop be their own bar.
        assert.ok(
          inDialog ||
            name === (await page.title()) ||
            (await page.evaluate(() => document.activeElement === document.body)),
          name,
        );
      }
      await keyboard.press('Escape');
      await alice.miss('Next message');
      await eventually(
        async () => (await page.evaluate(focusNow)).name.replace('Unread. ', ''),
        beforeHelp.name.replace('Unread. ', ''),
      );

      await keyboard.press('r');
      await alice.see('Signed by you');
      await keyboard.type('An answer by keys.');
      await keyboard.down('Control');
      await keyboard.press('Enter');
      await keyboard.up('Control');
      await alice.miss('Signed by you');
      await bob.see('Re: Second');
      await keyboard.press('u');
      await keyboard.press('e');
      await alice.see('Undo');
      await alice.requireNoProblems();
    }),
  );
}
