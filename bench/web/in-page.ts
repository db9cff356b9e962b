/** Runs in the page and in its crypto worker; each function is sent there as its text. */

export interface PutCall {
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

export interface Uploads {
  readonly calls: readonly PutCall[];
  /** What the server is shown as whose calls these are. */
  readonly session: string;
  /** Null where nothing was. */
  readonly deliveredMs: number | null;
}

interface Watched {
  latchkeyCalls: PutCall[];
  latchkeySession: string;
  latchkeyDeliveredMs: number | null;
  fetch: typeof fetch;
}

/** In the crypto worker: from now on it is written down what goes up, and with which session. */
export function watchUploads(): void {
  const scope = globalThis as unknown as Watched;
  const { fetch } = scope;
  scope.latchkeyCalls = [];
  scope.latchkeySession = '';
  scope.latchkeyDeliveredMs = null;
  scope.fetch = async (given, init) => {
    const url = given instanceof Request ? given.url : given.toString();
    const { authorization } = (init?.headers ?? {}) as Record<string, string | undefined>;
    if (authorization?.startsWith('Bearer ') === true) scope.latchkeySession = authorization;
    if (url.includes('/v1/deliver')) {
      const answer = await fetch(url, init);
      scope.latchkeyDeliveredMs = performance.timeOrigin + performance.now();
      return answer;
    }
    if (init?.method !== 'PUT') return fetch(url, init);
    const startMs = performance.timeOrigin + performance.now();
    const answer = await fetch(url, init);
    const endMs = performance.timeOrigin + performance.now();
    scope.latchkeyCalls.push({ startMs, endMs, bytes: (init.body as Uint8Array).byteLength });
    return answer;
  };
}

/** In the crypto worker. */
export function takeUploads(): Uploads {
  const scope = globalThis as unknown as Watched;
  const { latchkeySession: session, latchkeyDeliveredMs: deliveredMs } = scope;
  scope.latchkeyDeliveredMs = null;
  return { calls: scope.latchkeyCalls.splice(0), session, deliveredMs };
}

/** In the crypto worker. */
export function isDelivered(): boolean {
  return (globalThis as unknown as Watched).latchkeyDeliveredMs !== null;
}

/** In the page: tasks of its thread of more than 50 ms, from now on. */
export function watchTasks(): void {
  const scope = globalThis as unknown as { latchkeyTasksMs: number[] };
  scope.latchkeyTasksMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) scope.latchkeyTasksMs.push(duration);
  }).observe({ type: 'longtask' });
}

/** In the page. @returns the longest since the last time; 0 where none took 50 ms */
export function takeLongestTask(): number {
  return Math.max(0, ...(globalThis as unknown as { latchkeyTasksMs: number[] }).latchkeyTasksMs.splice(0));
}

/**
 * In the page: the file of the picker goes up as it is, by the same calls as a sealed one: parts of 8 MiB with their
 * hashes, two on their way. @returns milliseconds
 */
export async function uploadUnsealed(session: string): Promise<number> {
  const partBytes = 8_388_608;
  const file = document.querySelector<HTMLInputElement>('#bench')?.files?.[0];
  if (file === undefined) throw new Error('no file');
  const text = (bytes: Uint8Array<ArrayBuffer>): string =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  const upload = text(crypto.getRandomValues(new Uint8Array(16)));
  const hashOf = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const call = async (path: string, body: object): Promise<void> => {
    const headers = { authorization: session, 'content-type': 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.text();
  };
  const put = async (part: number, bytes: Uint8Array<ArrayBuffer>, hash: Uint8Array<ArrayBuffer>): Promise<void> => {
    const path = `/v1/uploads/${upload}/parts/${part}`;
    const type = 'application/octet-stream';
    const headers = { authorization: session, 'content-type': type, 'latchkey-sha256': text(hash) };
    const answer = await fetch(path, { method: 'PUT', headers, body: bytes, credentials: 'omit' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.text();
  };
  const startMs = performance.now();
  await call('/v1/uploads/create', { upload, sizeBytes: file.size });
  const hashes: Uint8Array[] = [];
  const flights = new Set<Promise<void>>();
  for (let part = 0; part * partBytes < file.size; part += 1) {
    const bytes = new Uint8Array(await file.slice(part * partBytes, (part + 1) * partBytes).arrayBuffer());
    const hash = await hashOf(bytes);
    hashes.push(hash);
    if (flights.size >= 2) await Promise.race(flights);
    const flight = put(part, bytes, hash).then(() => void flights.delete(flight));
    flights.add(flight);
  }
  await Promise.all(flights);
  const all = new Uint8Array(hashes.length * 32);
  for (const [at, hash] of hashes.entries()) all.set(hash, at * 32);
  await call('/v1/uploads/complete', { upload, digest: text(await hashOf(all)) });
  const tookMs = performance.now() - startMs;
  await call('/v1/holds/remove', { holds: [upload] });
  return tookMs;
}
