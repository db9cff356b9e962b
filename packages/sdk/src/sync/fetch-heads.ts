/** Heads of a space as the server shows them, and as this device knows them (docs/spec/07-spaces.md, "Heads"). */
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { equalBytes } from '../signing/equal-bytes.ts';
import { decodeHead, isOfLostEpoch, type Head } from './head.ts';
import type { KnownHead } from './marks.ts';
import { callSpace, type SpaceContext } from './space-context.ts';

export interface FetchedHeads {
  readonly heads: readonly Head[];
  /** Heads that no device of this account made. Only a server makes such. */
  readonly forged: number;
}

export async function fetchHeads(context: SpaceContext): Promise<FetchedHeads> {
  const answer = await callSpace(context, ROUTES.spacesHeads, { space: context.space });
  const heads: Head[] = [];
  let forged = 0;
  for (const shown of answer.heads) {
    const head = await decodeHead(context.keys, shown.head);
    if (head !== null && head.size === shown.size && equalBytes(head.device, shown.device)) heads.push(head);
    else if (!isOfLostEpoch(context.keys, shown.head)) forged += 1;
  }
  return { heads, forged };
}

/**
 * The newest head of each device. One that is older than the known one says nothing new: the device itself went on
 * from there.
 */
export function mergeHeads(known: readonly KnownHead[], shown: readonly Head[]): readonly KnownHead[] {
  const merged = [...known];
  for (const head of shown) {
    const at = merged.findIndex(({ device }) => equalBytes(device, head.device));
    const before = merged[at];
    if (before === undefined) merged.push({ ...head, checked: false });
    else if (isNews(before, head)) merged[at] = { ...head, checked: false };
  }
  // The server keeps no more; of more, those that speak of the most are the ones to hold on to.
  return merged.toSorted((one, other) => other.size - one.size).slice(0, limits.MAX_DEVICES);
}

// By size, not by counter: a log only grows, and what a device notes in the vault has no counter.
function isNews(known: KnownHead, shown: Head): boolean {
  return shown.size > known.size || (shown.size === known.size && !equalBytes(shown.root, known.root));
}
