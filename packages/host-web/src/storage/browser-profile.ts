import type { Profile, ProfileFile } from '@latchkey/sdk/ports';
import type { Database } from './database.ts';
import { sealedFiles, type KeyName } from './sealed-files.ts';

/**
 * `account`, `pending`, `seen` and `hours` stay while the account is locked; alone they open nothing without the password (the
 * kit of a new account excepted, until its owner says that it is saved, or locks). The root goes with its key.
 */
const KEY_OF: Readonly<Record<ProfileFile, KeyName>> = {
  account: 'device',
  pending: 'device',
  seen: 'device',
  hours: 'device',
  unlocked: 'unlocked',
};

/** The small files of one account in this browser. Tabs write one at a time, by a lock of the browser. */
export function browserProfile(database: Database, slot: string): Profile {
  const files = sealedFiles(database, slot);
  return {
    read: (file) => files.read(KEY_OF[file], file),
    write: (file, bytes) => files.write(KEY_OF[file], file, bytes),
    async remove(file) {
      // The key first: whoever is cut after it has a file that nothing opens.
      if (file === 'unlocked') await files.removeKey('unlocked');
      await files.remove(file);
    },
    exclusively: async <T>(work: () => Promise<T>): Promise<T> => navigator.locks.request(`latchkey/${slot}`, work),
  };
}
