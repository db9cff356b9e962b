/**
 * Rule 7, "tail": every leaf of the key log is read and, where the log is short enough, the map root of every index leaf
 * replayed (docs/spec/14-proving-directory.md, "Tail"). So a leaf under the own address that the map hides is seen, and a
 * map that lied once and went back.
 */
import { Replay } from '@latchkey/key-directory';
import { SdkError } from '../../errors.ts';
import type { Clock, RecordCache, StopSignal } from '../../ports.ts';
import { KeyLogError } from '../key-log/key-log-error.ts';
import type { OwnLook } from '../key-log/own-look.ts';
import type { ProvingParts } from '../key-log/proving-parts.ts';
import { utf8 } from '@scure/base';
import { readLeaves, type TailedLeaf } from './read-leaves.ts';
import { replayHeads, type TailedHead } from './replay-heads.ts';
import { mayReplay, MOST_KEPT_LEAVES, type TailEffort } from './tail-effort.ts';
import { findingOf, keepFinding } from './tail-evidence.ts';
import { TailCopy, type TailPlace } from './tail-place.ts';
import { TailRefused } from './tail-refused.ts';

export interface TailParts extends Pick<ProvingParts, 'engine' | 'wire' | 'vault' | 'address'> {
  readonly clock: Clock;
  readonly cache: RecordCache;
}

export interface TailOptions {
  readonly effort: TailEffort;
  /** Raised, it ends soon; a later call goes on. */
  readonly signal?: StopSignal;
  readonly onLeaf?: (leaf: TailedLeaf) => void;
  readonly onHead?: (head: TailedHead) => void;
  /** How many leaves of the key log were read, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface TailReport {
  /** Whether the head was reached. */
  readonly isComplete: boolean;
  /** Leaves of the key log that this device has read, ever, and that there are. */
  readonly leaves: { readonly read: number; readonly of: number };
  /** Heads whose map root was replayed, by position; null where they were not. */
  readonly heads: { readonly first: number; readonly read: number; readonly of: number } | null;
  /** Positions under the own address. */
  readonly own: readonly number[];
}

/** Keeps between its calls what was replayed. */
export class KeyLogTail {
  readonly #parts: TailParts;
  /** Where the replay stands; one that was broken off stands nowhere. */
  #replayed = { replay: new Replay(), indexSize: -1 };

  constructor(parts: TailParts) {
    this.#parts = parts;
  }

  /** @throws KeyLogError, rule 7, where the log is not what it has signed; what the wire throws, but `stopped` */
  async readUpTo(look: OwnLook, options: TailOptions): Promise<TailReport> {
    const { engine, cache, clock } = this.#parts;
    const { copy, place: kept } = await TailCopy.open({ engine, cache }, look.directory.keys.origin);
    const progress: Progress = { place: kept };
    try {
      const place = await this.#read(look, { options, copy, progress });
      progress.place = { ...place, seconds: Math.floor(clock.nowMs() / 1_000) };
      await copy.keep(progress.place, { from: place.keys.size, leaves: [] });
      return report(look, progress.place, true);
    } catch (error) {
      if (error instanceof SdkError && error.code === 'stopped') return report(look, progress.place, false);
      if (!(error instanceof TailRefused)) throw error;
      throw await this.#refuse(look, error, copy);
    }
  }

  async #read(
    look: OwnLook,
    {
      options,
      copy,
      progress,
    }: { readonly options: TailOptions; readonly copy: TailCopy; readonly progress: Progress },
  ): Promise<TailPlace> {
    const { wire, clock } = this.#parts;
    const { head, positions } = look;
    const line = options.signal === undefined ? { wire } : { wire, signal: options.signal };
    const isKept = progress.place.isKept && head.keys.size <= MOST_KEPT_LEAVES;
    progress.place = await readLeaves(
      { ...line, log: 'keys' },
      {
        head: head.keys,
        ownIndex: look.index,
        copy,
        place: { ...progress.place, isKept },
        onLeaf: options.onLeaf,
        onPlace: (place) => {
          progress.place = place;
          options.onProgress?.(place.keys.size, head.keys.size);
        },
      },
    );
    // What the map shows was compared with the vault by the look itself.
    const hidden = progress.place.own.find((position) => !positions.includes(position));
    if (hidden !== undefined) throw new TailRefused('leaf_hidden', { cause: hidden });
    if (!isKept || !mayReplay(options.effort, head.keys.size)) return progress.place;
    if (progress.place.index?.size === head.index.size) return progress.place;
    const { place } = progress;
    if (place.index === null || place.index.size !== this.#replayed.indexSize) {
      this.#replayed = { replay: new Replay(), indexSize: 0 };
    }
    const { replay } = this.#replayed;
    const toReplay = { index: head.index, lastLeaf: utf8.decode(head.leaf), clock, copy, place, replay };
    this.#replayed.indexSize = -1;
    const read = await replayHeads({ ...line, log: 'index' }, { ...toReplay, onHead: options.onHead });
    this.#replayed.indexSize = head.index.size;
    return read;
  }

  /** What may have been a broken line is read again from the beginning the next time. */
  async #refuse(look: OwnLook, error: TailRefused, copy: TailCopy): Promise<KeyLogError> {
    const { vault, wire } = this.#parts;
    const finding = await findingOf(look, { error, copy, wire });
    const evidence =
      finding === null
        ? null
        : await keepFinding(vault, finding, {
            address: this.#parts.address,
            log: look.log,
            seenSeconds: Math.floor(this.#parts.clock.nowMs() / 1_000),
          });
    if (finding === null && error.reason !== 'keys_rolled_back') await copy.forget();
    return new KeyLogError({ rule: 7, reason: error.reason, evidence });
  }
}

interface Progress {
  place: TailPlace;
}

function report({ head }: OwnLook, { keys, own, index }: TailPlace, isComplete: boolean): TailReport {
  const heads = index === null ? null : { first: index.first, read: index.size, of: head.index.size };
  return { isComplete, leaves: { read: keys.size, of: head.keys.size }, heads, own };
}
