/** The tables of the key log, which is public. */
import type { TableEntry } from './table-entry.ts';

const nothing = 'nothing by itself';

export const LOG_TABLES: Readonly<Record<string, TableEntry>> = {
  key_leaf: {
    why: 'the key log: that everybody is shown the same keys. It is public',
    kept: 'always',
    columns: {
      position: { is: 'place in the log', reveals: 'order of registrations and changes of keys' },
      leaf: {
        is: 'kind of change, key of the address in the index, and a commitment',
        reveals: 'to whoever knows or guesses the address and is told its proof: how often keys changed, and when',
      },
    },
  },
  index_leaf: {
    why: 'the log of the index’s heads. It is public',
    kept: 'always',
    columns: {
      position: { is: 'place in the log', reveals: nothing },
      leaf: { is: 'root of the index and the key log’s checkpoint', reveals: 'when the key log grew' },
    },
  },
  log_tile: {
    why: 'the hashes of both logs, as everybody can read them',
    kept: 'always',
    columns: {
      log: { is: 'keys or index', reveals: nothing },
      level: { is: 'level of the tile', reveals: nothing },
      tile: { is: 'number of the tile', reveals: nothing },
      hashes: { is: 'up to 256 hashes', reveals: nothing },
    },
  },
  log_head: {
    why: 'so that no second head of one size is ever signed',
    kept: 'until a larger one replaces it',
    columns: {
      log: { is: 'keys or index', reveals: nothing },
      state: { is: 'signed or published', reveals: 'whether witnesses are late' },
      size: { is: 'size of the log', reveals: 'how many changes of keys there were' },
      root: { is: 'root hash', reveals: nothing },
      note: { is: 'the signed checkpoint', reveals: 'when it was signed, and by which witnesses' },
    },
  },
  log_hour: {
    why: 'so that two people can compare whether they are shown the same log',
    kept: 'always',
    columns: {
      hour: { is: 'hour', reveals: nothing },
      note: { is: 'the index log’s first head of that hour', reveals: 'how many changes of keys there were by then' },
    },
  },
};
