/**
 * Loaded into a server's process before the server: leaks on purpose, so that the search is seen to find them. What is to
 * be leaked comes with every bit turned, so that only what is made of it here can be found.
 */
import { isMainThread, workerData } from 'node:worker_threads';
import { deflateSync, gzipSync } from 'node:zlib';

const planted = JSON.parse(process.env['LATCHKEY_TEST_PLANTED'] ?? '{}') as Record<string, string>;
const kept: unknown[] = [];
Object.assign(globalThis, { latchkeyTestPlanted: kept });

const turned = (how: string): Buffer => Buffer.from(planted[how] ?? '', 'hex').map((byte) => byte ^ 0xff) as Buffer;
/** In memory of its own, and not in a pool that the next one uses again. */
const own = (bytes: Uint8Array): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  bytes.fill(0);
  return copy;
};

const ways: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'a string': (bytes) => bytes.toString('latin1'),
  // Two bytes for each letter, because of the last one.
  'a string of wide letters': (bytes) =>
    Buffer.from(`${bytes.toString('latin1')}\u2603`, 'utf16le').toString('utf16le'),
  'a Buffer': (bytes) => own(Buffer.from(bytes)),
  'base64 within a text': (bytes) => Buffer.from(`{"it":"${bytes.toString('latin1')}"}`).toString('base64'),
  hexadecimal: (bytes) => bytes.toString('hex'),
  gzip: (bytes) => own(gzipSync(`a text that has ${bytes.toString('latin1')} in it, and more and more and more`)),
  zlib: (bytes) => own(deflateSync(`a text that has ${bytes.toString('latin1')} in it, and more and more and more`)),
  'eight bytes of a secret': (bytes) => own(bytes.subarray(11, 19)),
  'base64url of a secret': (bytes) => bytes.toString('base64url'),
};

if (isMainThread) {
  for (const [how, plant] of Object.entries(ways)) if (planted[how] !== undefined) kept.push(plant(turned(how)));
  const logged = planted['a line of the log'];
  if (logged !== undefined) process.stderr.write(`${turned('a line of the log').toString('latin1')}\n`);
} else if (typeof (workerData as { file?: unknown } | null)?.file === 'string') {
  const how = 'a Buffer in the writer’s thread';
  if (planted[how] !== undefined) kept.push(own(turned(how)));
}
