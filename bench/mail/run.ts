/**
 * `npm run bench -- mail [--only NAME]… [--size 1GiB] [--deliveries 5000] [--pairs 5] [--json] [--no-save]`
 * Server and sealed mail beside the same work without them (bench/mail/README.md).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClientHost } from '../../packages/host-node/src/index.ts';
import { describeMachine, type Machine } from '../machine.ts';
import { parseCount } from '../parse-count.ts';
import { parseSize } from '../parse-size.ts';
import { type Bar, drawChart } from '../draw-chart.ts';
import type { Bench } from './bench.ts';
import { type DeliveryFigures, measureDeliveries } from './measure-deliveries.ts';
import { type ListingFigures, measureListing } from './measure-listing.ts';
import { type LoginFigures, measureLogin } from './measure-login.ts';
import { type SealedPathFigures, measureSealedPath } from './measure-sealed-path.ts';
import { type TransferFigures, measureTransfers } from './measure-transfers.ts';
import { type WrappingFigures, measureWrapping } from './measure-wrapping.ts';
import { TARGETS } from './targets.ts';

const NAMES = ['deliveries', 'listing', 'login', 'transfers', 'wrapping', 'path'] as const;

const PATH_RECIPIENTS = [1, 16, 100, 1_000];
const FEWEST_MESSAGES = 4;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [...NAMES] },
    size: { type: 'string', default: '1GiB' },
    deliveries: { type: 'string', default: '5000' },
    arrivals: { type: 'string', default: '100000' },
    recipients: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '32' },
    pairs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly deliveries: DeliveryFigures | null;
  readonly listing: ListingFigures | null;
  readonly login: LoginFigures | null;
  readonly transfers: TransferFigures | null;
  readonly wrapping: WrappingFigures | null;
  readonly path: readonly SealedPathFigures[] | null;
}

const unknown = options.only.filter((name) => !NAMES.some((known) => known === name));
if (unknown.length > 0) throw new Error(`--only takes ${NAMES.join(', ')}`);
const isWanted = (name: (typeof NAMES)[number]): boolean => options.only.includes(name);
const sizeBytes = parseSize(options.size);
const pairs = parseCount('pairs', options.pairs);
const clients = parseCount('clients', options.clients);
const deliveries = parseCount('deliveries', options.deliveries);
const arrivals = parseCount('arrivals', options.arrivals);
const recipients = parseCount('recipients', options.recipients);
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const machine = describeMachine();
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}`);
if (machine.loadBefore > 0.5) say('Others are at work on this machine: expect noise, compare within a row only');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const host = await openClientHost({ home: join(folder, 'home') });
const bench: Bench = { host, folder, pairs, say };
let report: Report;
try {
  const path = async (): Promise<SealedPathFigures[]> => {
    const figures: SealedPathFigures[] = [];
    for (const recipientsEach of PATH_RECIPIENTS) {
      const messages = Math.max(FEWEST_MESSAGES, Math.ceil(deliveries / 5 / recipientsEach));
      figures.push(await measureSealedPath(bench, { clients, recipientsEach, messages }));
    }
    return figures;
  };
  report = {
    date: new Date().toISOString(),
    machine,
    deliveries: isWanted('deliveries') ? await measureDeliveries(bench, { deliveries, clients }) : null,
    listing: isWanted('listing') ? await measureListing(bench, arrivals) : null,
    login: isWanted('login') ? await measureLogin(bench) : null,
    transfers: isWanted('transfers') ? await measureTransfers(bench, sizeBytes) : null,
    wrapping: isWanted('wrapping') ? await measureWrapping(bench, recipients) : null,
    path: isWanted('path') ? await path() : null,
  };
} finally {
  await host.close();
  rmSync(folder, { recursive: true });
}

const bars = barsOf(report);
for (const { label, value, target } of bars) {
  if (target !== null && value < target) say(`Missed: ${label} ${value.toFixed(2)}×, asked for ${target}×`);
}
if (options.save) {
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  const base = join(results, `mail-${report.date.slice(0, 10)}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  const note = `${machine.cores} cores, ${machine.cpu}, load ${machine.loadBefore} before; 1× is as fast as what it stands beside; | is the target`;
  writeFileSync(
    `${base}.svg`,
    drawChart({ title: 'Speed of ours, in units of what it is asked to reach', note, bars }),
  );
}
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

/** Everything as a ratio that is better when it is larger. Absolute limits are taken as 1×. */
function barsOf({ deliveries: delivered, listing, login, transfers, wrapping, path }: Report): Bar[] {
  const bars: (Bar | null)[] = [
    delivered && { label: 'delivery, beside writer', value: delivered.ratio, target: TARGETS.deliveryRatio },
    delivered && { label: 'delivery, beside inserts', value: delivered.ratioToInserts, target: null },
    transfers && { label: 'upload, beside HTTP', value: transfers.upRatio, target: TARGETS.transferRatio },
    transfers && { label: 'download, beside HTTP', value: transfers.downRatio, target: TARGETS.transferRatio },
    login && { label: 'login, beside Argon2id', value: 1 / login.ratio, target: 1 / TARGETS.loginRatio },
    listing && { label: `listing in ${TARGETS.listingMs} ms`, value: TARGETS.listingMs / listing.medianMs, target: 1 },
    wrapping && {
      label: `sealing in ${TARGETS.wrappingMs} ms`,
      value: TARGETS.wrappingMs / wrapping.medianMs,
      target: 1,
    },
    wrapping && {
      label: `${TARGETS.bytesPerReader} bytes a reader`,
      value: TARGETS.bytesPerReader / wrapping.bytesPerReader,
      target: 1,
    },
    ...(path ?? []).map(({ recipientsEach, deliveriesPerSecond }) => ({
      label: `path to ${recipientsEach}, ${TARGETS.sealedDeliveriesPerSecond}/s`,
      value: deliveriesPerSecond / TARGETS.sealedDeliveriesPerSecond,
      target: 1,
    })),
  ];
  return bars.filter((bar) => bar !== null);
}
