/**
 * What this device has seen of a log and will not let a server take back (docs/spec/07-spaces.md, "What a device
 * remembers"). Bytes are 16 for ids and 32 for hashes.
 */
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Head } from './head.ts';
import type { TreePlace } from './log-tree.ts';

/** Another device's word, or this one's own. */
export interface KnownHead extends Head {
  /** Whether the tree was found to extend it. Until then it is looked for, shown by the server or not. */
  readonly checked: boolean;
}

export interface SpaceMark {
  /** The newest place that was checked against every head. */
  readonly tip: TreePlace;
  /** Older places, newest first: heads between them are checked by fetching a part of the log again. */
  readonly past: readonly TreePlace[];
  /** The newest of each device. */
  readonly heads: readonly KnownHead[];
  /** Of this device's newest head. */
  readonly counter: number;
  /** The cache holds changes of a history that was refused: it is to be fetched from the beginning. */
  readonly refetch: boolean;
}

export interface ArrivalMark {
  /** All arrivals up to here were removed when this device looked. */
  readonly base: TreePlace;
  readonly tip: TreePlace;
  /** What other devices noted. */
  readonly heads: readonly KnownHead[];
}

/**
 * Keeps one old place for each power of two of distance from the tip, the oldest of each: few places, and never more
 * than about twice the distance to fetch again.
 */
export function thinPlaces(tipSize: number, places: readonly TreePlace[]): readonly TreePlace[] {
  const byDistance = new Map<number, TreePlace>();
  for (const place of places) {
    if (place.size >= tipSize || place.size === 0) continue;
    const distance = Math.floor(Math.log2(tipSize - place.size));
    const kept = byDistance.get(distance);
    if (kept === undefined || place.size < kept.size) byDistance.set(distance, place);
  }
  return [...byDistance.values()].toSorted((one, other) => other.size - one.size);
}

/** After this device wrote a head. What other devices vouched for stays as it was. */
export function moveTip(mark: SpaceMark, { size, peaks }: TreePlace, own: Head): SpaceMark {
  const others = mark.heads.filter(({ device }) => !equalBytes(device, own.device));
  // Another process of this device may have been further.
  const tip = size > mark.tip.size ? { size, peaks } : mark.tip;
  return {
    ...mark,
    tip,
    past: thinPlaces(tip.size, [mark.tip, ...mark.past]),
    heads: [...others, { ...own, checked: true }],
    counter: Math.max(mark.counter, own.counter),
  };
}
