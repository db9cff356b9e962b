import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import { TestkitError } from '../errors.ts';
import { bundle, doorName } from './bundle.ts';
import { type BrowserName } from './find-browser.ts';
import { launch } from './launch.ts';
import { problemsName, shellDocument, watchScript } from './page-shell.ts';
import { serveFiles, type ServedFile } from './serve-files.ts';
import { watchPage } from './watch-page.ts';

/** What a page's module exports. Arguments and results travel as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Door = Readonly<Record<string, any>>;

export interface PageOptions {
  /** Source file whose exports `call` reaches. */
  readonly entryPath: string;
  /** More bundles: served path (`/worker.js`) → source file. */
  readonly workers?: Readonly<Record<string, string>>;
  /** More files: served path → content. They win over bundles of the same path. */
  readonly files?: Readonly<Record<string, ServedFile>>;
  /** Response headers of every file, such as `strictHeaders()`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one call may take. Default 60,000. */
  readonly timeoutMs?: number;
}

/** A page's module must have run within this time. */
const doorTimeoutMs = 90_000;

export interface TestPage<D extends Door> {
  /** `Chrome/156.0.…`, `firefox/153.…`. */
  readonly browserVersion: string;
  readonly origin: string;
  /**
   * @throws TestkitError `page_failed` where the function throws or the page has reported any error since
   * @throws TestkitError `page_timeout`
   */
  call<K extends keyof D & string>(name: K, ...args: Parameters<D[K]>): Promise<Awaited<ReturnType<D[K]>>>;
}

/** A browser that is running, for as many pages as one likes. */
export interface RunningBrowser {
  /**
   * Opens a page with a profile of its own, runs `use`, and ends the page. Any error that the page reports,
   * on the console or by a broken policy, fails the run.
   *
   * @throws TestkitError by its codes
   */
  withPage<D extends Door, R>(options: PageOptions, use: (page: TestPage<D>) => Promise<R>): Promise<R>;
}

/**
 * Starts a browser, runs `use` and ends the browser.
 *
 * @throws TestkitError `browser_missing`
 */
export async function withBrowser<R>(name: BrowserName, use: (browser: RunningBrowser) => Promise<R>): Promise<R> {
  const { browser, close } = await launch(name);
  try {
    return await use({ withPage: (options, inPage) => pageIn(browser, options, inPage) });
  } finally {
    await close();
  }
}

/** One page in a browser of its own: `withBrowser` and its `withPage` in one. */
export function withPage<D extends Door, R>(
  options: PageOptions & { readonly browser: BrowserName },
  use: (page: TestPage<D>) => Promise<R>,
): Promise<R> {
  return withBrowser(options.browser, (browser) => browser.withPage(options, use));
}

async function pageIn<D extends Door, R>(
  browser: Browser,
  options: PageOptions,
  use: (page: TestPage<D>) => Promise<R>,
): Promise<R> {
  const server = await serveFiles(await site(options), options.headers);
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const problems = watchPage(page);
    await page.goto(`${server.origin}/`);
    await doorOpen(page, problems);
    const result = await use({
      browserVersion: await browser.version(),
      origin: server.origin,
      call: (name, ...args) => callDoor(page, { name, args, problems, timeoutMs: options.timeoutMs ?? 60_000 }),
    });
    await refuse(page, problems);
    return result;
  } finally {
    await context.close();
    await server.close();
  }
}

async function site(options: PageOptions): Promise<Map<string, ServedFile>> {
  const main = await bundle(options.entryPath, { asDoor: true });
  const files = new Map<string, ServedFile>([
    ['/index.html', shellDocument(main.integrity)],
    ['/watch.js', watchScript.bytes],
    ['/page.js', main.bytes],
  ]);
  for (const [path, entryPath] of Object.entries(options.workers ?? {})) {
    files.set(path, (await bundle(entryPath)).bytes);
  }
  for (const [path, content] of Object.entries(options.files ?? {})) files.set(path, content);
  return files;
}

/** Waits until the page's module has run. */
async function doorOpen(page: Page, problems: readonly string[]): Promise<void> {
  const deadlineMs = Date.now() + doorTimeoutMs;
  while (!(await page.evaluate((name) => name in globalThis, doorName))) {
    await refuse(page, problems);
    if (Date.now() > deadlineMs) throw new TestkitError('page_timeout', 'the page module never finished');
    await setTimeout(20);
  }
}

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly problems: readonly string[];
  readonly timeoutMs: number;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function callDoor(page: Page, { name, args, problems, timeoutMs }: Call): Promise<any> {
  const timer = new AbortController();
  const answer = page.evaluate(callInPage, doorName, name, JSON.stringify(args)).catch((cause: unknown) => {
    throw new TestkitError('page_failed', `${name}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
  const tooLate = setTimeout(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new TestkitError('page_timeout', `${name} took longer than ${timeoutMs} ms`);
  });
  try {
    const text = await Promise.race([answer, tooLate]);
    await refuse(page, problems);
    return text === null ? undefined : JSON.parse(text);
  } finally {
    timer.abort();
    tooLate.catch(() => undefined);
  }
}

/**
 * Runs in the page. Text both ways: the two drivers differ in what they make of objects.
 * The turn of the event loop matters: code that a driver runs itself is exempt from the page's policy.
 */
async function callInPage(door: string, name: string, args: string): Promise<string | null> {
  await new Promise((turned) => globalThis.setTimeout(turned, 0));
  const functions = (globalThis as unknown as Record<string, Record<string, (...values: unknown[]) => unknown>>)[door];
  const result = await functions?.[name]?.(...(JSON.parse(args) as unknown[]));
  return result === undefined ? null : JSON.stringify(result);
}

async function refuse(page: Page, heard: readonly string[]): Promise<void> {
  const seen = await page.evaluate(
    (name) => (globalThis as unknown as Record<string, readonly string[] | undefined>)[name] ?? [],
    problemsName,
  );
  const problems = [...heard, ...seen];
  if (problems.length > 0) throw new TestkitError('page_failed', problems.join('\n'));
}
