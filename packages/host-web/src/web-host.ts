import { webChunkCipher, webEngine } from '@latchkey/crypto/engine-web';
import type { ByHandHost, ClientHost, Wire } from '@latchkey/sdk/ports';
import { fetchWire } from '@latchkey/sdk/transport';
import { browserClock } from './browser-clock.ts';
import { LoginLine, type LoginWorker } from './login/login-line.ts';
import { webNetwork } from './network/web-network.ts';
import { databaseOf } from './slots.ts';
import { browserCache } from './storage/browser-cache.ts';
import { browserProfile } from './storage/browser-profile.ts';
import { sealedFiles, type SealedFiles } from './storage/sealed-files.ts';

export interface WebHost extends ClientHost {
  readonly slot: string;
  /** For what the app itself keeps of this account, sealed. Names begin with `app/`. */
  readonly files: SealedFiles;
  /** Ends the login worker and lets the database go. */
  close(): void;
}

/** Engine and chunk cipher answer their known questions once, and then serve every account of the page. */
export async function webCiphers(): Promise<ByHandHost> {
  const [engine, chunks] = await Promise.all([webEngine(), webChunkCipher()]);
  return { engine, chunks };
}

export interface WebHostOptions {
  readonly slot: string;
  readonly ciphers: ByHandHost;
  /** A worker whose script is the door `login-worker`, and the line to it. */
  readonly startLogin: () => LoginWorker;
  /** Told after each request whether the server was reached. */
  readonly onReached?: (isReached: boolean) => void;
}

/** @throws HostWebError `storage_refused`, `storage_busy` */
export async function openWebHost({ slot, ciphers, startLogin, onReached }: WebHostOptions): Promise<WebHost> {
  const database = await databaseOf(slot);
  const login = new LoginLine(startLogin);
  const network = webNetwork(onReached);
  return {
    ...ciphers,
    slot,
    files: sealedFiles(database, slot),
    clock: browserClock,
    login,
    profile: browserProfile(database, slot),
    cache: browserCache(database),
    connect: (origin) => fetchWire(network, origin, { engine: ciphers.engine }),
    close() {
      login.close();
      database.close();
    },
  };
}

/** The server that this page came from, without an account. */
export function serverHere({ engine }: ByHandHost): Wire {
  return fetchWire(webNetwork(), globalThis.location.origin, { engine });
}
