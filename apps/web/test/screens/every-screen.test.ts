/** Each screen in each look: axe (WCAG 2.2 AA), nothing cut off at 360 pixels or at 200 % zoom; the guide's pictures. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { browserMissing } from '@latchkey/testkit';
import type { Page } from 'puppeteer-core';
import { withAppSite } from './app-site.ts';
import { axeFindings } from './axe.ts';
import { everyScreen } from './every-screen.ts';
import { covered, english, unnamed } from './read-screen.ts';

/** Laptop, laptop at 200 %, phone. */
const SIZES = { laptop: [1280, 800], zoomed: [640, 400], phone: [360, 740] } as const;
/** Set: the pictures of docs/guide are made anew; `all`: of every screen, in the folder for temporary files. */
const PICTURES = process.env['LATCHKEY_PICTURES'];
const PICTURE_FOLDER =
  PICTURES === 'all'
    ? join(tmpdir(), 'latchkey-pictures')
    : join(import.meta.dirname, '../../../../docs/guide/pictures');
const IN_THE_GUIDE = new Set(['papers-laptop', 'inbox-phone', 'trust-laptop', 'compose-laptop', 'contact-laptop']);

async function setLook(page: Page, look: string): Promise<void> {
  await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), look);
}

async function closeToasts(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const button of document.querySelectorAll<HTMLButtonElement>('.toast button:last-of-type')) button.click();
  });
}

/** What sticks out to the side. */
function sticksOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isBeside = ({ left, right }: DOMRect): boolean => right > innerWidth + 1 || left < -1;
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => isBeside(element.getBoundingClientRect()) && element.checkVisibility())
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 160));
  });
}

test('every screen, in every look and size', { skip: browserMissing('chromium') }, async () => {
  const findings: string[] = [];
  const seen: string[] = [];
  await withAppSite('chromium', async (site) => {
    await everyScreen(site, async (name, { page }) => {
      seen.push(name);
      // Colours do not fade from one look into the next while they are measured.
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      for (const [size, [width, height]] of Object.entries(SIZES)) {
        await page.setViewport({ width, height });
        // On a phone a passing word covers what is not meant for that moment; at a laptop's size it is looked at too.
        if (size !== 'laptop') await closeToasts(page);
        for (const out of await sticksOut(page)) findings.push(`${name}, ${size}: sticks out: ${out}`);
        const looks = size === 'laptop' ? (['light', 'dark', 'contrast'] as const) : (['light'] as const);
        for (const look of looks) {
          await setLook(page, look);
          if (size === 'zoomed') continue;
          if (size === 'laptop' && look === 'light') {
            for (const found of await unnamed(page)) findings.push(`${name}: read out without a name: ${found}`);
          }
          for (const found of await axeFindings(page, look === 'light' ? 'all' : 'contrast')) {
            findings.push(`${name}, ${size}, ${look}: ${found}`);
          }
          const isWanted = PICTURES === 'all' || (look === 'light' && IN_THE_GUIDE.has(`${name}-${size}`));
          if (PICTURES !== undefined && isWanted) {
            mkdirSync(PICTURE_FOLDER, { recursive: true });
            const end = look === 'light' ? '' : `-${look}`;
            await page.screenshot({ path: join(PICTURE_FOLDER, `${name}-${size}${end}.png`) });
          }
        }
      }
      await setLook(page, 'system');
      await page.setViewport({ width: 1280, height: 800 });
    });
  });
  assert.ok(seen.length > 20);
  if (findings.length > 0) assert.fail(findings.join('\n'));
});

test(
  'every screen in a language that is longer and runs from right to left',
  { skip: browserMissing('firefox') },
  async () => {
    const findings: string[] = [];
    const seen: string[] = [];
    await withAppSite(
      'firefox',
      (site) =>
        everyScreen(site, async (name, { page }) => {
          seen.push(name);
          for (const size of ['phone', 'laptop'] as const) {
            const [width, height] = SIZES[size];
            await page.setViewport({ width, height });
            // By the clock: a window that is not in front draws no frames.
            await page.waitForFunction(
              () => document.getAnimations().every((each) => !(each instanceof CSSTransition)),
              { polling: 50 },
            );
            const found = [
              ...(await sticksOut(page)),
              ...(await page.evaluate(covered)),
              ...(await page.evaluate(english)),
            ];
            findings.push(...found.map((each) => `${name}, ${size}: ${each}`));
            if (PICTURES === 'all') await page.screenshot({ path: join(PICTURE_FOLDER, `rtl-${name}-${size}.png`) });
          }
        }),
      { isPseudo: true },
    );
    assert.ok(seen.length > 20);
    if (findings.length > 0) assert.fail(findings.join('\n'));
  },
);
