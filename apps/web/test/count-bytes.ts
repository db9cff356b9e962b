/** A line between browser and server that counts what goes through it to the browser, heads and all. */
import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface CountingLine {
  readonly port: number;
  /** Where it leads; set once the server is there. */
  to: number;
  /** Bytes to the browser since the last time. */
  take(): number;
  close(): void;
}

export async function countingLine(): Promise<CountingLine> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const line = createServer((browser) => {
    const server = connect(counting.to, '127.0.0.1');
    for (const socket of [browser, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        browser.destroy();
        server.destroy();
      });
    }
    server.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    browser.pipe(server);
    server.pipe(browser);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  const counting: CountingLine = {
    port: (line.address() as AddressInfo).port,
    to: 0,
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      line.close();
    },
  };
  return counting;
}
