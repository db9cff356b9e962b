/** Somebody before the app: does what a person does, by what they read. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { ElementHandle, Page } from 'puppeteer-core';
import type { VisitedPage, Visitor } from '@latchkey/testkit';

/** A machine that has much else to do takes long; only what stands still takes longer than this. */
const WAIT_MS = 90_000;

export interface Person extends VisitedPage {
  /** Folder of what this person saves. */
  readonly downloads: string;
  /** Clicks the control with this name. */
  press(name: string): Promise<void>;
  /** Types into the field with this label, over what stands there. */
  fill(label: string, value: string): Promise<void>;
  /** Until this text is to be seen. */
  see(text: string, withinMs?: number): Promise<void>;
  /** Until it is not to be seen any more. */
  miss(text: string): Promise<void>;
  /** What is to be read on the screen. */
  read(): Promise<string>;
  /** How often something was pressed or filled in. */
  interactions(): number;
  /** Hands files to the picker. */
  attach(paths: readonly string[]): Promise<void>;
}

/** @param written how what stands here in English is written on the screen: a control or text has any of these */
export function personAt(
  visited: VisitedPage,
  {
    downloads = '',
    written = (words) => [words],
  }: Partial<Pick<Visitor, 'downloads'>> & { readonly written?: (words: string) => readonly string[] } = {},
): Person {
  const { page } = visited;
  let interactions = 0;
  return {
    ...visited,
    downloads,
    async press(name) {
      interactions += 1;
      await press(page, written(name));
    },
    interactions: () => interactions,
    async fill(label, value) {
      interactions += 1;
      const field = await found(page, 'field', written(label));
      await field.click();
      await field.evaluate(selectAll);
      if (value === '') await page.keyboard.press('Backspace');
      else await typeInto(field, value);
    },
    see: (text, withinMs) => waitFor(page, written(text), { shown: true, withinMs }),
    miss: (text) => waitFor(page, written(text), { shown: false }),
    read: () => page.evaluate(() => document.body.innerText),
    async attach(paths) {
      const picker = await page.waitForSelector('input[type=file][multiple]', { timeout: WAIT_MS });
      if (picker === null) throw new Error('nothing here takes files');
      await (picker as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(...paths);
    },
  };
}

async function press(page: Page, name: readonly string[]): Promise<void> {
  const control = await found(page, 'control', name);
  await control.click();
}

async function found(
  page: Page,
  kind: 'control' | 'field',
  name: readonly string[],
): Promise<ElementHandle<HTMLElement>> {
  const endMs = Date.now() + WAIT_MS;
  // Of several windows one has the focus, as on a real desk; Firefox tells a page in another one nothing about it.
  await page.bringToFront();
  for (;;) {
    const handle = await page.evaluateHandle(find, kind, name);
    const element = handle.asElement();
    if (element !== null && (await standsStill(element as ElementHandle))) {
      return element as unknown as ElementHandle<HTMLElement>;
    }
    if (Date.now() > endMs) {
      throw new Error(`no ${kind} "${name[0]}" on the screen:\n${await page.evaluate(() => document.body.innerText)}`);
    }
    await pause(50);
  }
}

/** Runs in the page: what is typed next takes the place of all that stands there. */
function selectAll(field: HTMLElement): void {
  field.focus();
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
  else getSelection()?.selectAllChildren(field);
}

/** The last letter by its key; the ones before it at once, as from a keyboard of a phone. */
async function typeInto(field: ElementHandle<HTMLElement>, value: string): Promise<void> {
  if (value.length > 1)
    await field.evaluate((_, first) => document.execCommand('insertText', false, first), value.slice(0, -1));
  await field.type(value.slice(-1));
}

/** A person does not hit what is still moving. */
async function standsStill(element: ElementHandle): Promise<boolean> {
  return element.evaluate(async (node) => {
    const place = (): string => {
      const { x, y } = node.getBoundingClientRect();
      return `${x} ${y}`;
    };
    const isMoved = document
      .getAnimations()
      .some(({ effect }) => effect instanceof KeyframeEffect && effect.target?.contains(node) === true);
    if (isMoved) return false;
    const before = place();
    await new Promise((resolve) => setTimeout(resolve, 17));
    return node.isConnected && place() === before;
  });
}

/** Runs in the page: the topmost visible one with this accessible name. */
function find(kind: string, names: readonly string[]): Element | null {
  const selector =
    kind === 'field'
      ? 'input:not([type=hidden], [type=file]), textarea, [contenteditable=true]'
      : 'button, a[href], [role=menuitem], summary, input[type=checkbox], input[type=radio]';
  const nameOf = (element: Element): string => {
    const label = element.getAttribute('aria-label');
    if (label !== null) return label;
    const labels = (element as HTMLInputElement).labels;
    if (labels !== null && labels !== undefined && labels.length > 0) return labels[0]?.textContent?.trim() ?? '';
    return element.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
  };
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
  const all = [...(modal ?? document).querySelectorAll(selector)].filter((element) => {
    const labels = (element as HTMLInputElement).labels;
    const shown = element.checkVisibility({ visibilityProperty: true }) || (labels?.[0]?.checkVisibility() ?? false);
    return shown && !(element as HTMLButtonElement).disabled;
  });
  const named = (is: (own: string) => boolean): Element | undefined => all.find((element) => is(nameOf(element)));
  return (
    named((own) => names.includes(own)) ??
    named((own) => names.some((name) => own.startsWith(name))) ??
    named((own) => names.some((name) => own.includes(name))) ??
    null
  );
}

async function waitFor(
  page: Page,
  texts: readonly string[],
  { shown, withinMs = WAIT_MS }: { readonly shown: boolean; readonly withinMs?: number | undefined },
): Promise<void> {
  const endMs = Date.now() + withinMs;
  for (;;) {
    const all = await page.evaluate(() => document.body.innerText);
    if (texts.some((text) => all.includes(text)) === shown) return;
    if (Date.now() > endMs) throw new Error(`${shown ? 'never' : 'still'} to be seen: "${texts[0]}"\n${all}`);
    await pause(50);
  }
}

/**
 * Until what is read is what is expected: a screen is drawn in steps, and what is read once may be read too early.
 * @throws AssertionError with what was read last, or what reading it threw
 */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const endMs = Date.now() + WAIT_MS;
  for (;;) {
    const found = await read().then(
      (value) => ({ value }),
      (cause: unknown) => ({ cause }),
    );
    if ('value' in found && isDeepStrictEqual(found.value, expected)) return;
    if (Date.now() > endMs) {
      if ('cause' in found) throw found.cause;
      assert.deepEqual(found.value, expected);
    }
    await pause(50);
  }
}

/** What stands in the field that takes a text of several lines. */
export function writtenOn(page: Page): () => Promise<string> {
  return () => page.$eval('textarea', (area) => area.value);
}

/** The texts of all that fit the selector, as soon as there are any. */
export async function textsOf(page: Page, selector: string): Promise<readonly string[]> {
  await page.waitForSelector(selector, { timeout: WAIT_MS });
  return page.$$eval(selector, (all) => all.map((each) => each.textContent?.trim() ?? ''));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
