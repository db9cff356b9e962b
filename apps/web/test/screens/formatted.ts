/** A message with formatting: written, put aside and gone on with, sent, and read in the frame. */
import { eventually, type Person } from './person.ts';

const PASTED =
  '<p>From the <b>plan</b>: <a href="https://plan.example/">here</a>' +
  '<img src="https://pixel.example/x.png"><script>alert(1)</scr' +
  'ipt><span style="background:url(https://pixel.example/y)">.</span></p>';

/** Both have been written to before, and bob has his inbox open. */
export async function formatted(alice: Person, bob: Person): Promise<void> {
  const { page } = alice;
  await alice.press('Write');
  await alice.fill('To', 'bob@localhost');
  await alice.fill('Subject', 'With formatting');
  await alice.press('Formatting');
  await page.waitForSelector('.ProseMirror-focused');
  // By the keys, as somebody does who never looks for a button.
  await page.keyboard.type('Dear ');
  await alternately(alice, 'b', 'Bob');
  await page.keyboard.type(',');
  await page.keyboard.press('Enter');
  await alice.press('List');
  await page.keyboard.type('milk');
  await page.keyboard.press('Enter');
  await page.keyboard.type('bread');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await paste(alice);
  await page.keyboard.press('Enter');
  await alice.press('Link');
  await alice.fill('Address of the link', 'javascript:alert(1)');
  await alice.press('Set the link');
  await alice.see('Not an address that a reader could follow.');
  await alice.fill('Address of the link', 'shop.example/list');
  await alice.press('Set the link');
  await eventually(written(alice), WRITTEN);

  await alice.press('Keep aside');
  await alice.press('Drafts');
  await alice.press('With formatting');
  await eventually(written(alice), WRITTEN);
  await alice.press('Send');
  await alice.miss('Signed by you');

  await bob.press('Inbox');
  await bob.see('With formatting');
  await bob.press('Unread.');
  await eventually(shown(bob), WRITTEN);
}

const WRITTEN = [
  '<p>Dear <strong>Bob</strong>,</p>',
  '<ul><li><p>milk</p></li><li><p>bread</p></li></ul>',
  '<p>From the <strong>plan</strong>: <a href="https://plan.example/">here</a>.</p>',
  '<p><a href="https://shop.example/list">https://shop.example/list</a></p>',
].join('');

async function alternately({ page }: Person, key: 'b' | 'i', words: string): Promise<void> {
  for (const step of ['on', 'off']) {
    await page.keyboard.down('Control');
    await page.keyboard.press(key);
    await page.keyboard.up('Control');
    if (step === 'on') await page.keyboard.type(words);
  }
}

/** What a page of a stranger put there to be copied. */
async function paste({ page }: Person): Promise<void> {
  await page.$eval(
    '.ProseMirror',
    (field, html) => {
      // Firefox gives a made-up event an empty clipboard.
      const clipboardData = { files: [], getData: (type: string) => (type === 'text/html' ? html : '') };
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
      field.dispatchEvent(Object.defineProperty(event, 'clipboardData', { value: clipboardData }));
    },
    PASTED,
  );
}

function written({ page }: Person): () => Promise<string> {
  return () =>
    page.$eval('.ProseMirror', (field) =>
      field.innerHTML.replaceAll(
        /<br class="ProseMirror-trailingBreak">|<img class="ProseMirror-separator" alt="">/g,
        '',
      ),
    );
}

function shown({ page }: Person): () => Promise<string> {
  return async () => {
    const frame = await page.waitForSelector('iframe');
    const inside = await frame?.contentFrame();
    const html = await inside?.evaluate(() => document.body.innerHTML);
    return (html ?? '').replaceAll('\n', '');
  };
}
