/** A line between browser and server that counts what goes through it to the browser, heads and all; it can be cut and be slow. */
import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface CountingLine {
  readonly port: number;
  /** Where it leads; set once the server is there. */
  to: number;
  /** Bytes to the browser since the last time. */
  take(): number;
  /** Ends what is on it, and lets nobody in until `mend`. */
  cut(): void;
  mend(): void;
  /** Each way; null: as fast as it goes. */
  pace: Pace | null;
  close(): void;
}

export interface Pace {
  readonly bytesPerSecond: number;
  readonly delayMs: number;
}

export async function countingLine(): Promise<CountingLine> {
  let bytes = 0;
  let isCut = false;
  const sockets = new Set<Socket>();
  const line = createServer((browser) => {
    if (isCut) {
      browser.destroy();
      return;
    }
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
    carry(browser, server, counting);
    carry(server, browser, counting);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  const counting: CountingLine = {
    port: (line.address() as AddressInfo).port,
    to: 0,
    pace: null,
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      line.close();
    },
  };
  return counting;
}

/** In order, whatever the pace. */
function carry(from: Socket, to: Socket, line: CountingLine): void {
  let freeMs = 0;
  from.on('data', (chunk: Buffer) => {
    const { pace } = line;
    const nowMs = performance.now();
    if (pace === null && freeMs <= nowMs) {
      to.write(chunk);
      return;
    }
    const { bytesPerSecond, delayMs } = pace ?? { bytesPerSecond: Number.POSITIVE_INFINITY, delayMs: 0 };
    freeMs = Math.max(freeMs, nowMs + delayMs) + (chunk.length / bytesPerSecond) * 1_000;
    setTimeout(() => to.write(chunk), freeMs - nowMs);
  });
  from.on('end', () => setTimeout(() => to.end(), Math.max(0, freeMs - performance.now())));
}
