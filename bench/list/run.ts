/**
 * `npm run bench -- list [--json] [--no-save]`: scrolling through 100,000 messages in Chromium, slowed down four times
 * (bench/list/README.md).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withVisitors } from '@latchkey/testkit';
import { buildApp } from '../../apps/web/build/build-app.ts';
import { startTestServer } from '../../apps/server/src/testing/index.ts';
import { describeMachine } from '../machine.ts';
import { framesOf, type TraceEvent } from './frames-of.ts';

const SLOWED = 4;
const RUNS = 5;
const SCROLLED_PX = 20_000;
const PX_PER_SECOND = 4_000;
const TARGETS = { frameP95Ms: 8, rowsInPage: 40, longestTaskMs: 100 } as const;

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, save: { type: 'boolean', default: true } },
  allowNegative: true,
});
const machine = describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-list-'));
try {
  const webApp = join(folder, 'app');
  await buildApp({
    root: join(import.meta.dirname, '../../apps/web/test/list-page'),
    outFolder: webApp,
    isCompressed: false,
  });
  const server = await startTestServer({ config: { webApp } });
  try {
    const runs = await measure(`${server.origin}/app/`);
    const frameP95Ms = middle(runs.map(({ frameP95Ms: ms }) => ms));
    const longestTaskMs = middle(runs.map(({ longestTaskMs: ms }) => ms));
    const rowsInPage = Math.max(...runs.map(({ rowsInPage: rows }) => rows));
    const figures = { frameP95Ms, longestTaskMs, rowsInPage };
    for (const name of ['frameP95Ms', 'longestTaskMs', 'rowsInPage'] as const) {
      const isMet = figures[name] <= TARGETS[name];
      console.error(`${name} ${figures[name]}, target at most ${TARGETS[name]}: ${isMet ? 'met' : 'missed'}`);
    }
    const report = { date: new Date().toISOString(), machine, slowed: SLOWED, targets: TARGETS, figures, runs };
    const text = `${JSON.stringify(report, null, 2)}\n`;
    if (options.save) {
      const results = join(import.meta.dirname, '../results');
      mkdirSync(results, { recursive: true });
      writeFileSync(join(results, `list-${report.date.slice(0, 10)}.json`), text);
    }
    if (options.json) process.stdout.write(text);
  } finally {
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Run {
  readonly frames: number;
  readonly frameP95Ms: number;
  readonly longestTaskMs: number;
  readonly rowsInPage: number;
}

function measure(url: string): Promise<readonly Run[]> {
  return withVisitors('chromium', async (newVisitor) => {
    const { page } = await (await newVisitor()).visit(url);
    await page.setViewport({ width: 1280, height: 800 });
    await page.waitForSelector('[data-row]');
    const devtools = await page.createCDPSession();
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    const runs: Run[] = [];
    // The first warms up and does not count.
    for (let run = 0; run <= RUNS; run++) {
      await page.tracing.start({
        categories: [
          'devtools.timeline',
          'devtools.timeline.frame',
          'disabled-by-default-devtools.timeline',
          'toplevel',
        ],
      });
      await devtools.send('Input.synthesizeScrollGesture', {
        x: 400,
        y: 400,
        yDistance: -SCROLLED_PX,
        speed: PX_PER_SECOND,
        gestureSourceType: 'mouse',
      });
      const trace = await page.tracing.stop();
      const { traceEvents } = JSON.parse(Buffer.from(trace ?? []).toString()) as { traceEvents: TraceEvent[] };
      const { framesMs, longestTaskMs } = framesOf(traceEvents);
      const sorted = framesMs.toSorted((one, other) => one - other);
      const frameP95Ms = Number((sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN).toFixed(2));
      const rowsInPage = await page.$$eval('[data-row]', (rows) => rows.length);
      const measured = { frames: framesMs.length, frameP95Ms, longestTaskMs, rowsInPage };
      console.error(JSON.stringify(measured));
      if (run > 0) runs.push(measured);
    }
    return runs;
  });
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
