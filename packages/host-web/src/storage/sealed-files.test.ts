import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Database, StoreName, Transaction } from './database.ts';
import { browserProfile } from './browser-profile.ts';
import { sealedFiles } from './sealed-files.ts';

/** In memory, keys of stores as texts; in the tests of the app it is IndexedDB. */
function memoryDatabase(): Database & { readonly stores: Map<StoreName, Map<string, unknown>> } {
  const stores = new Map<StoreName, Map<string, unknown>>();
  const of = (store: StoreName): Map<string, unknown> => {
    const found = stores.get(store) ?? new Map<string, unknown>();
    stores.set(store, found);
    return found;
  };
  const tx: Transaction = {
    get: async (store, key) => of(store).get(JSON.stringify(key)),
    getAll: async (store) => [...of(store).values()],
    getAllKeys: async (store) => [...of(store).keys()],
    put: async (store, key, value) => of(store).set(JSON.stringify(key), value),
    remove: async (store, key) => of(store).delete(JSON.stringify(key)),
    clear: async (store) => of(store).clear(),
  };
  const run = <T>(_names: readonly StoreName[], work: (each: Transaction) => Promise<T>): Promise<T> => work(tx);
  return { stores, read: run, write: run, close: () => undefined };
}

let database: ReturnType<typeof memoryDatabase>;
beforeEach(() => {
  database = memoryDatabase();
});
const secret = new TextEncoder().encode('marker in a small file');

test('what is written is read again, lies sealed, and never twice under one nonce', async () => {
  const files = sealedFiles(database, 'slot');
  assert.equal(await files.read('device', 'app/a'), null);
  await files.write('device', 'app/a', secret);
  const first = database.stores.get('files')?.get('"app/a"') as { nonce: Uint8Array; sealed: ArrayBuffer };
  await files.write('device', 'app/a', secret);
  const second = database.stores.get('files')?.get('"app/a"') as { nonce: Uint8Array; sealed: ArrayBuffer };
  assert.notDeepEqual(first.nonce, second.nonce);
  assert.ok(!Buffer.from(second.sealed).includes('marker'));
  assert.deepEqual(await files.read('device', 'app/a'), secret);
  const key = database.stores.get('keys')?.get('"device"') as CryptoKey;
  assert.equal(key.extractable, false);
});

test('a file of another name, another key or another account opens nothing', async () => {
  const files = sealedFiles(database, 'slot');
  await files.write('device', 'app/a', secret);
  await files.write('unlocked', 'app/other', secret);
  const stored = database.stores.get('files');
  stored?.set('"app/b"', stored.get('"app/a"'));
  await assert.rejects(files.read('device', 'app/b'), { code: 'storage_damaged' });
  await assert.rejects(files.read('unlocked', 'app/a'), { code: 'storage_damaged' });
  await assert.rejects(sealedFiles(database, 'another').read('device', 'app/a'), { code: 'storage_damaged' });
  const damaged = stored?.get('"app/a"') as { readonly sealed: ArrayBuffer } | undefined;
  assert.ok(damaged !== undefined);
  new Uint8Array(damaged.sealed).reverse();
  await assert.rejects(files.read('device', 'app/a'), { code: 'storage_damaged' });
});

test('a lock takes the key before the file: cut between the two, nothing opens the root', async () => {
  const profile = browserProfile(database, 'slot');
  await profile.write('account', secret);
  await profile.write('unlocked', secret);
  const { write } = database;
  let writes = 0;
  database.write = (stores, work) =>
    ++writes > 1 ? Promise.reject(new Error('the browser was killed')) : write(stores, work);
  await assert.rejects(profile.remove('unlocked'));
  database.write = write;
  assert.ok(database.stores.get('files')?.has('"unlocked"') === true, 'the file is still there');
  assert.equal(await profile.read('unlocked'), null);
  assert.deepEqual(await profile.read('account'), secret);
});
