import { isRunnable } from '../outside-program.ts';

export type BrowserName = 'chromium' | 'firefox';

interface Places {
  readonly variable: string;
  readonly paths: readonly string[];
}

const places: Readonly<Record<BrowserName, Places>> = {
  chromium: {
    variable: 'LATCHKEY_CHROMIUM',
    paths: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
  },
  firefox: {
    variable: 'LATCHKEY_FIREFOX',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
  },
};

/** The browser's path, or null. A set variable is the only place looked at, so that a typing error shows. */
export function findBrowser(name: BrowserName): string | null {
  const { variable, paths } = places[name];
  const chosen = process.env[variable];
  if (chosen !== undefined) return isRunnable(chosen) ? chosen : null;
  return paths.find(isRunnable) ?? null;
}

/** For node:test's `skip`: false where the browser is there, else why the test cannot run. */
export function browserMissing(name: BrowserName): string | false {
  return findBrowser(name) === null ? `${name} is not installed (${places[name].variable} can name it)` : false;
}
