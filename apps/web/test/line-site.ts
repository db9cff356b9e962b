/** The real server with a page that is nothing but the line, and visitors who talk to their workers through it. */
import type { BrowserName, VisitedPage, Visitor } from '@latchkey/testkit';
import { withVisitors } from '@latchkey/testkit';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { builtTestPage } from '../build/built-folder.ts';
import type { Answer, Ask, Failure, News, RequestName } from '../src/worker/contract.ts';

/** What a call failed with, as the page hears it. */
export class LineFailure extends Error {
  override readonly name = 'LineFailure';
  readonly code: string;
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
    this.code = failure.code;
  }
}

export interface Tab extends VisitedPage {
  /** Bytes come as arrays of numbers. @throws LineFailure */
  call<N extends RequestName>(name: N, ask: Ask<N>): Promise<Answer<N>>;
  heard(): Promise<readonly News[]>;
  /** What was heard until now. */
  forget(): Promise<void>;
  /** Until the worker has told it. */
  waitFor(is: (news: News) => boolean): Promise<News>;
}

export interface LineSite {
  readonly server: TestServer;
  readonly newVisitor: () => Promise<Visitor>;
  open(visitor: Visitor): Promise<Tab>;
}

const WAIT_MS = 90_000;

export async function withLineSite(browser: BrowserName, use: (site: LineSite) => Promise<void>): Promise<void> {
  const { folder: webApp } = await builtTestPage('line-page');
  const server = await startTestServer({ config: { webApp } });
  try {
    await withVisitors(browser, (newVisitor) =>
      use({ server, newVisitor, open: async (visitor) => tabOf(await visitor.visit(`${server.origin}/app/`)) }),
    );
  } finally {
    await server.stop();
  }
}

interface LineGlobals {
  readonly latchkeyHeard: News[];
  latchkeyCall(name: string, ask: unknown): Promise<{ readonly answer: unknown } | { readonly failure: Failure }>;
}

function tabOf(visited: VisitedPage): Tab {
  const { page } = visited;
  const heard = async (): Promise<readonly News[]> =>
    JSON.parse(
      await page.evaluate(() => JSON.stringify((globalThis as unknown as LineGlobals).latchkeyHeard)),
    ) as readonly News[];
  return {
    ...visited,
    heard,
    forget: () => page.evaluate(() => void (globalThis as unknown as LineGlobals).latchkeyHeard.splice(0)),
    async call<N extends RequestName>(name: N, ask: Ask<N>): Promise<Answer<N>> {
      const told = await page.evaluate(callLine, name, JSON.stringify(ask));
      const result = JSON.parse(told) as { readonly answer: Answer<N> } | { readonly failure: Failure };
      if ('failure' in result) throw new LineFailure(result.failure);
      return result.answer;
    },
    async waitFor(is) {
      const endMs = Date.now() + WAIT_MS;
      for (;;) {
        const found = (await heard()).find(is);
        if (found !== undefined) return found;
        if (Date.now() > endMs) throw new Error(`never told; heard ${JSON.stringify(await heard()).slice(0, 2_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
  };
}

/** Runs in the page. A file is made there of `{ fileOf: text, times }`, without ever being whole in memory. */
async function callLine(name: string, asked: string): Promise<string> {
  // No timer: Firefox lets those of a page that has not the focus wait a second.
  const { port1, port2 } = new MessageChannel();
  await new Promise((turned) => {
    port1.addEventListener('message', turned, { once: true });
    port1.start();
    port2.postMessage(null);
  });
  const ask: unknown = JSON.parse(asked, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (!('fileOf' in value) || typeof value.fileOf !== 'string') return value;
    const part = new Blob([value.fileOf]);
    const times = 'times' in value ? Number(value.times) : 1;
    return new File(
      Array.from({ length: times }, () => part),
      'file',
      { lastModified: 1 },
    );
  });
  const result = await (globalThis as unknown as LineGlobals).latchkeyCall(name, ask);
  return JSON.stringify(result, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}
