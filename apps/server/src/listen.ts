import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config/config.ts';
import { ServerError } from './errors.ts';
import type { Store } from './store/store.ts';

const firstPort = 7700;
const portsTried = 100;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

export interface ListenOn {
  readonly config: Config;
  readonly store: Store;
}

/** @throws ServerError `host_refused` */
export function requireHost({ host, behindProxy }: Config): void {
  if (loopback.has(host) || behindProxy) return;
  throw new ServerError(
    'host_refused',
    `plain HTTP is for this machine only, and ${host} is not. Put a proxy with certificates before it and say --behind-proxy.`,
  );
}

/**
 * Where nothing is said: 7700 or the next free port, and the same one ever after, because clients know it.
 *
 * @throws ServerError `port_taken`
 */
export async function listen(server: Server, { config, store }: ListenOn): Promise<number> {
  const remembered = await store.db.selectFrom('setting').select('value').where('name', '=', 'port').executeTakeFirst();
  const wanted = config.port ?? (remembered === undefined ? null : Number(remembered.value));
  if (wanted !== null) {
    const port = await tryListen(server, wanted, config.host);
    if (port === null) throw new ServerError('port_taken', `port ${wanted} is taken by another program`);
    return port;
  }
  for (let candidate = firstPort; candidate < firstPort + portsTried; candidate++) {
    const port = await tryListen(server, candidate, config.host);
    if (port === null) continue;
    await store.write('setSetting', { name: 'port', value: String(port) });
    return port;
  }
  throw new ServerError('port_taken', `no port from ${firstPort} to ${firstPort + portsTried - 1} is free`);
}

/** @returns null where the port is taken */
async function tryListen(server: Server, port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(new ServerError('port_taken', `cannot listen on ${host}:${port} (${error.code ?? 'unknown'})`));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
