/** Arrivals as a log that a server cannot rewrite (docs/spec/07-spaces.md, "Arrivals"). */
import type { Engine } from '@latchkey/crypto';
import { arrivalHash, limits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { mergeHeads } from './fetch-heads.ts';
import { EMPTY_TREE, LogTree, rootOf, type TreePlace } from './log-tree.ts';
import type { ArrivalMark } from './marks.ts';
import { ARRIVALS_SPACE, tipsOf } from './note-heads.ts';
import { RootWatch, type SizedRoot } from './root-watch.ts';
import { openSeen, type Seen } from './seen-file.ts';
import { altered, callSpace } from './space-context.ts';
import type { LogTip, NotedTip } from './types.ts';

const MAX_ASKED_AGAIN = 3;

type Answer = ResponseOf<(typeof ROUTES)['arrivalsList']>;
type ListedArrival = Answer['arrivals'][number];
export type HereArrival = Extract<ListedArrival, { state: 'here' }>;

export interface ArrivalLog {
  /**
   * Every arrival that is not removed yet, in order, each checked against what this device has seen. What was new is
   * remembered when the list was read to its end.
   *
   * @param expected what other devices noted
   * @throws SdkError `space_rolled_back`, `space_forked`, `space_altered`; what the wire throws
   */
  list(expected?: readonly NotedTip[]): AsyncIterable<HereArrival>;
  /** For `noteHeads`. */
  tip(): Promise<LogTip>;
}

export interface OpenArrivalLogOptions {
  readonly wire: Wire;
  /** The session's token. */
  readonly session: string;
}

const NEW_MARK: ArrivalMark = { base: EMPTY_TREE, tip: EMPTY_TREE, heads: [] };

export function openArrivalLog(
  host: Pick<ClientHost, 'engine' | 'profile'>,
  { wire, session }: OpenArrivalLogOptions,
): ArrivalLog {
  const seen = openSeen(host.profile);
  const context: ArrivalContext = { engine: host.engine, seen, wire, session };
  return {
    list: (expected = []) => listArrivals(context, tipsOf(expected, ARRIVALS_SPACE)),
    async tip() {
      const { tip } = (await seen.arrivals()) ?? NEW_MARK;
      return { space: ARRIVALS_SPACE, size: tip.size, root: await rootOf(host.engine, tip) };
    },
  };
}

interface ArrivalContext {
  readonly engine: Engine;
  readonly seen: Seen;
  readonly wire: Wire;
  readonly session: string;
}

async function* listArrivals(context: ArrivalContext, expected: readonly NotedTip[]): AsyncGenerator<HereArrival> {
  const { engine, seen } = context;
  const start = (await seen.arrivals()) ?? NEW_MARK;
  const heads = mergeHeads(
    start.heads,
    expected.map((tip) => ({ ...tip, counter: 0 })),
  );
  const vouched: readonly SizedRoot[] = [
    ...heads.filter(({ checked }) => !checked),
    { size: start.tip.size, root: await rootOf(engine, start.tip) },
  ];
  const base = vouched.some(({ size }) => size < start.base.size) ? EMPTY_TREE : start.base;
  const known = await knownHashes(context, { base, tip: start.tip }, [
    ...vouched,
    { size: start.base.size, root: await rootOf(engine, start.base) },
  ]);

  const watch = new RootWatch(vouched);
  const tree = new LogTree(engine, base);
  let removedTo: TreePlace | null = null;
  await watch.check(tree);
  for await (const page of pagesAfter(context, { after: base.size, least: watch.largestSize })) {
    for (const arrival of page) {
      const hash = hashOf(arrival);
      const before = known[arrival.number - base.size - 1];
      if (before !== undefined && !equalBytes(before, hash)) throw altered('an arrival is not what it was');
      if (arrival.state === 'here') removedTo ??= tree.place();
      await tree.append(hash);
      await watch.check(tree);
    }
    for (const arrival of page) if (arrival.state === 'here') yield arrival;
  }
  const tip = tree.place();
  await seen.keepArrivals({ base: removedTo ?? tip, tip, heads: heads.map((head) => ({ ...head, checked: true })) });
}

/**
 * What the arrivals between two places were when this device saw them: the tree vouches for the hashes that it grew
 * from, so a first pass compares the root and a second one may show what is there.
 */
async function knownHashes(
  context: ArrivalContext,
  { base, tip }: { readonly base: TreePlace; readonly tip: TreePlace },
  vouched: readonly SizedRoot[],
): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  if (tip.size === base.size) return hashes;
  const watch = new RootWatch(vouched);
  const tree = new LogTree(context.engine, base);
  await watch.check(tree);
  for await (const page of pagesAfter(context, { after: base.size, least: tip.size })) {
    for (const arrival of page) {
      if (tree.size === tip.size) return hashes;
      const hash = hashOf(arrival);
      hashes.push(hash);
      await tree.append(hash);
      await watch.check(tree);
    }
  }
  return hashes;
}

async function* pagesAfter(
  { wire, session }: Pick<ArrivalContext, 'wire' | 'session'>,
  { after, least }: { readonly after: number; readonly least: number },
): AsyncGenerator<readonly ListedArrival[]> {
  let [end, more, again] = [after, true, 0];
  while (more) {
    const request = { after: end, limit: limits.MAX_LISTED, onlyHere: false };
    const answer = await callSpace({ wire, session }, ROUTES.arrivalsList, request);
    if (answer.size < least) {
      throw new SdkError('space_rolled_back', `the server has ${answer.size} arrivals of ${least} that were there`);
    }
    for (const [index, { number }] of answer.arrivals.entries()) {
      if (number !== end + index + 1) throw altered('arrivals are missing or out of order');
    }
    // Every arrival has an item: one without was removed by another device while the server answered.
    const isBetween = answer.arrivals.some((arrival) => arrival.state === 'here' && arrival.items.length === 0);
    if (isBetween && again < MAX_ASKED_AGAIN) {
      again += 1;
      continue;
    }
    end += answer.arrivals.length;
    ({ more } = answer);
    if (more ? answer.arrivals.length === 0 : end < answer.size) throw altered('arrivals are withheld');
    again = 0;
    yield answer.arrivals;
  }
}

function hashOf(arrival: ListedArrival): Uint8Array {
  return arrival.state === 'here' ? arrivalHash(arrival) : arrival.hash;
}
