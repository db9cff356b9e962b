/** The calls of the route table that the client does not make yet, with what such a call would carry. */
import { createHash, randomBytes } from 'node:crypto';
import { BODY_HASH_HEADER, encodeBytes, ROUTES, type RouteName } from '../../packages/protocol/src/wire/index.ts';
import type { Client } from '../../packages/sdk/src/client/index.ts';

const id = (): Uint8Array => new Uint8Array(randomBytes(16));
const sealed = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));

/** @returns the routes that it called */
export async function callTheRest(client: Client, called: ReadonlySet<RouteName>): Promise<readonly RouteName[]> {
  const { wire, session } = client;
  const rights = { rights: { session } };
  const upload = id();
  const calls: Partial<Record<RouteName, () => Promise<unknown>>> = {
    health: () => wire.call(ROUTES.health, {}),
    openApi: () => wire.call(ROUTES.openApi, {}),
    latchesPut: () => {
      const latch = { id: id(), kind: 'passkey', generation: 0, wrapped: sealed(81), rescue: null } as const;
      return wire.call(ROUTES.latchesPut, { latch, act: 'not signed' }, rights).catch(() => null);
    },
    latchesRemove: () => wire.call(ROUTES.latchesRemove, { id: id(), act: 'not signed' }, rights).catch(() => null),
    directoryUpdate: () => wire.call(ROUTES.directoryUpdate, { statement: 'not signed' }, rights).catch(() => null),
    directoryGiveBack: () => {
      const lost = { statement: 'not signed', opening: sealed(16) };
      return wire.call(ROUTES.directoryGiveBack, lost, rights).catch(() => null);
    },
    kitReset: async () => {
      const { state } = await wire.call(ROUTES.kitStart, { address: client.address });
      const recovery = { ed25519: sealed(32), mldsa44: sealed(1_312) };
      await wire.call(ROUTES.kitReset, { state, act: 'not signed', recovery, statement: null }).catch(() => null);
    },
    spacesRetire: () => {
      return wire.call(ROUTES.spacesRetire, { space: client.vault.id, act: 'not signed' }, rights).catch(() => null);
    },
    uploadsCreate: () => wire.call(ROUTES.uploadsCreate, { upload, sizeBytes: 9 }, rights),
    uploadsList: () => wire.call(ROUTES.uploadsList, { upload, after: null }, rights).catch(() => null),
    uploadsAbort: () => wire.call(ROUTES.uploadsAbort, { upload }, rights).catch(() => null),
    holdsList: () => wire.call(ROUTES.holdsList, { after: null, limit: 9 }, rights),
    arrivalsRemove: () => wire.call(ROUTES.arrivalsRemove, { numbers: [1] }, rights),
    spacesHeadPut: () => {
      const head = { device: client.device, size: 0, head: sealed(100) };
      return wire.call(ROUTES.spacesHeadPut, { space: client.vault.id, head }, rights);
    },
    spacesRead: () => wire.call(ROUTES.spacesRead, { space: client.vault.id, records: [id()] }, rights),
    directoryResolve: () => {
      const wanted = [{ address: client.address, fromVersion: 0 }];
      return wire.call(ROUTES.directoryResolve, { wanted }, rights);
    },
    ktResolve: () => {
      const wanted = [{ address: client.address, fromVersion: 0 }];
      return wire.call(ROUTES.ktResolve, { wanted, known: null }, rights).catch(() => null);
    },
    ktPolicy: () => wire.call(ROUTES.ktPolicy, {}),
    ktLookup: () => fetch(`${wire.origin}/kt/lookup/${'0'.repeat(64)}`),
    ktCheckpoint: () => fetch(`${wire.origin}/kt/keys/checkpoint`),
    ktTile: () => fetch(`${wire.origin}/kt/keys/tile/entries/000.p/1`),
    ktHours: () => fetch(`${wire.origin}/kt/index/hours/2026-11-23`),
    reportsAdd: () => wire.call(ROUTES.reportsAdd, { report: id(), sealed: sealed(900) }, rights).catch(() => null),
    eventsList: () => wire.call(ROUTES.eventsList, { after: null, limit: 9 }, rights),
  };
  const names = (Object.keys(calls) as RouteName[]).filter((name) => !called.has(name));
  for (const name of names) await calls[name]?.();
  return names;
}

/** By hand: one request whose body has these bytes where a client would have ciphertext. */
export async function putBytes(client: Client, body: Uint8Array): Promise<void> {
  await fetch(`${client.wire.origin}/v1/holds/${encodeBytes(id())}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${client.session}`,
      [BODY_HASH_HEADER]: createHash('sha256').update(body).digest('base64url'),
    },
    body: new Uint8Array(body),
  });
}
