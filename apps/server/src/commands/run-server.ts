import { constants } from 'node:os';
import { pino } from 'pino';
import { startServer } from '../server.ts';
import { WEB_APP_PATH } from '../web-app/serve-web-app.ts';
import { print, type CommandInput } from './command.ts';

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
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  print(`Latchkey ${version} serves ${config.domain} on http://${host}:${server.port}/
Clients reach it as ${server.origin}; registration is ${config.registration}. Data: ${config.data}${config.webApp === null ? '' : `\nMail in a browser: ${server.origin}${WEB_APP_PATH}`}`);
  const signal = await new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
  await server.stop();
  return signal === 'SIGTERM' ? 0 : 128 + constants.signals[signal];
}
