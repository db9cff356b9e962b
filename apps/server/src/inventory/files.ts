import type { ColumnEntry } from './table-entry.ts';

const nothing = 'nothing by itself';

/** What lies in the data folder besides the tables. */
export const FILE_INVENTORY: Readonly<Record<string, ColumnEntry>> = {
  'latchkey.db': {
    is: 'the tables above; rows lie in the order of their keys, and removed content is overwritten',
    reveals:
      'what the tables reveal; and by the pages on which larger contents lie, in which order those of the day were ' +
      'written: once a day all rows are written anew, but not while the file is above 256 MiB',
  },
  'latchkey.db-wal': {
    is: 'the newest changes, shortened after each hourly sweep and at the end',
    reveals: 'order of the newest changes, to the hour: which rows were written together',
  },
  'latchkey.db-shm': {
    is: 'an index of the write-ahead log while the server runs',
    reveals: 'nothing more than the log',
  },
  'latchkey.db.before-N': {
    is: 'a copy made before the schema was changed to N; remove it when the new version runs well',
    reveals: 'what the tables revealed then, also of what was removed since',
  },
  'blobs/': {
    is: 'ciphertext larger than 64 KiB, a file for each, under random names',
    reveals: 'times set to the hour where the file system lets us; its inode number and change time show the order',
  },
  'secrets/opaque-setup': {
    is: 'key of the login protocol',
    reveals: 'with it a thief can pretend to be this server for logins; no password, no owner’s key',
  },
  'secrets/seal-key': { is: 'key for passes and running logins', reveals: 'with it a thief can make passes' },
  'secrets/handover-key': {
    is: 'key that signs what is handed over',
    reveals: 'with it a thief can sign folders as if this server had handed them over',
  },
  'secrets/log-key': {
    is: 'keys that sign the heads of the key log',
    reveals: 'with it a thief can sign another log; without the witnesses no client takes it',
  },
  'secrets/vrf-key': {
    is: 'key that hides addresses in the key log',
    reveals:
      'with it a thief can look up any address that he can guess in the public log: whether it is here, and when its keys changed',
  },
  'lock-journal': { is: 'what holds the lock while the server runs', reveals: nothing },
  lock: { is: 'an empty database that keeps a second server away', reveals: nothing },
};
