/**
 * After a server has gone back (docs/spec/17-backup.md, "What devices do"): what this device has is put aside, the
 * server's history is taken as it is now, and what is newer here can be offered back. Killed anywhere, the next call goes
 * on: nothing that was put aside goes before `forgetAside`.
 */
import { hex } from '@scure/base';
import { SdkError } from '../errors.ts';
import type { CachedLog, CachedRecord } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { catchUpSpace, NEW_MARK } from './catch-up.ts';
import { changeLeaf } from './change-leaf.ts';
import { fetchChanges, type FetchedChange } from './fetch-changes.ts';
import { fetchHeads } from './fetch-heads.ts';
import { EMPTY_TREE, LogTree, rootOf } from './log-tree.ts';
import type { SpaceMark } from './marks.ts';
import { parseRecordBody } from './record-body.ts';
import { altered, isAccusation, type SpaceContext } from './space-context.ts';
import { openCached } from './take-changes.ts';
import type { AsideRecord, Setback } from './types.ts';

const KEPT_AT_ONCE = 256;
/** In the log of what is put aside: all of it is there. */
const IS_WHOLE = 1;

/** Null where the server's history goes on from what this device has seen. */
export async function findSetback(context: SpaceContext): Promise<Setback | null> {
  const { seen, space } = context;
  const aside = await asideLog(context);
  const mark = (await seen.space(space)) ?? NEW_MARK;
  if (aside === null) {
    try {
      await requireTip(context, mark);
      await catchUpSpace(context);
      return null;
    } catch (error) {
      if (!isAccusation(error)) throw error;
    }
  }
  const { size: shown } = await fetchChanges(context, 0, 1);
  const { heads } = await fetchHeads(context);
  const hours = heads.filter(({ size }) => size <= shown).map(({ hour }) => hour);
  return { seen: (aside ?? mark.tip).size, shown, shownHour: hours.length === 0 ? null : Math.max(...hours) };
}

/** @returns the numbers of the newest changes of the server's records */
export async function beginAgain(
  context: SpaceContext,
  onChange: (change: FetchedChange) => void,
): Promise<ReadonlyMap<string, number>> {
  const { host, seen, space } = context;
  if ((await asideLog(context)) === null) await putAside(context);
  const { counter } = (await seen.space(space)) ?? NEW_MARK;
  await host.cache.forget(space);
  await seen.keepSpace(space, { ...NEW_MARK, counter });
  const numbers = new Map<string, number>();
  await catchUpSpace(context, {
    onChange(change) {
      numbers.set(hex.encode(change.record), change.number);
      onChange(change);
    },
  });
  return numbers;
}

/**
 * The newest part of the log again, without keeping any of it: a history that has grown past this device's place would
 * otherwise be taken for its continuation for as long as no head speaks against it.
 */
async function requireTip(context: SpaceContext, { tip, past }: SpaceMark): Promise<void> {
  const [from = EMPTY_TREE] = past;
  const tree = new LogTree(context.engine, from.size < tip.size ? from : EMPTY_TREE);
  while (tree.size < tip.size) {
    const { changes } = await fetchChanges(context, tree.size, Math.min(KEPT_AT_ONCE, tip.size - tree.size));
    if (changes.length === 0) throw altered('changes that were there are not given again');
    for (const change of changes) await tree.append(await changeLeaf(context.engine, change));
  }
  if (!equalBytes(await tree.root(), await rootOf(context.engine, tip))) {
    throw new SdkError('space_forked', `the server shows another history of the first ${tip.size} changes`);
  }
}

/** Null where nothing is put aside, or not all of it yet. */
async function asideLog({ host, space }: SpaceContext): Promise<CachedLog | null> {
  const log = await host.cache.log(asideOf(space));
  return log?.awaited === IS_WHOLE ? log : null;
}

async function putAside({ host, seen, space }: SpaceContext): Promise<void> {
  const aside = asideOf(space);
  const log = { ...EMPTY_TREE, awaited: 0 };
  await host.cache.forget(aside);
  let records: CachedRecord[] = [];
  for await (const record of host.cache.all(space)) {
    records.push(record);
    if (records.length < KEPT_AT_ONCE) continue;
    await host.cache.apply(aside, { records, log });
    records = [];
  }
  const { tip } = (await seen.space(space)) ?? NEW_MARK;
  await host.cache.apply(aside, { records, log: { ...tip, awaited: IS_WHOLE } });
}

/** What was put aside, each with the version that the server has of it now. */
export async function* asideRecords(context: SpaceContext): AsyncGenerator<AsideRecord> {
  const { host, space } = context;
  for await (const cached of host.cache.all(asideOf(space))) {
    // Only its line in the log had come.
    if (cached.sealed.length === 0) continue;
    const shown = await host.cache.read(space, cached.record);
    const bytes = await openCached(context, cached);
    const body = parseRecordBody(bytes);
    bytes.fill(0);
    yield { id: cached.record, version: cached.version, shownVersion: shown?.version ?? 0, body };
  }
}

export async function forgetAside({ host, space }: SpaceContext): Promise<void> {
  await host.cache.forget(asideOf(space));
}

/** A name in this device's own cache alone. */
function asideOf(space: Uint8Array): Uint8Array {
  return space.map((byte) => byte ^ 0xff);
}
