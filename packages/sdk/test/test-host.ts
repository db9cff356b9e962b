/** Devices in memory on the real engine, the real OPAQUE (with a cheap stretching of the password) and the real wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { quickLoginClient } from '@latchkey/testkit';
import { chunkCipher } from '@latchkey/crypto';
import { nodeEngine, testedEngine } from '@latchkey/crypto/engine-node';
import type { ClientHost, Wire } from '../src/ports.ts';
import { memoryHost, type MemoryHost, type MemoryProfile } from '../src/testing/index.ts';
import { fetchWire, type Network } from '../src/transport/index.ts';

const engine = testedEngine(nodeEngine);
const login = await quickLoginClient();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const nodeNetwork: Network<AbortSignal> = {
  fetch: (url, request) => fetch(url, request),
  newAbort: () => new AbortController(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  decodeUtf8: (bytes) => strictUtf8.decode(bytes),
};

export interface TestHostOptions {
  /** Two hosts with one profile (and one cache) are two processes of one device. */
  readonly profile?: MemoryProfile;
  readonly cache?: ClientHost['cache'];
  readonly nowMs?: () => number;
  readonly login?: ClientHost['login'];
  /** Puts something between this device and the server: faults, lies, a record of what was asked. */
  readonly between?: (wire: Wire) => Wire;
}

export function testHost(options: TestHostOptions = {}): MemoryHost {
  const { between = (wire: Wire) => wire, nowMs = Date.now, ...rest } = options;
  return memoryHost({
    engine,
    chunks: chunkCipher(engine),
    login,
    clock: {
      nowMs,
      async sleep(ms, signal) {
        for (let left = ms; left > 0; left -= 20) {
          if (signal?.aborted === true) return;
          await sleep(Math.min(left, 20));
        }
      },
    },
    connect: (origin) => between(fetchWire(nodeNetwork, origin, { engine })),
    ...rest,
  });
}
