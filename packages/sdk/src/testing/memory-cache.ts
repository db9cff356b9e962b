import { hex } from '@scure/base';
import type { CachedLog, CachedRecord, RecordCache } from '../ports.ts';

interface CachedSpace {
  log: CachedLog | null;
  readonly records: Map<string, CachedRecord>;
}

/** A cache that forgets. Two hosts that share one are two processes of one device. */
export function memoryCache(): RecordCache {
  const spaces = new Map<string, CachedSpace>();
  function spaceOf(id: Uint8Array): CachedSpace {
    const name = hex.encode(id);
    const space = spaces.get(name) ?? { log: null, records: new Map<string, CachedRecord>() };
    spaces.set(name, space);
    return space;
  }
  return {
    log: (space) => Promise.resolve(spaceOf(space).log),
    apply(id, { records, log }) {
      const space = spaceOf(id);
      for (const record of records) {
        const name = hex.encode(record.record);
        const before = space.records.get(name);
        if (before === undefined || before.version <= record.version) space.records.set(name, copyOf(record));
      }
      if (space.log === null || space.log.size <= log.size) space.log = { ...log, peaks: log.peaks.slice() };
      return Promise.resolve();
    },
    read: (space, record) => Promise.resolve(spaceOf(space).records.get(hex.encode(record)) ?? null),
    async *all(space) {
      const snapshot = [...spaceOf(space).records].toSorted(([one], [other]) => (one < other ? -1 : 1));
      for (const [, record] of snapshot) yield await Promise.resolve(record);
    },
    forget(space) {
      spaces.delete(hex.encode(space));
      return Promise.resolve();
    },
    forgetAll() {
      spaces.clear();
      return Promise.resolve();
    },
  };
}

// The bytes are the caller's, who may use their memory again.
function copyOf(record: CachedRecord): CachedRecord {
  return { ...record, record: record.record.slice(), sealed: record.sealed.slice() };
}
