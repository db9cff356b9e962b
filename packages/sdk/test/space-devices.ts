/** An account on a real server, and devices that work in its spaces. */
import { chunkCipher, type Engine } from '@latchkey/crypto';
import { quickLoginClient } from '@latchkey/testkit';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import {
  ROUTE_NAMES,
  ROUTES,
  type RequestOf,
  type ResponseOf,
  type Route,
  type RouteName,
} from '@latchkey/protocol/wire';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, RecordCache, Wire } from '../src/ports.ts';
import { openSpace } from '../src/sync/open-space.ts';
import type { RecordBody, RecordEdit, Space, SpaceKeyring } from '../src/sync/types.ts';
import { memoryHost, memoryProfile, type MemoryHost, type MemoryProfile } from '../src/testing/index.ts';
import { fetchWire, type Network } from '../src/transport/index.ts';
import { person } from './message-people.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const network: Network<AbortSignal> = {
  fetch: (url, request) => fetch(url, request),
  newAbort: () => new AbortController(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  decodeUtf8: (bytes) => strictUtf8.decode(bytes),
};

export interface SpaceAccount {
  readonly wire: Wire;
  readonly session: string;
}

/** With a real login, but nothing in its vault. */
export async function registerAccount(origin: string, address: string): Promise<SpaceAccount> {
  const wire = fetchWire(network, origin, { engine: nodeEngine });
  const login = await quickLoginClient();
  const input = 'a password input';
  const started = await login.startRegistration(input);
  const { response } = await wire.call(ROUTES.registerStart, { address, invitation: null, request: started.request });
  const names = { client: address, server: origin };
  const finished = await login.finishRegistration({ input, state: started.state, response, names });
  const { token } = await wire.call(ROUTES.registerFinish, {
    address,
    invitation: null,
    record: finished.record,
    statement: (await person(address)).newest.identity.note,
    latches: [{ id: id(), kind: 'password', generation: 1, wrapped: nodeEngine.randomBytes(81), rescue: null }],
    session: { name: nodeEngine.randomBytes(40), device: id() },
  });
  return { wire, session: token };
}

export function id(): Uint8Array {
  return nodeEngine.randomBytes(16);
}

export function newKeyring(epochs = 1): SpaceKeyring {
  const secrets = new Map(Array.from({ length: epochs }, (_, epoch) => [epoch, nodeEngine.randomBytes(32)]));
  return { space: id(), epoch: epochs - 1, secrets };
}

export interface TestDevice {
  readonly id: Uint8Array;
  readonly host: MemoryHost;
  readonly space: Space;
}

export interface DeviceParts {
  readonly wire?: Wire;
  readonly engine?: Engine;
  readonly cache?: RecordCache;
  readonly profile?: MemoryProfile;
  readonly id?: Uint8Array;
  readonly nowMs?: () => number;
}

/** A device with a memory of its own. The space is created where it is not there. */
export async function newDevice(
  account: SpaceAccount,
  keyring: SpaceKeyring,
  parts: DeviceParts = {},
): Promise<TestDevice> {
  const device = parts.id ?? id();
  const engine = parts.engine ?? nodeEngine;
  const unused = (): never => {
    throw new Error('spaces do not need this');
  };
  const host = memoryHost({
    engine,
    chunks: chunkCipher(engine),
    clock: {
      nowMs: parts.nowMs ?? Date.now,
      sleep: async (ms) => {
        await sleep(ms);
      },
    },
    login: { startRegistration: unused, finishRegistration: unused, startLogin: unused, finishLogin: unused },
    connect: unused,
    profile: parts.profile ?? memoryProfile(),
    ...(parts.cache === undefined ? {} : { cache: parts.cache }),
  });
  await account.wire.call(
    ROUTES.spacesCreate,
    { space: keyring.space, kind: 'other' },
    { rights: { session: account.session } },
  );
  const wire = parts.wire ?? account.wire;
  return { id: device, host, space: await openSpace(host, { wire, session: account.session, keyring, device }) };
}

export function note(text: string): RecordBody {
  return { kind: 'note', v: 1, text };
}

export function put(record: Uint8Array, text: string): RecordEdit {
  return { id: record, change: () => note(text) };
}

/** Every record of a space as it is now, by its id in hex. */
export async function contentOf(space: Space): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  for await (const { id: record, version, body } of space.entries()) {
    content[Buffer.from(record).toString('hex')] = { version, ...body };
  }
  return content;
}

export interface InterceptedCall {
  readonly name: RouteName;
  readonly request: unknown;
  /** Asks the real server. */
  next(): Promise<unknown>;
}

/** The real wire with somebody on it. */
export function wireThrough(inner: Wire, intercept: (call: InterceptedCall) => Promise<unknown>): Wire {
  return {
    origin: inner.origin,
    call: async <R extends Route>(route: R, request: RequestOf<R>, options?: CallOptions): Promise<ResponseOf<R>> => {
      const name = ROUTE_NAMES.find((each) => ROUTES[each].path === route.path);
      if (name === undefined) throw new Error('no such route');
      const answer = await intercept({ name, request, next: () => inner.call(route, request, options) });
      return answer;
    },
    put: (route, request, ...rest) => inner.put(route, request, ...rest),
    read: (route, request, options) => inner.read(route, request, options),
    events: (from, options) => inner.events(from, options),
  };
}

export interface RecordedEngine {
  readonly engine: Engine;
  readonly sealings: () => number;
  /** How often a key and nonce came back for another plaintext or another place. */
  readonly reuses: () => number;
}

/** Watches that no key and nonce seal two things (docs/spec/04-records.md, "Fresh salt"). */
export function recordedEngine(): RecordedEngine {
  const sealed = new Map<string, string>();
  let [sealings, reuses] = [0, 0];
  const hex = (bytes: Uint8Array = new Uint8Array(0)): string => Buffer.from(bytes).toString('hex');
  const engine: Engine = {
    ...nodeEngine,
    aeadSeal(input) {
      const under = `${hex(input.key)} ${hex(input.nonce)}`;
      const what = `${hex(input.bytes)} ${hex(input.ad)}`;
      sealings += 1;
      if ((sealed.get(under) ?? what) !== what) reuses += 1;
      sealed.set(under, what);
      return nodeEngine.aeadSeal(input);
    },
  };
  return { engine, sealings: () => sealings, reuses: () => reuses };
}
