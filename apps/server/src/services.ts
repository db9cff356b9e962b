import type { Logger } from 'pino';
import type { BlobFiles } from './blobs/blob-files.ts';
import type { Config } from './config/config.ts';
import type { KeyLog } from './key-log/key-log.ts';
import type { LoginWorker } from './login/login-worker.ts';
import type { ServerSeal } from './login/server-seal.ts';
import type { Meter } from './metrics/meter.ts';
import type { NewcomerPasses } from './http/newcomer-passes.ts';
import type { RateLimits } from './http/rate-limits.ts';
import type { Store } from './store/store.ts';
import type { WebApp } from './web-app/read-web-app.ts';

/** What every handler may use. */
export interface Services {
  readonly config: Config;
  /** `scheme://host[:port]`, fixed for the life of the data: part of every login. */
  readonly origin: string;
  readonly version: string;
  readonly store: Store;
  readonly blobs: BlobFiles;
  readonly login: LoginWorker;
  readonly keyLog: KeyLog;
  readonly seal: ServerSeal;
  readonly limits: RateLimits;
  readonly newcomerPasses: NewcomerPasses;
  /** Verifier keys of what is handed over, for the page. */
  readonly handoverKeys: readonly string[];
  /** The files of the web app; null where none is served. */
  readonly webApp: WebApp | null;
  readonly meter: Meter;
  readonly log: Logger;
}
