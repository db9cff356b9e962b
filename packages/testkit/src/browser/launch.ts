import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { TestkitError } from '../errors.ts';
import { findBrowser, type BrowserName } from './find-browser.ts';

export interface LaunchedBrowser {
  readonly browser: Browser;
  /** Folder of what pages save, where their contexts are told of it; in Firefox of all. Removed with the profile. */
  readonly downloads: string;
  readonly close: () => Promise<void>;
}

/** How long any one message to the browser may take. Benchmarks run for minutes inside one call. */
const protocolTimeoutMs = 30 * 60_000;
const launchTimeoutMs = 60_000;

const chromiumFlags = [
  '--headless=new',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  // What moves would be waited for.
  '--force-prefers-reduced-motion',
  // Whatever the browser still wants to fetch for itself stays on this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const firefoxPreferences: Readonly<Record<string, string | number | boolean>> = {
  // A proxy that is not there for everything but loopback: nothing leaves this machine.
  'network.proxy.type': 1,
  'network.proxy.socks': '127.0.0.1',
  'network.proxy.socks_port': 9,
  'network.proxy.socks_remote_dns': true,
  'network.proxy.allow_hijacking_localhost': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.download.folderList': 2,
  'browser.download.useDownloadDir': true,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'toolkit.telemetry.enabled': false,
  'ui.prefersReducedMotion': 1,
  // Windows stand side by side here: none of them has its timers put off because another one is in front.
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
};

/**
 * Starts a browser with an empty profile in a folder of its own; `close` ends it and removes the folder.
 *
 * @throws TestkitError `browser_missing`
 */
export async function launch(name: BrowserName): Promise<LaunchedBrowser> {
  const executablePath = findBrowser(name);
  if (executablePath === null) throw new TestkitError('browser_missing', `${name} is not installed`);
  const folder = await mkdtemp(join(tmpdir(), `latchkey-${name}-`));
  const downloads = join(folder, 'downloads');
  mkdirSync(downloads);
  const removeNow = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  // An interrupted run: puppeteer ends the browser and the process, and no `finally` is reached.
  process.once('exit', removeNow);
  const removeFolder = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    process.off('exit', removeNow);
  };
  try {
    const browser = await puppeteer.launch({
      ...(name === 'chromium'
        ? { browser: 'chrome', args: [...chromiumFlags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] }
        : { browser: 'firefox', extraPrefsFirefox: { ...firefoxPreferences, 'browser.download.dir': downloads } }),
      executablePath,
      headless: true,
      userDataDir: join(folder, 'profile'),
      timeout: launchTimeoutMs,
      protocolTimeout: protocolTimeoutMs,
      // Browsers write caches, settings and sockets outside the profile too.
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, TMPDIR: folder },
    });
    return {
      browser,
      downloads,
      close: async () => {
        try {
          await browser.close();
        } finally {
          await removeFolder();
        }
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
