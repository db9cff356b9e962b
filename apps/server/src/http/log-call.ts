import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';

/** Route, status, duration and a request id: never a body, an address, a token or a query string. */
export async function logCall(log: Logger, route: string, work: () => Promise<Response>): Promise<Response> {
  const startedMs = performance.now();
  const response = await work();
  const ms = Math.round((performance.now() - startedMs) * 10) / 10;
  log.info({ request: randomBytes(6).toString('base64url'), route, status: response.status, ms });
  return response;
}
