import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { defaultConfig, type Config } from '../config/config.ts';
import { limitsFor, rateLimits, RATE_LIMITS, type RateLimitName } from '../http/rate-limits.ts';
import { startServer, type RunningServer, type ServerOptions } from '../server.ts';

export interface TestServerOptions {
  readonly config?: Partial<Config>;
  /** Milliseconds since 1970; tests move it by hand. */
  readonly clock?: () => number;
  readonly writer?: ServerOptions['writer'];
  /** Without it limits are too high to be met. */
  readonly limits?: 'real';
  /** Where log lines go; nowhere unless told. */
  readonly logTo?: (line: string) => void;
  /** An existing data folder, which then stays. */
  readonly data?: string;
}

export interface TestServer extends RunningServer {
  readonly data: string;
}

/** The real server, over a folder of its own that goes when it stops. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'latchkey-server-'));
  const clock = options.clock ?? Date.now;
  const { logTo } = options;
  const server = await startServer({
    config: { ...defaultConfig, port: 0, newAccountDays: 0, ...options.config, data },
    version: '0.0.0-test',
    log: logTo === undefined ? pino({ level: 'silent' }) : pino({ level: 'debug' }, { write: logTo }),
    clock,
    keyLogEveryMs: 20,
    limits: rateLimits(
      clock,
      options.limits === 'real' ? limitsFor({ ...defaultConfig, ...options.config }) : unlimited,
    ),
    died(reason) {
      throw new Error(`a thread of the server ended: ${reason}`);
    },
    ...(options.writer === undefined ? {} : { writer: options.writer }),
  });
  return {
    ...server,
    data,
    async stop() {
      await server.stop();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

const names = Object.keys(RATE_LIMITS) as RateLimitName[];
const unlimited = Object.fromEntries(names.map((name) => [name, { perHour: 1e12, burst: 1e12 }])) as Record<
  RateLimitName,
  { perHour: number; burst: number }
>;
