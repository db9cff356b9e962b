/**
 * `npm run bench -- browser [--size 1GiB] [--pairs 5] [--browser chromium] [--json] [--no-save]`
 * Sealing and opening in real browsers, beside typage in the same page (bench/browser/README.md).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserName, browserMissing, type TestPage, withPage } from '@latchkey/testkit';
import { type Bar, drawChart } from '../draw-chart.ts';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { parseCount } from '../parse-count.ts';
import { parseSize } from '../parse-size.ts';
import type { ContenderName } from './contenders.ts';
import type * as benchPage from './page.ts';

type Page = TestPage<typeof benchPage>;
type Work = 'seal' | 'open';

interface Row {
  readonly work: Work;
  readonly ours: ContenderName;
  /** Median of (typage's time / ours), pair by pair. */
  readonly ratio: number;
  readonly target: number | null;
  readonly oursMibPerS: number;
  readonly typageMibPerS: number;
  readonly ratios: readonly number[];
}

interface BrowserReport {
  readonly browser: string;
  readonly rows: readonly Row[];
  /** Upper bounds: the cipher on one thread without age around it. Null where the browser does not have it. */
  readonly cipherAloneMibPerS: Readonly<Record<string, number | null>>;
}

interface Report {
  readonly date: string;
  readonly machine: ReturnType<typeof describeMachine>;
  readonly sizeBytes: number;
  readonly pairs: number;
  readonly browsers: readonly BrowserReport[];
}

/** Typage's time divided by ours, through one worker. Two workers are what an app uses; they have no target of their own. */
const TARGETS: Readonly<Record<BrowserName, number>> = { chromium: 4, firefox: 1.5 };

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '1GiB' },
    pairs: { type: 'string', default: '5' },
    browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const sizeBytes = parseSize(options.size);
const pairs = parseCount('pairs', options.pairs);
const machine = describeMachine();
say(`${machine.cpu}, ${machine.cores} cores, load ${machine.loadBefore}`);

const browsers: BrowserReport[] = [];
for (const name of Object.keys(TARGETS) as BrowserName[]) {
  if (!options.browser.includes(name)) continue;
  const missing = browserMissing(name);
  if (missing === false) browsers.push(await measure(name));
  else say(`${name} is skipped: ${missing}`);
}
const report: Report = { date: new Date().toISOString(), machine, sizeBytes, pairs, browsers };
if (options.save) {
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  const name = join(results, `browser-${report.date.slice(0, 10)}`);
  writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${name}.svg`, drawChart(chartOf(report)));
}
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

function chartOf({ machine, sizeBytes, browsers: measured }: Report): Parameters<typeof drawChart>[0] {
  const short = (ours: ContenderName): string => (ours === 'latchkey' ? '' : ', two workers');
  const bars = measured.flatMap(({ browser, rows }) =>
    rows.map(({ work, ours, ratio, target }): Bar => ({
      label: `${browser.split('/')[0]}: ${work}${short(ours)}`,
      value: ratio,
      target,
    })),
  );
  return {
    title: "Typage's time divided by ours, in a browser's worker",
    note: `${sizeBytes / 2 ** 20} MiB from memory to memory, ${machine.cores} cores, load ${machine.loadBefore}; black: target`,
    bars,
  };
}

function measure(name: BrowserName): Promise<BrowserReport> {
  const here = (file: string) => join(import.meta.dirname, file);
  const pageOptions = {
    browser: name,
    entryPath: here('page.ts'),
    workers: { '/sealing-worker.js': here('sealing-worker.ts'), '/chunk-worker.js': here('chunk-worker.ts') },
    timeoutMs: 20 * 60_000,
  };
  return withPage<typeof benchPage, BrowserReport>(pageOptions, async (page) => {
    say(page.browserVersion);
    const cipherAloneMibPerS: Record<string, number | null> = {};
    for (const source of ['webcrypto', 'libsodium', 'noble'] as const) {
      const speed = await page.call('ask', { action: 'cipher alone', source, sizeMib: 128 }).catch(() => null);
      cipherAloneMibPerS[source] = speed === null ? null : Math.round(speed);
      say(`  the cipher alone, ${source}: ${speed === null ? 'not here' : `${Math.round(speed)} MiB/s`}`);
    }
    await page.call('ask', { action: 'prepare', sizeBytes });
    const rows: Row[] = [];
    for (const work of ['seal', 'open'] as const)
      for (const ours of ['latchkey', 'latchkey with two workers'] as const)
        rows.push(await compare(page, { work, ours, target: ours === 'latchkey' ? TARGETS[name] : null }));
    return { browser: page.browserVersion, rows, cipherAloneMibPerS };
  });
}

async function compare(page: Page, { work, ours, target }: Pick<Row, 'work' | 'ours' | 'target'>): Promise<Row> {
  const taken: { readonly oursMs: number; readonly typageMs: number }[] = [];
  // The first pair warms both up and does not count.
  for (let pair = 0; pair <= pairs; pair++) {
    const inTurn: readonly ContenderName[] = pair % 2 === 0 ? [ours, 'typage'] : ['typage', ours];
    const ms = new Map<ContenderName, number>();
    for (const contender of inTurn) ms.set(contender, await page.call('ask', { action: work, contender }));
    if (pair > 0) taken.push({ oursMs: ms.get(ours) ?? 0, typageMs: ms.get('typage') ?? 0 });
  }
  const ratios = taken.map(({ oursMs, typageMs }) => typageMs / oursMs);
  const mibPerS = (ms: number) => Math.round((sizeBytes / 2 ** 20 / ms) * 1000);
  const row = {
    work,
    ours,
    ratio: Number(median(ratios).toFixed(2)),
    target,
    oursMibPerS: mibPerS(median(taken.map(({ oursMs }) => oursMs))),
    typageMibPerS: mibPerS(median(taken.map(({ typageMs }) => typageMs))),
    ratios: ratios.map((ratio) => Number(ratio.toFixed(2))),
  };
  const verdict = target === null ? '' : row.ratio >= target ? `, target ${target}× met` : `, missed ${target}×`;
  say(`  ${work}, ${ours}: ${row.ratio}× typage (${row.oursMibPerS} and ${row.typageMibPerS} MiB/s)${verdict}`);
  return row;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
