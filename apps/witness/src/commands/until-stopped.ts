import { once } from 'node:events';
import type { Server } from 'node:http';
import { constants } from 'node:os';

const graceMs = 3_000;

/**
 * Serves until SIGTERM or SIGINT, answers what is being answered, and ends the process there and then: with it goes the
 * lock, and nothing goes on working without it.
 */
export async function untilStopped(server: Server): Promise<never> {
  const signal = await new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  process.exit(signal === 'SIGTERM' ? 0 : 128 + constants.signals[signal]);
}
