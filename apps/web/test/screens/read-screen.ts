/** What axe does not look for: names in the accessibility tree, controls that are covered, words that no catalogue gave. */
import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';

/** Roles that mean nothing without a name. */
const NAMED = new Set(
  'button link textbox searchbox checkbox radio menuitem heading dialog img progressbar'.split(' '),
);

interface Read {
  readonly role?: string;
  readonly name?: string;
  readonly children?: readonly Read[];
}

/** What a screen reader would come to without being told what it is. Chromium alone gives the tree. */
export async function unnamed(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = ({ role = '', name = '', children = [] }: Read, path: string): void => {
    if (NAMED.has(role) && name.trim() === '') found.push(`${path} > ${role}`);
    for (const child of children) visit(child, `${path} > ${role}${name === '' ? '' : ` "${name.slice(0, 30)}"`}`);
  };
  const tree = (await page.accessibility.snapshot()) as Read | null;
  assert.ok(tree !== null && (tree.children?.length ?? 0) > 0);
  visit(tree, '');
  return found;
}

/** Runs in the page: controls on which something else lies. */
export function covered(): readonly string[] {
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
  return [...(modal ?? document).querySelectorAll('button, a[href], input, textarea, summary')].flatMap((control) => {
    const { left, top, width, height } = control.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const isShown = control.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const at = document.elementFromPoint(x, y);
    if (width < 2 || height < 2 || !isShown || at === null) return [];
    const label = (control as HTMLInputElement).labels?.[0];
    const isOwn = at.contains(control) || control.contains(at) || label?.contains(at) === true;
    // A window over the page hides what is under it, and what is scrolled away is cut by what scrolls.
    const isUnder = at.closest('[role=dialog], .toast') !== null && control.closest('[role=dialog], .toast') === null;
    const isCut = (element: Element | null): boolean => {
      if (element === null) return false;
      const rect = element.getBoundingClientRect();
      const isOut = y > rect.bottom || y < rect.top || x > rect.right || x < rect.left;
      return (isOut && getComputedStyle(element).overflowY !== 'visible') || isCut(element.parentElement);
    };
    if (isOwn || isUnder || isCut(control.parentElement)) return [];
    return [`${control.outerHTML.slice(0, 120)} lies under ${at.outerHTML.slice(0, 120)}`];
  });
}

/** Runs in the page: names and titles that no catalogue gave; the made-up language writes all of them with accents. */
export function english(): readonly string[] {
  const selector = 'button, label, h1, h2, h3, legend, th, summary, [aria-label], [placeholder]';
  return [...document.querySelectorAll(selector)].flatMap((element) => {
    const isOthers = element.closest('body [lang], [dir=ltr], [dir=auto], kbd') ?? element.querySelector('[dir]');
    if (!element.checkVisibility() || isOthers !== null) return [];
    const name = element.getAttribute('aria-label') ?? element.getAttribute('placeholder') ?? element.textContent ?? '';
    const isPlain = /[a-z]{3}/i.test(name) && !/[[áçéîļñöŕšüý]/i.test(name);
    const isData = /@localhost|^\W*Latchkey\W*$/.test(name);
    return isPlain && !isData ? [`not in the catalogue: ${name.trim().slice(0, 80)}`] : [];
  });
}
