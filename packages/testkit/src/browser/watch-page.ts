import type { Page } from 'puppeteer-core';

/** Said by Chromium about the app shell's own headers: it enforces the policy's other half, Firefox both. */
const harmless: ReadonlySet<string> = new Set(["The Integrity-Policy destination 'style' is not supported."]);

/** Requests that the page itself gave up, as Chromium and Firefox name them. */
const givenUp: ReadonlySet<string> = new Set(['net::ERR_ABORTED', 'NS_BINDING_ABORTED']);

/** What the driver has heard from the page so far, in the order in which it came. */
export function watchPage(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !harmless.has(message.text())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    problems.push(`page error: ${error instanceof Error ? error.message : String(error)}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    if (!givenUp.has(reason)) problems.push(`request failed: ${request.url()} ${reason}`);
  });
  return problems;
}
