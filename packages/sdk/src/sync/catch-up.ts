/** Fetching what is new in a space and believing it only as a whole (docs/spec/07-spaces.md, "Catching up"). */
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { checkBehind } from './check-behind.ts';
import { fetchChanges, type FetchedChange } from './fetch-changes.ts';
import type { Head } from './head.ts';
import { fetchHeads, mergeHeads } from './fetch-heads.ts';
import { keptLog } from './kept-log.ts';
import { EMPTY_TREE, LogTree, rootOf } from './log-tree.ts';
import { type KnownHead, type SpaceMark, thinPlaces } from './marks.ts';
import { RootWatch, type SizedRoot } from './root-watch.ts';
import { altered, isAccusation, type SpaceContext } from './space-context.ts';
import { takeChanges } from './take-changes.ts';

const MAX_ATTEMPTS = 4;

export const NEW_MARK: SpaceMark = { tip: EMPTY_TREE, past: [], heads: [], counter: 0, refetch: false };

export interface CatchUpOptions {
  /** What devices noted elsewhere than in this space's heads. */
  readonly expected?: readonly Head[];
  /** The log is known to have come so far. */
  readonly atLeast?: number;
  /** Sees every change that comes. */
  readonly onChange?: (change: FetchedChange) => void;
}

export interface CatchUpOutcome {
  readonly size: number;
  readonly forgedHeads: number;
}

/** @throws SdkError `space_rolled_back`, `space_forked`, `space_altered`, `epoch_unknown`; what the wire throws */
export async function catchUpSpace(context: SpaceContext, options: CatchUpOptions = {}): Promise<CatchUpOutcome> {
  const moved: SizedRoot[] = [];
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const outcome = await catchUpOnce(context, options, moved);
    if (!('movedTo' in outcome)) return outcome;
    // Another process of this device was shown something meanwhile: it must be the same history.
    if (outcome.movedTo !== null) moved.push(outcome.movedTo);
  }
  throw new SdkError('space_busy', 'other processes of this device work on the same space');
}

async function catchUpOnce(
  context: SpaceContext,
  options: CatchUpOptions,
  moved: readonly SizedRoot[],
): Promise<CatchUpOutcome | { readonly movedTo: SizedRoot | null }> {
  const { host, engine, seen, space } = context;
  const start = (await seen.space(space)) ?? NEW_MARK;
  if (start.refetch) await host.cache.forget(space);
  const shown = await fetchHeads(context);
  const known: Known = {
    start,
    heads: mergeHeads(start.heads, [...shown.heads, ...(options.expected ?? [])]),
    moved,
    progress: { checkedTo: -1, keptTo: 0 },
  };

  let tree: LogTree;
  try {
    tree = await growTree(context, known, options);
  } catch (error) {
    // Another process of this device put newer records beside those that were read here: that is no fault of the server.
    if (((await host.cache.log(space))?.size ?? 0) > known.progress.keptTo) return { movedTo: null };
    await rememberFailure(context, known, error);
    throw error;
  }

  const now = (await seen.space(space)) ?? NEW_MARK;
  if (now.tip.size !== start.tip.size || !equalBytes(now.tip.peaks, start.tip.peaks)) {
    return { movedTo: { size: now.tip.size, root: await rootOf(engine, now.tip) } };
  }
  const isNews = tree.size !== start.tip.size || start.refetch || known.heads.some((head) => !head.checked);
  if (isNews) await seen.keepSpace(space, nextMark(context, known, tree));
  return { size: tree.size, forgedHeads: shown.forged };
}

interface Known {
  readonly start: SpaceMark;
  readonly heads: readonly KnownHead[];
  /** Places that other processes of this device came to meanwhile. */
  readonly moved: readonly SizedRoot[];
  /** Heads up to this size were compared. */
  readonly progress: {
    checkedTo: number;
    /** Size of the log as it lies in the cache, as far as this process knows. */
    keptTo: number;
  };
}

async function growTree(
  context: SpaceContext,
  { start, heads, moved, progress }: Known,
  { atLeast = 0, onChange }: CatchUpOptions,
): Promise<LogTree> {
  const { host, engine, space } = context;
  const kept = await keptLog(context);
  progress.keptTo = kept.size;
  const tree = new LogTree(engine, kept);
  let { awaited } = kept;
  const vouched: SizedRoot[] = [...moved, ...heads.filter((head) => !head.checked)];
  if (start.tip.size >= tree.size) vouched.push({ size: start.tip.size, root: await rootOf(engine, start.tip) });

  const behind = vouched.filter(({ size }) => size < tree.size);
  if (behind.length > 0) await checkBehind(context, placesUpTo(tree, start), behind);
  const watch = new RootWatch(vouched.filter(({ size }) => size >= tree.size));
  await watch.check(tree);
  progress.checkedTo = tree.size;

  for (let atEnd = false; !atEnd;) {
    const page = await fetchChanges(context, tree.size);
    if (page.size < watch.largestSize) {
      throw new SdkError('space_rolled_back', `a head speaks of ${watch.largestSize} changes, here are ${page.size}`);
    }
    if (page.size < atLeast) throw altered('changes that the server counted are withheld');
    const taken = await takeChanges(context, page.changes, { tree, watch, awaited });
    for (const change of page.changes) onChange?.(change);
    const isLast = tree.size === page.size;
    // A record that moved on while the server answered comes with a later line: then there is one.
    if (isLast && taken.awaited > 0 && page.changes.length === 0)
      throw altered('the newest bytes of a record are withheld');
    ({ awaited } = taken);
    if (page.changes.length > 0) {
      await host.cache.apply(space, { records: taken.records, log: { ...tree.place(), awaited } });
      progress.checkedTo = tree.size;
      progress.keptTo = tree.size;
    }
    atEnd = isLast && awaited === 0;
  }
  return tree;
}

function placesUpTo(tree: LogTree, { tip, past }: SpaceMark): Parameters<typeof checkBehind>[1] {
  return [...past, tip].filter(({ size }) => size > 0 && size < tree.size).concat(tree.place());
}

/** Heads stay wanted; what was kept on the way through a history that was refused is fetched anew. */
async function rememberFailure(
  context: SpaceContext,
  { start, heads, progress }: Known,
  error: unknown,
): Promise<void> {
  const { host, seen, space } = context;
  const kept = await host.cache.log(space);
  const isRefused = isAccusation(error);
  const refetch = start.refetch || (isRefused && (kept?.size ?? 0) > start.tip.size);
  const next = heads.map((head) =>
    !isRefused && head.size <= progress.checkedTo && !head.checked ? { ...head, checked: true } : head,
  );
  const isNews = refetch !== start.refetch || next.some((head) => !start.heads.includes(head));
  if (isNews) await seen.keepSpace(space, { ...start, heads: next, refetch });
}

function nextMark({ device }: SpaceContext, { start, heads }: Known, tree: LogTree): SpaceMark {
  const tip = tree.place();
  const own = heads.find((head) => equalBytes(head.device, device));
  return {
    tip,
    past: thinPlaces(tip.size, [start.tip, ...start.past]),
    heads: heads.map((head) => ({ ...head, checked: true })),
    counter: Math.max(start.counter, own?.counter ?? 0),
    refetch: false,
  };
}
