/** One page of changes: checked line by line, then kept (docs/spec/07-spaces.md, "Catching up"). */
import { CryptoError, openRecord } from '@latchkey/crypto';
import { hex } from '@scure/base';
import { SdkError } from '../errors.ts';
import type { CachedRecord } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { changeLeaf } from './change-leaf.ts';
import type { FetchedChange } from './fetch-changes.ts';
import type { LogTree } from './log-tree.ts';
import type { RootWatch } from './root-watch.ts';
import { altered, type SpaceContext } from './space-context.ts';

const NO_BYTES = new Uint8Array(0);

export interface TakenChanges {
  readonly records: readonly CachedRecord[];
  /** Records here without bytes, as of the end of the page. */
  readonly awaited: number;
}

export interface GrowingLog {
  readonly tree: LogTree;
  readonly watch: RootWatch;
  readonly awaited: number;
}

/** @throws SdkError `space_altered`, `space_forked`, `epoch_unknown` */
export async function takeChanges(
  context: SpaceContext,
  changes: readonly FetchedChange[],
  log: GrowingLog,
): Promise<TakenChanges> {
  const records = new Map<string, CachedRecord>();
  let { awaited } = log;
  for (const change of changes) {
    const { record, version, epoch, hash, sealed } = change;
    const name = hex.encode(record);
    const before = records.get(name) ?? (await context.host.cache.read(context.space, record));
    if (version !== (before?.version ?? 0) + 1) throw altered('versions of a record do not follow one another');
    if (sealed !== null) await requireOpens(context, change, sealed);
    if (before?.sealed.length === 0) awaited -= 1;
    if (sealed === null) awaited += 1;
    records.set(name, { record, version, epoch, sealed: sealed ?? NO_BYTES });
    await log.tree.append(await changeLeaf(context.engine, { record, version, epoch, hash }));
    await log.watch.check(log.tree);
  }
  return { records: [...records.values()], awaited };
}

async function requireOpens(context: SpaceContext, change: FetchedChange, sealed: Uint8Array): Promise<void> {
  const { record, version, epoch, hash } = change;
  const { engine, keys, space } = context;
  if (!equalBytes(await engine.sha256(sealed), hash)) throw altered('a record is not what the log says');
  const epochSecret = keys.secretOf(epoch);
  const place = { space, epoch, record, version: BigInt(version), membershipNote: null };
  try {
    (await openRecord({ engine, epochSecret }, place, sealed)).fill(0);
  } catch (error) {
    if (error instanceof CryptoError) throw altered('a record does not open', error);
    throw error;
  }
}

/**
 * What stands in a kept record.
 *
 * @throws SdkError `epoch_unknown`, `space_altered` where its bytes have not come, `profile_damaged` where the cache
 * gives other bytes than it was given: it is then emptied, and filled again by catching up
 */
export async function openCached(context: SpaceContext, cached: CachedRecord): Promise<Uint8Array> {
  const { host, engine, keys, space } = context;
  const { record, version, epoch, sealed } = cached;
  if (sealed.length === 0) throw altered('the bytes of a record were not given');
  const place = { space, epoch, record, version: BigInt(version), membershipNote: null };
  const epochSecret = keys.secretOf(epoch);
  try {
    return await openRecord({ engine, epochSecret }, place, sealed);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    await host.cache.forget(space);
    throw new SdkError('profile_damaged', 'a kept record does not open', { cause: error });
  }
}
