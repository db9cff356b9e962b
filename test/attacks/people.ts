/** People with accounts on the real server, behind the proxy; their devices are in memory. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { chunkCipher, type Engine } from '../../packages/crypto/src/index.ts';
import { nodeEngine, testedEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { loginClient } from '../../packages/crypto/src/login-client.ts';
import { logIn, openClient, register, type Client, type Registered } from '../../packages/sdk/src/client/index.ts';
import type { ClientHost } from '../../packages/sdk/src/ports.ts';
import { memoryCache, memoryHost, memoryProfile, type MemoryHost } from '../../packages/sdk/src/testing/index.ts';
import { fetchWire, type TransportLimits } from '../../packages/sdk/src/transport/index.ts';
import { nodeNetwork } from '../../packages/sdk/test/test-host.ts';
import type { LyingProxy } from './lying-proxy.ts';

export const password = 'correct horse battery';
export const engine: Engine = testedEngine(nodeEngine);
const login = await loginClient();

export interface DeviceOptions {
  readonly profile?: MemoryHost['profile'];
  readonly cache?: ClientHost['cache'];
  readonly engine?: Engine;
  readonly limits?: Partial<TransportLimits>;
  readonly nowMs?: () => number;
}

/** Its pauses take no time. */
export function device(options: DeviceOptions = {}): MemoryHost {
  const { engine: own = engine, limits = {}, profile = memoryProfile(), cache = memoryCache() } = options;
  const { nowMs = Date.now } = options;
  return memoryHost({
    engine: own,
    chunks: chunkCipher(own),
    login,
    clock: {
      nowMs,
      sleep: async () => {
        await turn();
      },
    },
    connect: (origin) => fetchWire(nodeNetwork, origin, { engine: own, limits }),
    profile,
    cache,
  });
}

export interface Person extends Registered {
  readonly address: string;
  /** Another process of the first device. */
  again(this: void, options?: Omit<DeviceOptions, 'profile' | 'cache'>): Promise<Client>;
  /** A further device, by the kit. */
  join(this: void, options?: DeviceOptions): Promise<Client>;
}

/** @param own what all processes of the first device have */
export async function newPerson(
  { origin, nowMs = Date.now }: { readonly origin: string; readonly nowMs?: () => number },
  name: string,
  given: Pick<DeviceOptions, 'engine'> = {},
): Promise<Person> {
  const address = `${name}@localhost`;
  const own = { ...given, nowMs };
  const parts = { profile: memoryProfile(), cache: memoryCache() };
  const made = await register(device({ ...own, ...parts }), { address, origin, password, deviceName: 'Desk' });
  return {
    ...made,
    address,
    again: (options = {}) => openClient(device({ ...own, ...options, ...parts })),
    join: (options = {}) => logIn(device({ nowMs, ...options }), { address, deviceName: 'Phone', with: { kit: made.kit.text } }),
  };
}

/** The clocks of all go forward, until the key log has signed its heads with the new time: without that all are stale. */
export async function passHours(proxy: LyingProxy, hours: number, { client }: Person): Promise<void> {
  proxy.passHours(hours);
  for (let tries = 0; ; tries++) {
    try {
      await client.directory.resolve([client.address]);
      return;
    } catch (error) {
      if ((error as { reason?: string }).reason !== 'head_stale' || tries > 200) throw error;
    }
    await sleep(20);
  }
}
