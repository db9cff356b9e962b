import { constants } from 'node:os';
import { pino } from 'pino';
import { startServer } from '../server.ts';
import { print, type CommandInput } from './command.ts';
import { startMessage } from './start-message.ts';

export async function runServer({ read: { config }, version }: CommandInput): Promise<number> {
  process.umask(0o077);
  const log = pino({ level: config.logLevel, base: null });
  const server = await startServer({
    config,
    version,
    log,
    died(reason) {
      // Fatal beats wrong: what was acknowledged is on disk, and the next start goes on from there.
      log.fatal({ reason });
      process.exit(70);
    },
  });
  print(startMessage({ config, version, origin: server.origin, port: server.port }));
  const signal = await new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
  await server.stop();
  return signal === 'SIGTERM' ? 0 : 128 + constants.signals[signal];
}
