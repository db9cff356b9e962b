import { evaluatePolicy, parseNote } from '@latchkey/tlog';
import type { Logger } from 'pino';
import { readRestored } from '../backup/restored.ts';
import { Refused } from '../store/refused.ts';
import type { LogName } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { hourOf } from '../times.ts';
import { verifySignature, type Cosigners } from './cosigner.ts';
import { gatherCosignatures } from './gather-cosignatures.ts';
import type { LogWorker } from './log-worker.ts';
import { readHeads, type StoredHead } from './read-heads.ts';

export interface SequencerOptions {
  readonly store: Store;
  readonly worker: LogWorker;
  readonly cosigners: Cosigners;
  /** At most one head of the key log in this time. */
  readonly everyMs: number;
  readonly log: Logger;
  readonly died: (reason: string) => void;
}

/** `late`: too few witnesses answered. `closed`: this data is older than what a witness has signed. */
type Step = 'again' | 'idle' | 'late' | 'closed';

const lookEveryMs = 1_000;
const looksAtRest = 5;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const hourMs = 3_600_000;

/**
 * Brings what was accepted into both logs, one head at a time: sign, write, have cosigned, publish. Whatever is killed
 * when, the next start goes on from what is written. docs/spec/13-key-log.md, "Order of writes".
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #knownSizes: Readonly<Record<LogName, Map<string, number>>> = { keys: new Map(), index: new Map() };
  #isAwake = false;
  #rest: { readonly end: () => void; readonly wakes: boolean } | null = null;
  readonly #stopping = new AbortController();
  #isClosed = false;
  #pauseMs = firstPauseMs;
  #grownMs = Number.NEGATIVE_INFINITY;
  #lastHour = -1;
  /** Whether what is served has the lines of all who are asked since this start. */
  #isRenewed = false;
  /** The note under which the thread proves. */
  #served: string | null = null;
  readonly #running: Promise<void>;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Something was accepted. */
  wake(): void {
    this.#isAwake = true;
    if (this.#rest?.wakes === true) this.#rest.end();
  }

  /** Nothing new is signed any more: a witness has seen more than this data holds. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#rest?.end();
    await this.#running;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    // Let the constructor's caller have the object first.
    await Promise.resolve();
    while (!this.#isStopping) {
      this.#isAwake = false;
      const step = await this.#tryStep();
      if (step === 'closed') return;
      if (step === 'late') {
        await this.#pause(this.#pauseMs, false);
        this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
      } else {
        this.#pauseMs = firstPauseMs;
        if (step === 'idle') await this.#untilSomethingIsDue();
      }
    }
  }

  async #untilSomethingIsDue(): Promise<void> {
    await this.#pause(this.#untilNextMs(), false);
    // Whoever has accepted something says so; that it was written although it failed nobody says.
    for (let looks = 0; looks < looksAtRest; looks++) {
      const isNewHour = hourOf(this.#options.store.clock()) !== this.#lastHour;
      if (this.#isAwake || this.#isStopping || isNewHour) return;
      await this.#pause(lookEveryMs, true);
    }
  }

  async #tryStep(): Promise<Step> {
    try {
      return await this.#step();
    } catch (error) {
      if (error instanceof Refused && error.code === 'storage_failed') return 'late';
      if (this.#isStopping) return 'idle';
      // Fatal beats wrong: whatever could fork a log stops the process.
      this.#options.died(`the key log: ${error instanceof Error ? error.message : 'not an Error'}`);
      return 'closed';
    }
  }

  async #step(): Promise<Step> {
    const { store, worker } = this.#options;
    const { keys, index } = await readHeads(store.db);
    if (index.published !== null && index.published.note !== this.#served) {
      // Not with the write itself: that may fail and be written all the same.
      await worker.ask('adopt', undefined);
      this.#served = index.published.note;
    }
    if (isUnpublished(index)) return this.#publish('index', index.signed);
    const dueHour = index.published === null ? null : await this.#dueHour();
    // Before the log grows: whatever is killed when, an hour has one tree only (docs/spec/13-key-log.md, "Heartbeat and hours").
    if (index.published !== null && dueHour !== null) return this.#publish('index', index.published, dueHour);
    if (isUnpublished(keys)) return this.#publish('keys', keys.signed);
    if (!this.#isRenewed && keys.published !== null && !(await this.#isEnough(keys.published))) {
      return this.#publish('keys', keys.published);
    }
    const nextIndex = await worker.ask('growIndex', { nowMs: store.clock(), renew: !this.#isRenewed });
    if (nextIndex !== null) {
      await store.write('growLog', nextIndex);
      return 'again';
    }
    this.#isRenewed = true;
    if (this.#untilNextMs() <= 0) {
      const nextKeys = await worker.ask('growKeys', { nowMs: store.clock() });
      if (nextKeys !== null) {
        this.#grownMs = performance.now();
        await store.write('growLog', nextKeys);
        return 'again';
      }
    }
    return 'idle';
  }

  /**
   * With the time of now, in the log's own line and in those of the witnesses. As the head of an hour, the log's line
   * says the first second of it, and nothing else ever does.
   */
  async #publish(log: LogName, { size, root }: StoredHead, hour: number | null = null): Promise<Step> {
    const { store, worker, cosigners } = this.#options;
    const signedMs = hour === null ? besideFullHour(store.clock()) : hour * hourMs;
    const own = await worker.ask('signAgain', { log, nowMs: signedMs });
    if (own?.size !== size) throw new Error(`the signed head of the ${log} log has changed`);
    const { note, aheadSize } = await gatherCosignatures({
      cosigners: cosigners.all.filter(({ isAuditor }) => log === 'index' || !isAuditor),
      policy: cosigners.policies[log],
      head: {
        size,
        note: own.note,
        signal: this.#stopping.signal,
        consistency: (oldSize) => worker.ask('consistency', { log, oldSize, newSize: size }),
      },
      knownSizes: this.#knownSizes[log],
      report: (problem) => this.#options.log.warn({ cosigner: problem }),
    });
    if (aheadSize !== null) return this.#close(log, size, aheadSize);
    if (note === null) return 'late';
    await store.write('publishHead', { log, size, root, note, hour });
    if (hour !== null) this.#lastHour = hour;
    return 'again';
  }

  /** A witness that was named since has not signed what was published before: without it nobody who asks for it believes it. */
  async #isEnough({ note }: StoredHead): Promise<boolean> {
    const policy = this.#options.cosigners.policies.keys;
    const parsed = parseNote(Buffer.from(note, 'utf8'));
    return (await evaluatePolicy(policy, { note: parsed, verifySignature, logKeys: 'all' })).satisfied;
  }

  #close(log: LogName, size: number, aheadSize: number): Step {
    this.#isClosed = true;
    this.#options.log.fatal({
      problem: `the ${log} log is closed: a witness has signed ${aheadSize} entries, this data has ${size} or others`,
    });
    return 'closed';
  }

  /** The hour of now, where it has no head yet. */
  async #dueHour(): Promise<number | null> {
    const hour = hourOf(this.#options.store.clock());
    if (hour === this.#lastHour) return null;
    const row = await this.#options.store.db
      .selectFrom('log_hour')
      .select('hour')
      .where('hour', '=', hour)
      .executeTakeFirst();
    // What was published in the hour of a restore, and before it, is not all here: that hour's head may have been too.
    const restored = row === undefined ? await readRestored(this.#options.store.db) : null;
    if (row === undefined && hour > (restored?.restoredHour ?? -1)) return hour;
    this.#lastHour = hour;
    return null;
  }

  #untilNextMs(): number {
    return this.#grownMs + this.#options.everyMs - performance.now();
  }

  async #pause(ms: number, wakes: boolean): Promise<void> {
    if (this.#isStopping || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#rest = {
        wakes,
        end() {
          clearTimeout(timer);
          resolve();
        },
      };
    });
    this.#rest = null;
  }
}

/** The first second of an hour is for the head of that hour. */
function besideFullHour(nowMs: number): number {
  return Math.floor(nowMs / 1_000) % 3_600 === 0 ? nowMs + 1_000 : nowMs;
}

function isUnpublished(heads: { readonly signed: StoredHead | null; readonly published: StoredHead | null }): heads is {
  readonly signed: StoredHead;
  readonly published: StoredHead | null;
} {
  return heads.signed !== null && (heads.published?.size ?? 0) < heads.signed.size;
}
