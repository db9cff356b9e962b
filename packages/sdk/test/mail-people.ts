/** People with accounts on a real server, for tests of mail. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { TestServer } from 'latchkey-server/testing';
import { logIn, openClient, register, type Client } from '../src/client/index.ts';
import type { Draft, DraftAttachment } from '../src/mail/index.ts';
import type { ByteSink, Wire } from '../src/ports.ts';
import { memoryCache, memoryProfile, type MemoryProfile } from '../src/testing/index.ts';
import { testHost, type TestHostOptions } from './test-host.ts';

const password = 'correct horse battery';

export interface MailPerson {
  readonly client: Client;
  /** Another process of the same device. */
  again(this: void, between?: (wire: Wire) => Wire): Promise<Client>;
  /** Another device. */
  device(this: void, options?: TestHostOptions): Promise<Client>;
}

export async function mailPerson(server: Pick<TestServer, 'origin'>, name: string): Promise<MailPerson> {
  const [profile, cache]: [MemoryProfile, ReturnType<typeof memoryCache>] = [memoryProfile(), memoryCache()];
  const host = testHost({ profile, cache });
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  const { client, card } = await register(host, request);
  return {
    client,
    again: (between) => openClient(testHost({ profile, cache, ...(between === undefined ? {} : { between }) })),
    device: (options = {}) =>
      logIn(testHost(options), { address: request.address, deviceName: 'Phone', with: { password, card: card.text } }),
  };
}

export const draft = (changes: Partial<Draft>): Draft => ({
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text: '',
  attachments: [],
  ...changes,
});

export interface MemoryAttachment extends DraftAttachment {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function attached(name: string, sizeBytes: number): MemoryAttachment {
  const bytes = new Uint8Array(randomBytes(sizeBytes));
  return { ...attachedBytes(name, bytes), bytes };
}

export function attachedBytes(name: string, bytes: Uint8Array<ArrayBuffer>): DraftAttachment {
  return {
    name,
    type: 'application/octet-stream',
    identity: `${name} as it was`,
    source: {
      sizeBytes: bytes.length,
      // In pieces, and in memory that is used again: as a file is read.
      async *stream() {
        const piece = new Uint8Array(100_000);
        for (let at = 0; at < bytes.length; at += piece.length) {
          const taken = bytes.subarray(at, at + piece.length);
          piece.set(taken);
          yield await Promise.resolve(piece.subarray(0, taken.length));
        }
      },
    },
  };
}

export interface MemorySink extends ByteSink {
  readonly bytes: Uint8Array;
  readonly state: 'open' | 'committed' | 'discarded';
}

export function memorySink(): MemorySink {
  const pieces: Uint8Array[] = [];
  let state: MemorySink['state'] = 'open';
  return {
    get bytes() {
      return new Uint8Array(Buffer.concat(pieces));
    },
    get state() {
      return state;
    },
    write: async (bytes) => void pieces.push(bytes.slice()),
    commit: async () => {
      assert.equal(state, 'open');
      state = 'committed';
    },
    discard: async () => {
      state = 'discarded';
    },
  };
}

/** What an account holds on the server: of what a send leaves behind nothing may be too much. */
export async function kept(
  { services }: Pick<TestServer, 'services'>,
  address: string,
): Promise<{ holds: number; uploads: number; usedBytes: number }> {
  const { db } = services.store;
  const account = await db
    .selectFrom('account')
    .select(['id', 'used_bytes'])
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  const holds = await db.selectFrom('hold').select('id').where('account', '=', account.id).execute();
  const uploads = await db.selectFrom('upload').select('id').where('account', '=', account.id).execute();
  return { holds: holds.length, uploads: uploads.length, usedBytes: account.used_bytes };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A wire of which some methods are others. */
export function changedWire(wire: Wire, changes: Partial<Wire>): Wire {
  return {
    origin: wire.origin,
    call: (...given) => wire.call(...given),
    put: (...given) => wire.put(...given),
    read: (...given) => wire.read(...given),
    events: (...given) => wire.events(...given),
    ...changes,
  };
}

/** The power goes: whoever catches everything else must not catch this. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface CutLine {
  between(this: void, wire: Wire): Wire;
  /** Paths of the calls so far. */
  readonly calls: readonly string[];
}

/** From call number `at` on nothing goes through, whatever kind of call it is; that one may have been heard. */
export function cutLine(at: number, cut: 'before' | 'after'): CutLine {
  const calls: string[] = [];
  async function through<T>(path: string, work: () => Promise<T>): Promise<T> {
    const number = calls.push(path) - 1;
    if (number > at || (number === at && cut === 'before')) throw new Killed(`before ${path}`);
    const answer = await work();
    if (number === at) throw new Killed(`after ${path}`);
    return answer;
  }
  return {
    calls,
    between: (wire) => ({
      origin: wire.origin,
      call: (route, request, options) => through(route.path, () => wire.call(route, request, options)),
      put: (...[route, request, body, options]) => through(route.path, () => wire.put(route, request, body, options)),
      read: (route, request, options) => through(route.path, () => wire.read(route, request, options)),
      events: (...given) => wire.events(...given),
    }),
  };
}
