/**
 * Clients that do nothing but deliver: requests made beforehand, one connection each, the next request when the last one
 * was answered. Raw sockets, so that the processor is left to the server.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { randomHeader } from '../../../apps/server/src/testing/random-header.ts';

export interface LoadOrder {
  readonly port: number;
  readonly clients: number;
  readonly deliveries: number;
  /** base64url. */
  readonly blob: string;
  readonly readers: number;
  readonly pass: string;
}

process.once('message', (order: LoadOrder) => {
  void run(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});

async function run(order: LoadOrder): Promise<number> {
  const requests = Array.from({ length: order.deliveries }, (_, number) => requestOf(order, number));
  const lines = await Promise.all(Array.from({ length: order.clients }, () => opened(order.port)));
  const left = requests.values();
  const startMs = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      for (const request of left) await exchange(line, request);
    }),
  );
  const ms = performance.now() - startMs;
  for (const line of lines) line.destroy();
  return ms;
}

function requestOf({ port, blob, readers, pass }: LoadOrder, number: number): Buffer {
  const text = (lengthBytes: number): string => randomBytes(lengthBytes).toString('base64url');
  const header = Buffer.from(randomHeader()).toString('base64url');
  const body = JSON.stringify({
    blobs: [blob],
    recipients: [
      { address: `reader-${number % readers}@localhost`, key: text(16), headers: [header], part: text(1_040) },
    ],
  });
  return Buffer.from(
    `POST /v1/deliver HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Pass ${pass}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

async function opened(port: number): Promise<Socket> {
  const line = connect(port, '127.0.0.1').setNoDelay(true);
  await once(line, 'connect');
  return line;
}

async function exchange(line: Socket, request: Buffer): Promise<void> {
  line.write(request);
  let answer = '';
  while (!answer.endsWith('}')) {
    const [piece] = (await once(line, 'data')) as [Buffer];
    answer += piece.toString('latin1');
  }
  if (!answer.endsWith('{"answers":["ok"]}')) throw new Error(`the server answered ${answer.slice(-200)}`);
}
