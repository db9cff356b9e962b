/**
 * Small secrets in IndexedDB, sealed under keys that the browser does not give out (docs/spec/16-web.md, "Storage").
 * Two keys: one for as long as the account is in this browser, one that leaves with the lock.
 */
import { HostWebError } from '../errors.ts';
import type { Database } from './database.ts';

export type KeyName = 'device' | 'unlocked';

interface SealedFile {
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

export interface SealedFiles {
  read(key: KeyName, file: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(key: KeyName, file: string, bytes: Uint8Array): Promise<void>;
  remove(file: string): Promise<void>;
  /** What was sealed under it opens no more. */
  removeKey(key: KeyName): Promise<void>;
  /** Names of all files whose names begin so. */
  names(beginning: string): Promise<readonly string[]>;
}

const NONCE_BYTES = 12;

/** @param slot stands in what is authenticated, so that a file of one account is none of another */
export function sealedFiles(database: Database, slot: string): SealedFiles {
  const keyOf = async (name: KeyName): Promise<CryptoKey | null> =>
    ((await database.read(['keys'], (tx) => tx.get('keys', name))) as CryptoKey | undefined) ?? null;

  /** Two tabs may both find none: the first one's stays. */
  const makeKey = async (name: KeyName): Promise<CryptoKey> => {
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    return database.write(['keys'], async (tx) => {
      const there = (await tx.get('keys', name)) as CryptoKey | undefined;
      if (there !== undefined) return there;
      await tx.put('keys', name, made);
      return made;
    });
  };

  const boundTo = (key: KeyName, file: string): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(`latchkey/v1/browser-file\0${slot}\0${key}\0${file}`);

  return {
    async read(name, file) {
      const stored = (await database.read(['files'], (tx) => tx.get('files', file))) as SealedFile | undefined;
      const key = stored === undefined ? null : await keyOf(name);
      if (stored === undefined || key === null) return null;
      try {
        const additionalData = boundTo(name, file);
        const opened = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: stored.nonce, additionalData },
          key,
          stored.sealed,
        );
        return new Uint8Array(opened);
      } catch (cause) {
        throw new HostWebError('storage_damaged', `the file "${file}" was not sealed by this browser`, { cause });
      }
    },
    async write(name, file, bytes) {
      const key = (await keyOf(name)) ?? (await makeKey(name));
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const parameters = { name: 'AES-GCM', iv: nonce, additionalData: boundTo(name, file) };
      const sealed = await crypto.subtle.encrypt(parameters, key, new Uint8Array(bytes));
      await database.write(['files'], (tx) => tx.put('files', file, { nonce, sealed } satisfies SealedFile));
    },
    async remove(file) {
      await database.write(['files'], (tx) => tx.remove('files', file));
    },
    async removeKey(name) {
      await database.write(['keys'], (tx) => tx.remove('keys', name));
    },
    names: (beginning) =>
      database.read(['files'], async (tx) => {
        const range = IDBKeyRange.bound(beginning, `${beginning}\uffff`);
        return (await tx.getAllKeys('files', range)).map(String);
      }),
  };
}
