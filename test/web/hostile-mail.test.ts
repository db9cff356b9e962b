/** Mallory has keys and software of her own, and writes to bob, who reads in a browser. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withAppSite } from '../../apps/web/test/screens/app-site.ts';
import { browserMissing, type VisitedPage } from '../../packages/testkit/src/index.ts';
import { send } from '../../packages/sdk/src/mail/index.ts';
import { newPerson } from '../attacks/people.ts';
import { reported } from './reported.ts';
import { HOSTILE_HTML, TRICKS } from './hostile-html.ts';

type Page = VisitedPage['page'];
type Frame = ReturnType<Page['mainFrame']>;

for (const browser of ['chromium', 'firefox'] as const) {
  describe(browser, { skip: browserMissing(browser) }, () => {
    test('mail of every hostile kind is shown and does nothing, and its links lead nowhere by themselves', async () => {
      await withAppSite(browser, async (site) => {
        const mallory = await newPerson({ origin: site.server.origin }, 'mallory');
        const bob = await site.join('bob');
        const asked: string[] = [];
        bob.page.on('request', (request) => asked.push(request.url()));
        bob.page.on('dialog', (dialog) => void dialog.dismiss().then(() => asked.push('dialog')));
        const letters = [
          ...Object.entries(HOSTILE_HTML).map(([name, html]) => ({
            subject: name,
            html: `<p>shown: ${name}</p>${html}`,
          })),
          ...TRICKS.map((subject) => ({ subject, html: `<p>shown: trick</p>` })),
        ];
        for (const letter of letters) {
          const draft = { to: [bobAddress], cc: [], bcc: [], text: 'As text.', attachments: [], ...letter };
          await send(mallory.client, draft);
        }
        await bob.see(`${letters.length} unread`);
        await bob.press('Requests');
        await bob.see('As text.');
        const seen = new Set<string>();
        for (let left = letters.length; left > 0; left -= 1) {
          await bob.page.keyboard.press('j');
          if (left === letters.length) await bob.page.keyboard.press('Enter');
          const frame = await shownFrame(bob.page, seen);
          const found = await frame.evaluate(inFrame);
          assert.deepEqual(found.forbidden, [], found.text);
          assert.match(found.text, /shown: /);
          assert.ok(
            (await frameHeight(bob.page)) <= MOST_FRAME_PX,
            `its frame grows without end: ${found.text.slice(0, 40)}`,
          );
        }
        // A link leads nowhere before a person has seen where.
        await bob.fill('Filter the list', 'target');
        await bob.press('mallory@localhost');
        const frame = await shownFrame(bob.page);
        await (await frame.$('a'))?.click();
        await bob.see('Its text names another place than the one it leads to.');
        await bob.see('https://evil.example.net/t');
        await bob.press('Cancel');
        await reported(bob, site.server, { marker: 'target', others: Object.keys(HOSTILE_HTML) });

        const state = await bob.page.evaluate(() => ({
          pwned: 'pwned' in globalThis,
          app: document.querySelectorAll('#app').length,
          frames: document.querySelectorAll('iframe').length,
          title: document.title,
        }));
        assert.deepEqual({ ...state, title: '' }, { pwned: false, app: 1, frames: 1, title: '' });
        const outside = asked.filter((url) => !url.startsWith(site.server.origin) && !url.startsWith('blob:'));
        assert.deepEqual(outside, []);
        // What the frame's sandbox and policy refused of its own document; the app's policy was never asked.
        const refusedInFrame =
          /Blocked script execution in '[^']*mail-frame\.html'|Setting the document's base URI|inline event handler|Content-Security-Policy/;
        assert.deepEqual(
          (await bob.forgetProblems()).filter((problem) => !refusedInFrame.test(problem)),
          [],
        );
      });
    });
  });
}

const bobAddress = 'bob@localhost';
/** Where html-frame.svelte stops, and its border: a frame that triples with itself is there after five steps. */
const MOST_FRAME_PX = 20_100;

/** As the page shows the message, when it stands still. */
async function frameHeight(page: Page): Promise<number> {
  const height = (): Promise<number> =>
    page.evaluate(() => document.querySelector('iframe')?.getBoundingClientRect().height ?? 0);
  for (let before = -1; ;) {
    const now = await height();
    if (now === before || now > MOST_FRAME_PX) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Of the message that was opened just now: of one address that `seen` has not. */
async function shownFrame(page: Page, seen = new Set<string>()): Promise<Frame> {
  const endMs = Date.now() + 90_000;
  for (;;) {
    const frame = page.frames().find((each) => each.url().endsWith('/mail-frame.html') && !each.detached);
    const text = await frame?.evaluate(() => document.body?.innerText ?? '').catch(() => '');
    const address = page.url();
    if (frame !== undefined && text?.includes('shown: ') === true && !seen.has(address)) {
      seen.add(address);
      return frame;
    }
    if (Date.now() > endMs)
      throw new Error(`no message is shown: ${await page.evaluate(() => document.body.innerText)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs in the frame: what of a hostile message is still there. */
function inFrame(): { readonly text: string; readonly forbidden: readonly string[] } {
  const forbidden: string[] = [];
  const tags =
    'script,iframe,frame,object,embed,form,input,button,svg,math,link,meta[http-equiv],base,video,audio,template,dialog';
  for (const element of document.body.querySelectorAll(tags)) forbidden.push(element.outerHTML.slice(0, 120));
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      const isSafeLink = element.tagName === 'A' && name === 'href' && /^(https?|mailto):/.test(value);
      const loads =
        /^(src|srcset|background|poster|data|action|ping)$/.test(name) && !/^(data:image|blob:)/.test(value);
      const runs =
        name.startsWith('on') || /script:/i.test(value) || name === 'id' || name === 'name' || name === 'target';
      const own = element.tagName === 'META' || element.tagName === 'LINK';
      if (!own && !isSafeLink && (loads || runs || /evil/.test(value)))
        forbidden.push(`${element.tagName} ${name}=${value.slice(0, 80)}`);
    }
  }
  for (const { textContent } of document.querySelectorAll('style')) {
    if (/evil|url|@import/i.test(textContent ?? '')) forbidden.push(`style ${textContent?.slice(0, 80)}`);
  }
  return { text: document.body.innerText, forbidden };
}
