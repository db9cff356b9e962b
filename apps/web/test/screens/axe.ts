/** axe-core in a page, WCAG 2.2 AA: what it finds, in words. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run(
    context: unknown,
    options: unknown,
  ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** Each rule that is broken, with where; `contrast` alone for another look of the same screen. The driver puts axe into the page, so that the page's policy stays as it is. */
export async function axeFindings(page: Page, what: 'all' | 'contrast'): Promise<readonly string[]> {
  // A world of the driver's own: axe is no script of the page, and breaks none of its policies.
  const world = (page.mainFrame() as unknown as { isolatedRealm(): Pick<Page, 'evaluate'> }).isolatedRealm();
  if (!(await world.evaluate(() => 'axe' in globalThis))) await world.evaluate(source);
  return world.evaluate(
    async (runOnly) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run(document, {
        runOnly,
        resultTypes: ['violations'],
        // The frame of a mail has a stranger's words in it.
        iframes: false,
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 300)}\n  ${failureSummary ?? ''}`),
      );
    },
    what === 'all' ? TAGS : ['color-contrast'],
  );
}
