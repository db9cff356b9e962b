import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebApp, WebAppFile } from './read-web-app.ts';

/** Where the app lies. The build of the app knows it too. */
export const WEB_APP_PATH = '/app/';

export interface ServedWebApp {
  readonly files: WebApp;
  /** `scheme://host[:port]` of this server, as clients know it. */
  readonly origin: string;
}

/** @returns false where there is no such file: nothing was answered then */
export function serveWebApp(
  { files, origin }: ServedWebApp,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): boolean {
  const [path = ''] = (incoming.url ?? '').split('?');
  if (isOtherLoopbackName(incoming.headers.host, origin)) {
    // A login is bound to the origin: the same machine under its other name is another one.
    outgoing.writeHead(307, { location: `${origin}${WEB_APP_PATH}`, 'cache-control': 'no-store' }).end();
    return true;
  }
  const file = files.get(path.slice(WEB_APP_PATH.length));
  if (file === undefined) return false;
  answer(file, incoming, outgoing);
  return true;
}

function answer(
  { bytes, brotli, headers, etag }: WebAppFile,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (incoming.headers['if-none-match'] === etag) {
    outgoing.writeHead(304, { ...headers, etag }).end();
    return;
  }
  const takesBrotli = /(^|[,\s])br([,;\s]|$)/.test(incoming.headers['accept-encoding']?.toString() ?? '');
  const body = takesBrotli && brotli !== null ? brotli : bytes;
  const encoding = body === bytes ? {} : { 'content-encoding': 'br' };
  outgoing.writeHead(200, { ...headers, ...encoding, etag, 'content-length': body.length });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

/** `http://127.0.0.1:7700` where clients know `http://localhost:7700`. */
function isOtherLoopbackName(host: string | undefined, origin: string): boolean {
  const { hostname, port } = new URL(origin);
  return hostname === 'localhost' && (host === `127.0.0.1:${port}` || host === `[::1]:${port}`);
}
