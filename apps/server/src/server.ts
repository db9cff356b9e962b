import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { routeNamed } from '@latchkey/protocol/wire';
import type { Logger } from 'pino';
import { blobFiles } from './blobs/blob-files.ts';
import type { Config } from './config/config.ts';
import { ServerError } from './errors.ts';
import { openHandoverKey } from './handover/handover-key.ts';
import { createApp } from './http/app.ts';
import { newcomerPasses } from './http/newcomer-passes.ts';
import { limitsFor, rateLimits, type RateLimits } from './http/rate-limits.ts';
import { startLoginWorker } from './login/login-worker.ts';
import { openSecrets } from './login/secrets.ts';
import { serverSeal } from './login/server-seal.ts';
import { openKeyLog } from './key-log/key-log.ts';
import { listen, requireHost } from './listen.ts';
import type { Services } from './services.ts';
import { holdLock } from './store/sqlite.ts';
import { databaseFile } from './store/database-file.ts';
import { newMeter, ENDLESS_ROUTES, type Meter } from './metrics/meter.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { openStore } from './store/store.ts';
import { startSweeper } from './sweeper.ts';
import type { Writer } from './store/writer.ts';
import { readWebApp } from './web-app/read-web-app.ts';

export interface ServerOptions {
  readonly config: Config & { readonly data: string };
  readonly version: string;
  readonly log: Logger;
  /** Called when a thread is gone. The program ends itself; tests fail. */
  readonly died: (reason: string) => void;
  readonly clock?: () => number;
  readonly limits?: RateLimits;
  /** The key log grows at most once in this time; tests do not wait a second for each account. */
  readonly keyLogEveryMs?: number;
  /** Tests give a writer whose storage fails. */
  readonly writer?: (file: string) => Writer;
}

export interface RunningServer {
  readonly origin: string;
  readonly port: number;
  /** Null where nobody asked for one. */
  readonly metricsPort: number | null;
  readonly services: Services;
  stop(): Promise<void>;
}

/** @throws ServerError `data_in_use`, `data_newer`, `data_damaged`, `port_taken`, `host_refused` */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config } = options;
  requireHost(config);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  chmodSync(config.data, 0o700);
  const lock = holdLock(join(config.data, 'lock'));
  if (lock === null) throw new ServerError('data_in_use', 'another server runs over this data folder');
  const opened: (() => Promise<void> | void)[] = [() => lock.release()];
  const endAll = async (): Promise<void> => {
    for (const end of opened.toReversed()) await end();
  };
  let ending: Promise<void> | null = null;
  // Who stops it twice waits for the one end: a thread that is gone answers nobody.
  const stop = (): Promise<void> => (ending ??= endAll());
  try {
    return { ...(await open(options, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts what has to be ended again into `opened`, in order. */
async function open(
  { config, log, died, ...options }: ServerOptions,
  opened: (() => Promise<void> | void)[],
): Promise<Omit<RunningServer, 'stop'>> {
  const clock = options.clock ?? Date.now;
  // First of all: a wrong folder is told before anything is opened.
  const webApp = config.webApp === null ? null : readWebApp(config.webApp);
  const secrets = await openSecrets(config.data);
  const file = databaseFile(config.data);
  const store = await openStore({
    file,
    clock,
    died,
    report: (problem) => log.error({ problem }),
    ...(options.writer === undefined ? {} : { writer: options.writer(file) }),
  });
  opened.push(() => store.close());
  const login = await startLoginWorker(secrets.loginSetup, died);
  opened.push(() => login.stop());
  const keyLog = await openKeyLog({ config, store, everyMs: options.keyLogEveryMs ?? 1_000, log, died });
  opened.push(() => keyLog.stop());
  const server = createServer(httpLimits);
  const port = await listen(server, { config, store });
  const meter = newMeter(new Set(ENDLESS_ROUTES.map((name) => routeNamed(name).path)));
  opened.push(() => closed(server, meter));
  const origin = await fixedOrigin(config, store, port);
  const services: Services = {
    config,
    origin,
    version: options.version,
    store,
    blobs: blobFiles(config.data),
    login,
    keyLog,
    seal: serverSeal(secrets.sealKey),
    limits: options.limits ?? rateLimits(clock, limitsFor(config)),
    newcomerPasses: newcomerPasses(clock),
    handoverKeys: openHandoverKey(config.data, origin).verifierKeys,
    webApp,
    meter,
    log,
  };
  const listener = getRequestListener(createApp(services).fetch, { overrideGlobalObjects: false });
  server.on('request', (incoming, outgoing) => void listener(incoming, outgoing));
  opened.push(startSweeper(services));
  const metrics = config.metricsPort === null ? null : await serveMetrics(services, config.metricsPort);
  if (metrics !== null) opened.push(() => metrics.stop());
  return { origin: services.origin, port, metricsPort: metrics?.port ?? null, services };
}

/** A slow line may take its time for a part of 8 MiB, but nobody keeps a socket for ever. */
const httpLimits = { requestTimeout: 900_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 };

/** The origin is part of every login record: it is set by the first start and must not change unseen. */
async function fixedOrigin(config: Config, store: Services['store'], port: number): Promise<string> {
  const known = await store.db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
  const isLocal = config.domain === 'localhost';
  const wanted = config.origin ?? known?.value ?? (isLocal ? `http://localhost:${port}` : `https://${config.domain}`);
  if (known !== undefined && known.value !== wanted) {
    throw new ServerError(
      'config_malformed',
      `accounts here log in to ${known.value}; the origin cannot become ${wanted}. Give the old one.`,
    );
  }
  if (known === undefined) await store.write('setSetting', { name: 'origin', value: wanted });
  return wanted;
}

/** What is under way ends, what waits for events is cut, and nobody new comes in. */
async function closed(server: Server, meter: Meter): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const untilMs = performance.now() + longestGoodbyeMs;
  while (meter.working > 0 && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 20));
  server.closeAllConnections();
  await done;
}

/** Less than systemd and container engines wait before they kill. */
const longestGoodbyeMs = 8_000;
