import { hex } from '@scure/base';
import type { CachedLog, CachedRecord, RecordCache } from '../ports.ts';

interface CachedSpace {
  log: CachedLog | null;
  readonly records: Map<string, CachedRecord>;
}

/** A cache that forgets. */
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
      for (const record of records) space.records.set(hex.encode(record.record), { ...record });
      space.log = { size: log.size, peaks: log.peaks.slice() };
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
  };
}
