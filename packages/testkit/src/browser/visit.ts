import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { TestkitError } from '../errors.ts';
import { type BrowserName } from './find-browser.ts';
import { launch } from './launch.ts';
import { problemsName, watchSource } from './page-shell.ts';
import { watchPage } from './watch-page.ts';

/** A page of a real server, and whatever went wrong in it. */
export interface VisitedPage {
  readonly page: Page;
  /** @throws TestkitError `page_failed` where a policy was broken, a script failed, or an error stood on the console */
  requireNoProblems(): Promise<void>;
  /** For tests that bring about what a browser reports as an error: what was heard until now is forgotten. */
  forgetProblems(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A profile of its own: storage, caches and service workers are shared by its pages and by nobody else. */
export interface Visitor {
  readonly context: BrowserContext;
  /** Folder of what its pages save. */
  readonly downloads: string;
  visit(url: string): Promise<VisitedPage>;
  close(): Promise<void>;
}

/** Starts a browser for as many visitors as one likes. @throws TestkitError `browser_missing` */
export async function withVisitors<R>(
  name: BrowserName,
  use: (newVisitor: () => Promise<Visitor>, browser: Browser) => Promise<R>,
): Promise<R> {
  const { browser, downloads, close } = await launch(name);
  try {
    return await use(() => visitorIn(browser, downloads), browser);
  } finally {
    await close();
  }
}

async function visitorIn(browser: Browser, downloads: string): Promise<Visitor> {
  const context = await browser.createBrowserContext({
    downloadBehavior: { policy: 'allow', downloadPath: downloads },
  });
  return {
    context,
    downloads,
    async visit(url) {
      const page = await context.newPage();
      await page.evaluateOnNewDocument(watchSource);
      const heard = watchPage(page);
      await page.goto(url);
      return visited(page, heard);
    },
    close: () => context.close(),
  };
}

function visited(page: Page, heard: string[]): VisitedPage {
  const all = async (): Promise<readonly string[]> => {
    const seen = await page.evaluate(
      (name) => (globalThis as unknown as Record<string, string[] | undefined>)[name]?.splice(0) ?? [],
      problemsName,
    );
    return [...heard.splice(0), ...seen];
  };
  return {
    page,
    async requireNoProblems() {
      const problems = await all();
      if (problems.length > 0) throw new TestkitError('page_failed', problems.join('\n'));
    },
    forgetProblems: all,
    close: () => page.close(),
  };
}
