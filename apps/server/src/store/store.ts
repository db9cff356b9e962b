import { EventEmitter } from 'node:events';
import type { WriteName, WriteInput, WriteResult } from '../writes/index.ts';
import { dayOf } from '../times.ts';
import { migrate } from './migrate.ts';
import { Refused } from './refused.ts';
import { openSqlite, type Db } from './sqlite.ts';
import { startWriterThread, type Writer } from './writer.ts';

/** The rows: reads at once from this thread, writes through the writer. */
export interface Store {
  readonly db: Db;
  readonly clock: () => number;
  /** On disk when it returns. @throws Refused with the write's own code, or `storage_failed` */
  write<Name extends WriteName>(name: Name, input: WriteInput<Name>): Promise<WriteResult<Name>>;
  /** Calls back when the account (hex) has a new event. @returns a function that ends it */
  watch(account: string, wake: () => void): () => void;
  /** After deletions. Once a day also writes all rows in the order of their keys. */
  tidy(): void;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly file: string;
  readonly clock: () => number;
  /** Told of what never reaches a client: why a write failed. */
  readonly report: (problem: string) => void;
  /** The writer is gone; go down rather than go on. */
  readonly died: (reason: string) => void;
  /** Tests give one whose storage fails. */
  readonly writer?: Writer;
}

/** @throws StoreError where the data is newer than this program */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, clock, report } = options;
  await migrate(file);
  const reader = openSqlite({ file, mode: 'read' });
  const writer = options.writer ?? startWriterThread({ file, died: options.died });
  let rewrittenOnDay = -1;
  const wakes = new EventEmitter({ captureRejections: true }).setMaxListeners(0);
  return {
    db: reader.db,
    clock,
    async write(name, input) {
      const outcome = await writer.run(name, input, clock());
      if (outcome.kind === 'refused') throw new Refused(outcome.code);
      if (outcome.kind === 'failed') {
        report(`write ${name}: ${outcome.reason}`);
        throw new Refused(outcome.where === 'storage' ? 'storage_failed' : 'internal');
      }
      for (const account of outcome.woken) wakes.emit(account);
      return outcome.result as WriteResult<typeof name>;
    },
    watch(account, wake) {
      wakes.on(account, wake);
      return () => wakes.off(account, wake);
    },
    tidy() {
      const today = dayOf(clock());
      if (today !== rewrittenOnDay) writer.rewrite();
      rewrittenOnDay = today;
      writer.truncateLog();
    },
    async close() {
      // The writer last: whoever closes last folds the write-ahead log into the file.
      reader.close();
      await writer.stop();
    },
  };
}
