/** Writing edits to a space, together, once (docs/spec/07-spaces.md, "Writing"). */
import { ROUTES } from '@latchkey/protocol/wire';
import { RefusedError, SdkError } from '../errors.ts';
import { hourOfMs } from '../hours.ts';
import type { CachedLog, CachedRecord } from '../ports.ts';
import { type CatchUpOutcome, catchUpSpace, NEW_MARK } from './catch-up.ts';
import { changeLeaf } from './change-leaf.ts';
import { DoubtfulBatches } from './doubtful-batches.ts';
import type { FetchedChange } from './fetch-changes.ts';
import { encodeHead, type Head } from './head.ts';
import { keptLog } from './kept-log.ts';
import { LogTree } from './log-tree.ts';
import { moveTip } from './marks.ts';
import { nextWrites } from './next-writes.ts';
import { altered, callSpace, type SpaceContext } from './space-context.ts';
import type { RecordEdit, SealAgain } from './types.ts';

const MAX_CONFLICTS = 32;
const MAX_CUTS = 4;

/** How far a call of `write` came; a repetition of the call goes on from there. */
export interface WriteProgress {
  readonly edits: readonly (RecordEdit | SealAgain)[];
  done: number;
  readonly doubtful: DoubtfulBatches;
}

export function beginWrite({ engine }: SpaceContext, edits: readonly (RecordEdit | SealAgain)[]): WriteProgress {
  return { edits, done: 0, doubtful: new DoubtfulBatches(engine) };
}

interface Batch {
  readonly edits: number;
  readonly writes: readonly CachedRecord[];
  readonly head: Head;
  readonly sealedHead: Uint8Array;
  /** The log with the batch in it. */
  readonly log: CachedLog;
}

/** All edits of a batch or none; more than 256 records or 8 MiB are several batches, in order. */
export async function writeRecords(
  context: SpaceContext,
  progress: WriteProgress,
  onChange: (change: FetchedChange) => void,
): Promise<void> {
  const catchUp = async (atLeast: number): Promise<CatchUpOutcome> => {
    const outcome = await catchUpSpace(context, {
      atLeast,
      onChange: (change) => {
        if (!progress.doubtful.see(change)) onChange(change);
      },
    });
    progress.done += progress.doubtful.takeLanded() ?? 0;
    return outcome;
  };
  if (progress.doubtful.size > 0 || (await isDisputed(context))) await catchUp(0);
  while (progress.done < progress.edits.length) await writeBatch(context, progress, catchUp);
}

/** Nothing is written upon a history that a head speaks against. */
async function isDisputed({ seen, space }: SpaceContext): Promise<boolean> {
  const mark = (await seen.space(space)) ?? NEW_MARK;
  return mark.refetch || mark.heads.some((head) => !head.checked);
}

async function writeBatch(
  context: SpaceContext,
  progress: WriteProgress,
  catchUp: (atLeast: number) => Promise<CatchUpOutcome>,
): Promise<void> {
  const { done, doubtful } = progress;
  let [conflicts, cuts] = [0, 0];
  let batch: Batch | null = null;
  // `done` moves when a batch is found in the log that was taken for lost.
  while (progress.done === done) {
    batch ??= await nextBatch(context, progress.edits.slice(done));
    const sent = batch.writes.length === 0 ? null : await sendBatch(context, batch);
    if (sent === null || sent.answer === 'written') {
      if (sent !== null) await keepWritten(context, batch, sent.size);
      progress.done += batch.edits;
      return;
    }
    if (sent.answer === 'cut') {
      await doubtful.add(batch);
      cuts += 1;
      if (cuts >= MAX_CUTS) throw sent.error;
    } else {
      conflicts += 1;
      if (conflicts >= MAX_CONFLICTS) throw new SdkError('space_busy', 'the same records change again and again');
    }
    const { size } = await catchUp(sent.answer === 'conflict' ? sent.size : 0);
    if (size !== batch.head.size - batch.writes.length) batch = null;
    else if (sent.answer === 'conflict') throw altered('the server speaks of a conflict that the log does not show');
    // Else nothing has changed: the very same bytes go again, and one of the two calls will be too late.
  }
}

type Sent =
  | { readonly answer: 'written' | 'conflict'; readonly size: number }
  | { readonly answer: 'cut'; readonly error: unknown };

async function sendBatch(context: SpaceContext, { writes, head, sealedHead }: Batch): Promise<Sent> {
  const { space, device } = context;
  try {
    return await callSpace(context, ROUTES.spacesWrite, {
      space,
      writes: [...writes],
      head: { device, size: head.size, head: sealedHead },
    });
  } catch (error) {
    if (isDoubt(error)) return { answer: 'cut', error };
    throw error;
  }
}

function isDoubt(error: unknown): boolean {
  if (error instanceof RefusedError) return error.wire === 'storage_failed' || error.wire === 'internal';
  return error instanceof SdkError && (error.code === 'server_unreachable' || error.code === 'answer_malformed');
}

async function nextBatch(context: SpaceContext, edits: readonly (RecordEdit | SealAgain)[]): Promise<Batch> {
  const { engine, keys } = context;
  const kept = await keptLog(context);
  const { writes, edits: count } = await nextWrites(context, edits);
  const tree = new LogTree(engine, kept);
  for (const { record, version, epoch, sealed } of writes) {
    await tree.append(await changeLeaf(engine, { record, version, epoch, hash: await engine.sha256(sealed) }));
  }
  const head = await nextHead(context, tree);
  return {
    edits: count,
    writes,
    head,
    sealedHead: await encodeHead(keys, head),
    log: { ...tree.place(), awaited: kept.awaited },
  };
}

export async function nextHead({ host, seen, space, device }: SpaceContext, tree: LogTree): Promise<Head> {
  const { counter } = (await seen.space(space)) ?? NEW_MARK;
  const hour = hourOfMs(host.clock.nowMs());
  return { device, size: tree.size, root: await tree.root(), counter: counter + 1, hour };
}

/** The batch stands in the log where its head says, right after what this device knew: nothing is to be fetched. */
async function keepWritten(context: SpaceContext, { writes, head, log }: Batch, size: number): Promise<void> {
  const { host, seen, space } = context;
  if (size !== head.size) throw altered('a batch was written elsewhere than its head says');
  const mark = (await seen.space(space)) ?? NEW_MARK;
  await seen.keepSpace(space, moveTip(mark, log, head));
  await host.cache.apply(space, { records: writes, log });
}
