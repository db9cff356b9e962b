import { once } from 'node:events';
import type { Server } from 'node:http';
import { constants } from 'node:os';
import type { Service } from '../service.ts';

/** Serves until SIGTERM or SIGINT; what is being answered is answered. @returns the exit code */
export async function untilStopped(server: Server, service: Service): Promise<number> {
  const signal = await new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
  server.close();
  server.closeIdleConnections();
  const given = setTimeout(() => server.closeAllConnections(), 3_000);
  if (server.listening) await once(server, 'close');
  clearTimeout(given);
  service.close();
  return signal === 'SIGTERM' ? 0 : 128 + constants.signals[signal];
}
