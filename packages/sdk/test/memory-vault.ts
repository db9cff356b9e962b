/** A vault's records in memory, with what another device writes in between: for tests of what is kept in them. */
import { createHash } from 'node:crypto';
import type { OpenedRecord, RecordBody, RecordEdit, Space } from '../src/sync/types.ts';

export interface MemoryVault extends Space {
  readonly bodies: ReadonlyMap<string, RecordBody>;
  /** Runs before the next write, once. */
  beforeWrite(run: () => Promise<void> | void): void;
}

export function memoryVault(): MemoryVault {
  const bodies = new Map<string, RecordBody>();
  const keyOf = (id: Uint8Array): string => Buffer.from(id).toString('hex');
  let before: (() => Promise<void> | void) | null = null;
  const unused = (): never => {
    throw new Error('not of this vault');
  };
  return {
    id: new Uint8Array(16),
    bodies,
    beforeWrite: (run) => (before = run),
    async read(id): Promise<OpenedRecord | null> {
      const body = bodies.get(keyOf(id));
      return body === undefined ? null : { id, version: 1, body };
    },
    async write(edits) {
      const run = before;
      before = null;
      await run?.();
      for (const { id, change } of edits as readonly RecordEdit[]) {
        const next = change(bodies.get(keyOf(id)) ?? null);
        if (next === 'keep') continue;
        if (next === null) bodies.delete(keyOf(id));
        else bodies.set(keyOf(id), structuredClone(next));
      }
    },
    catchUp: async () => ({ changed: [], size: 0, forgedHeads: 0 }),
    nameRecord: async (label, bytes) =>
      new Uint8Array(createHash('sha256').update(label).update('\0').update(bytes).digest().subarray(0, 16)),
    entries: unused,
    sealNew: unused,
    staleRecords: unused,
    noteFiled: unused,
    tip: unused,
    newestState: unused,
    setback: unused,
    beginAgain: unused,
    aside: unused,
    forgetAside: unused,
    watchChanges: unused,
  };
}
