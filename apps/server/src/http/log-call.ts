import { randomBytes } from 'node:crypto';
import type { Services } from '../services.ts';

/** An answer whose head is out, and which goes on for as long as somebody listens. */
export interface Lasting {
  readonly response: Response;
  readonly ended: Promise<void>;
}

/** Route, status, duration and a request id: never a body, an address, a token or a query string. */
export async function logCall(
  { log, meter }: Pick<Services, 'log' | 'meter'>,
  route: string,
  work: () => Promise<Response | Lasting>,
): Promise<Response> {
  const startedMs = performance.now();
  const told = (status: number): void => {
    const ms = Math.round((performance.now() - startedMs) * 10) / 10;
    meter.end(route, status, ms / 1_000);
    log.info({ request: randomBytes(6).toString('base64url'), route, status, ms });
  };
  meter.begin(route);
  let done: Response | Lasting;
  try {
    done = await work();
  } catch (error) {
    told(500);
    throw error;
  }
  if (done instanceof Response) {
    told(done.status);
    return done;
  }
  // Nobody waits for it: a listener would keep all that one call is made of.
  const { response, ended } = done;
  void ended.then(() => told(response.status));
  return response;
}
