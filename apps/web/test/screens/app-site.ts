/** The real server with the real app, built once for all test files, and people who use it. */
import { withVisitors, type BrowserName, type Visitor } from '@latchkey/testkit';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import type { CountingLine } from '../count-bytes.ts';
import { accented } from '../../src/messages/pseudo-text.ts';
import { builtFolder } from '../../build/built-folder.ts';
import { personAt, textsOf, type Person } from './person.ts';

export const PASSWORD = 'otter lantern quarry seven';

export interface AppSite {
  readonly server: TestServer;
  newVisitor(): Promise<Visitor>;
  /** Somebody in a browser of their own. */
  arrive(visitor?: Visitor): Promise<Person>;
  /** Through the screens, papers included. @returns the words of the kit */
  register(person: Person, name: string): Promise<readonly string[]>;
  join(name: string): Promise<Person>;
}

export interface SiteOptions {
  /** Between the browsers and the server. */
  readonly line?: CountingLine;
  /** Everybody reads the made-up language, from right to left. */
  readonly isPseudo?: boolean;
}

export async function withAppSite(
  browser: BrowserName,
  use: (site: AppSite) => Promise<void>,
  { line, isPseudo = false }: SiteOptions = {},
): Promise<void> {
  const { folder: webApp } = await builtFolder();
  const server = await startTestServer({
    config: { webApp, ...(line === undefined ? {} : { origin: `http://localhost:${line.port}` }) },
  });
  if (line !== undefined) line.to = server.port;
  try {
    await withVisitors(browser, async (newVisitor) => {
      const arrive = async (visitor?: Visitor): Promise<Person> => {
        const who = visitor ?? (await newVisitor());
        const visited = await who.visit(`${server.origin}/app/`);
        await visited.page.setViewport({ width: 1280, height: 800 });
        if (!isPseudo) return personAt(visited, who);
        await visited.page.evaluate(() => localStorage.setItem('latchkey.language', 'pseudo-rtl'));
        // Firefox calls a script that a reload cuts off one with a wrong hash.
        await visited.page.waitForNetworkIdle();
        await visited.page.reload();
        return personAt(visited, { ...who, written: (words) => [words, accented(words)] });
      };
      await use({
        server,
        newVisitor,
        arrive,
        register,
        async join(name) {
          const person = await arrive();
          await register(person, name);
          return person;
        },
      });
    });
  } finally {
    await server.stop();
  }
}

/** What the kit says, as a person who has printed it. */
export async function kitWords(person: Person): Promise<readonly string[]> {
  await person.press('Show the 24 words');
  await person.page.waitForSelector('ol.words li');
  return person.page.$$eval('ol.words li', (items) => items.map((item) => item.lastChild?.textContent?.trim() ?? ''));
}

/** Types the words that are asked back. */
export async function checkKit(person: Person, words: readonly string[]): Promise<void> {
  for (const label of await textsOf(person.page, 'form label')) {
    await person.fill(label, words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
}

export async function register(person: Person, name: string, password: string = PASSWORD): Promise<readonly string[]> {
  // Nobody waits for an undo that is not what the test is about.
  await person.page.evaluate(() => localStorage.setItem('latchkey.undo-seconds', '0'));
  await person.press('Create an account');
  await person.fill('Address', name);
  await person.fill('Password', password);
  await person.see('This address is free.');
  await person.see('guess');
  await person.press('Create account');
  await person.see('Your two papers');
  const words = await kitWords(person);
  await person.press('I printed or saved both');
  await person.see('Check your recovery kit');
  await checkKit(person, words);
  await person.press('Open my mail');
  await person.see('Nothing here, all read');
  return words;
}
