import type { Config } from '../config/config.ts';
import { WEB_APP_PATH } from '../web-app/serve-web-app.ts';

export interface Started {
  readonly config: Pick<Config, 'domain' | 'host' | 'registration' | 'data' | 'webApp' | 'behindProxy' | 'origin'>;
  readonly version: string;
  readonly origin: string;
  readonly port: number;
}

/** What an operator is told when the server is there: never an address at which nothing answers. */
export function startMessage({ config, version, origin, port }: Started): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const serves = `Latchkey ${version} serves ${config.domain} on http://${host}:${port}/`;
  const rest = `registration is ${config.registration}. Data: ${config.data}`;
  const known = knownPort(origin);
  if (known !== null && known !== port && !config.behindProxy && config.origin === null) {
    return `${serves}
Accounts here log in to ${origin}, and there nothing listens now: start it with --port ${known}, or their clients do not
find it. Then ${rest}`;
  }
  const mail = config.webApp === null ? '' : `\nMail in a browser: ${origin}${WEB_APP_PATH}`;
  return `${serves}\nClients reach it as ${origin}; ${rest}${mail}`;
}

/** Null where somebody else stands before this program: then its own port says nothing. */
function knownPort(origin: string): number | null {
  const { protocol, hostname, port } = new URL(origin);
  const isHere = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return isHere ? Number(port === '' ? 80 : port) : null;
}
