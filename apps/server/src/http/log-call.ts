import { randomBytes } from 'node:crypto';
import type { Services } from '../services.ts';

/** Route, status, duration and a request id: never a body, an address, a token or a query string. */
export async function logCall(
  { log, meter }: Pick<Services, 'log' | 'meter'>,
  route: string,
  work: () => Promise<Response>,
): Promise<Response> {
  const startedMs = performance.now();
  let status = 500;
  meter.begin(route);
  try {
    const response = await work();
    ({ status } = response);
    return response;
  } finally {
    const ms = Math.round((performance.now() - startedMs) * 10) / 10;
    meter.end(route, status, ms / 1_000);
    log.info({ request: randomBytes(6).toString('base64url'), route, status, ms });
  }
}
