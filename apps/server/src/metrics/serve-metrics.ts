import { statfs } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServerError } from '../errors.ts';
import type { Services } from '../services.ts';

export interface MetricsListener {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * `/metrics` and `/ready`, for this machine alone and on a port of their own: what a proxy hands through to the world never
 * reaches them.
 *
 * @throws ServerError `port_taken`
 */
export async function serveMetrics(services: Services, port: number): Promise<MetricsListener> {
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000 },
    (request, response) => {
      const answer = request.url === '/metrics' ? metrics(services) : request.url === '/ready' ? ready(services) : null;
      if (answer === null) {
        response.writeHead(404).end();
        return;
      }
      answer.then(
        (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
        () => response.writeHead(503, { 'content-type': 'text/plain' }).end('not ready\n'),
      );
    },
  );
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function metrics({ meter, keyLog, config }: Services): Promise<string> {
  const { bavail, bsize } = await statfs(config.data ?? '.');
  const { rss, heapUsed } = process.memoryUsage();
  return meter.format({
    latchkey_key_log_open: keyLog.isOpen ? 1 : 0,
    latchkey_data_free_bytes: bavail * bsize,
    process_resident_memory_bytes: rss,
    nodejs_heap_used_bytes: heapUsed,
    process_uptime_seconds: Math.round(process.uptime()),
  });
}

/** Rejects where the database cannot be read. */
async function ready({ store }: Services): Promise<string> {
  await store.db.selectFrom('setting').select('value').where('name', '=', 'schema').executeTakeFirstOrThrow();
  return 'ready\n';
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(new ServerError('port_taken', `port ${port} for metrics is taken by another program`)),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
