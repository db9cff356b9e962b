import { HostWebError } from '../errors.ts';

/** Store names of one account's database; what each holds stands in the README. */
export const STORES = ['keys', 'files', 'logs', 'records'] as const;
export type StoreName = (typeof STORES)[number];

/** One IndexedDB database with stores that take their keys from outside. */
export interface Database {
  /** All of `work` in one transaction: it must ask for nothing but requests of these stores. */
  read<T>(stores: readonly StoreName[], work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The same, settled when what was written is on disk. */
  write<T>(stores: readonly StoreName[], work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): void;
}

export interface Transaction {
  get(store: StoreName, key: IDBValidKey): Promise<unknown>;
  getAll(store: StoreName, range: IDBKeyRange): Promise<readonly unknown[]>;
  getAllKeys(store: StoreName, range: IDBKeyRange): Promise<readonly IDBValidKey[]>;
  put(store: StoreName, key: IDBValidKey, value: unknown): Promise<unknown>;
  remove(store: StoreName, key: IDBValidKey | IDBKeyRange): Promise<unknown>;
  clear(store: StoreName): Promise<unknown>;
}

/** @throws HostWebError `storage_refused`, `storage_busy` */
export async function openDatabase(name: string): Promise<Database> {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener('upgradeneeded', () => {
    for (const store of STORES) opening.result.createObjectStore(store);
  });
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.addEventListener('success', () => resolve(opening.result));
    opening.addEventListener('error', () => reject(storageError(opening.error)));
    opening.addEventListener('blocked', () =>
      reject(new HostWebError('storage_busy', 'another tab holds the storage')),
    );
  });
  // Another tab takes the account away: that must not wait for this one.
  database.addEventListener('versionchange', () => database.close());
  const run = async <T>(
    mode: IDBTransactionMode,
    stores: readonly StoreName[],
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> => {
    let tx: IDBTransaction;
    try {
      tx = database.transaction(stores, mode, { durability: 'strict' });
    } catch (error) {
      throw storageError(error);
    }
    const ended = new Promise<void>((resolve, reject) => {
      tx.addEventListener('complete', () => resolve());
      tx.addEventListener('abort', () => reject(storageError(tx.error)));
    });
    ended.catch(() => undefined);
    try {
      const result = await work(transactionOf(tx));
      await ended;
      return result;
    } catch (error) {
      abort(tx);
      throw storageError(error);
    }
  };
  return {
    read: (stores, work) => run('readonly', stores, work),
    write: (stores, work) => run('readwrite', stores, work),
    close: () => database.close(),
  };
}

export async function removeDatabase(name: string): Promise<void> {
  const removing = indexedDB.deleteDatabase(name);
  await new Promise<void>((resolve, reject) => {
    removing.addEventListener('success', () => resolve());
    removing.addEventListener('error', () => reject(storageError(removing.error)));
  });
}

/** A request as a promise. */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(storageError(request.error)));
  });
}

function transactionOf(tx: IDBTransaction): Transaction {
  return {
    get: (store, key) => answered<unknown>(tx.objectStore(store).get(key)),
    getAll: (store, range) => answered<unknown[]>(tx.objectStore(store).getAll(range)),
    getAllKeys: (store, range) => answered<IDBValidKey[]>(tx.objectStore(store).getAllKeys(range)),
    put: (store, key, value) => answered(tx.objectStore(store).put(value, key)),
    remove: (store, key) => answered(tx.objectStore(store).delete(key)),
    clear: (store) => answered(tx.objectStore(store).clear()),
  };
}

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
}

export function storageError(cause: unknown): Error {
  if (!(cause instanceof DOMException)) return cause instanceof Error ? cause : refused(cause);
  if (cause.name === 'QuotaExceededError') return new HostWebError('storage_full', 'no room is left', { cause });
  return refused(cause);
}

function refused(cause: unknown): HostWebError {
  return new HostWebError('storage_refused', 'this browser keeps nothing for this page', { cause });
}
