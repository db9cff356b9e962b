/**
 * How far this device has read a key log, in the cache beside the sealed records: all of it is public, and can be thrown
 * away and read again.
 */
import { TILE_WIDTH } from '@latchkey/tlog';
import { hex, utf8 } from '@scure/base';
import * as v from 'valibot';
import { bytesField, decodeStored, encodeStored, secondsField } from '../../account/stored-json.ts';
import type { Engine } from '@latchkey/crypto';
import type { CachedRecord, Clock, RecordCache } from '../../ports.ts';

/** An RFC 6962 tree by its size and the roots of its complete subtrees. */
export interface TreePlace {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export interface TailPlace {
  /** Of the key log. Whether it is the log's is known where a head's root is reached. */
  readonly keys: TreePlace;
  /** Whether the leaves are kept too. */
  readonly isKept: boolean;
  /** Positions of the leaves under the own index. */
  readonly own: readonly number[];
  /** Of the index log, whose roots were compared from `first` on. Null before a first replay. */
  readonly index: (TreePlace & { readonly first: number }) | null;
  /** When a head was reached for the last time; 0 before the first. */
  readonly seconds: number;
}

/** More than that is a flood that nobody needs to list. */
export const MOST_OWN_LEAVES = 1_024;
const MOST_PEAKS = 53;
const LEAF_BYTES = 66;

const peaks = v.pipe(v.array(bytesField(32)), v.maxLength(MOST_PEAKS));
const schema: v.GenericSchema<unknown, TailPlace> = v.strictObject({
  keys: v.strictObject({ size: secondsField, peaks }),
  isKept: v.boolean(),
  own: v.pipe(v.array(secondsField), v.maxLength(MOST_OWN_LEAVES)),
  index: v.nullable(v.strictObject({ size: secondsField, peaks, first: secondsField })),
  seconds: secondsField,
});

export const BEGINNING: TailPlace = {
  keys: { size: 0, peaks: [] },
  isKept: true,
  own: [],
  index: null,
  seconds: 0,
};

const STATE_ID = new Uint8Array(16).fill(0xff);

export class TailCopy {
  readonly #cache: RecordCache;
  readonly #space: Uint8Array;
  #version: number;

  private constructor(cache: RecordCache, space: Uint8Array, version: number) {
    this.#cache = cache;
    this.#space = space;
    this.#version = version;
  }

  /** @param keysOrigin names the log with all its keys: of another one nothing is known here */
  static async open(
    { engine, cache }: { readonly engine: Pick<Engine, 'sha256'>; readonly cache: RecordCache },
    keysOrigin: string,
  ): Promise<{ readonly copy: TailCopy; readonly place: TailPlace }> {
    const space = (await engine.sha256(utf8.decode(`latchkey/v1/tail\0${keysOrigin}`))).slice(0, 16);
    const kept = await cache.read(space, STATE_ID);
    const place = kept === null ? null : decodeStored(schema, kept.sealed);
    return { copy: new TailCopy(cache, space, kept?.version ?? 0), place: place ?? BEGINNING };
  }

  /** Notes that all was well at this time. */
  static async touch(
    host: { readonly engine: Pick<Engine, 'sha256'>; readonly cache: RecordCache; readonly clock: Clock },
    keysOrigin: string,
  ): Promise<void> {
    const { copy, place } = await TailCopy.open(host, keysOrigin);
    const seconds = Math.floor(host.clock.nowMs() / 1_000);
    await copy.keep({ ...place, seconds }, { from: place.keys.size, leaves: [] });
  }

  /** Together or not at all. @param leaves those that follow the ones kept before; none where they are not kept */
  async keep(
    place: TailPlace,
    { from, leaves }: { readonly from: number; readonly leaves: readonly Uint8Array[] },
  ): Promise<void> {
    this.#version += 1;
    const records: CachedRecord[] = await this.#bundles(from, leaves);
    records.push({ record: STATE_ID, version: this.#version, epoch: 0, sealed: encodeStored(place) });
    const log = { size: place.keys.size, peaks: new Uint8Array(0), awaited: 0 };
    await this.#cache.apply(this.#space, { records, log });
  }

  async #bundles(from: number, leaves: readonly Uint8Array[]): Promise<CachedRecord[]> {
    const records: CachedRecord[] = [];
    for (let at = from; at < from + leaves.length;) {
      const index = Math.floor(at / TILE_WIDTH);
      const end = Math.min((index + 1) * TILE_WIDTH, from + leaves.length);
      const before = at % TILE_WIDTH === 0 ? null : await this.#cache.read(this.#space, bundleId(index));
      const head = (before?.sealed ?? new Uint8Array(0)).subarray(0, (at % TILE_WIDTH) * LEAF_BYTES);
      const sealed = joined([head, ...leaves.slice(at - from, end - from)]);
      records.push({ record: bundleId(index), version: sealed.length, epoch: 0, sealed });
      at = end;
    }
    return records;
  }

  /** Those that are here, from the first, without a gap; one that is not 66 bytes ends it. */
  async *leaves(from = 0): AsyncGenerator<Uint8Array> {
    for (let index = Math.floor(from / TILE_WIDTH); ; index += 1) {
      const bundle = await this.#cache.read(this.#space, bundleId(index));
      if (bundle === null) return;
      const width = Math.floor(bundle.sealed.length / LEAF_BYTES);
      for (let at = index * TILE_WIDTH < from ? from % TILE_WIDTH : 0; at < width; at += 1) {
        yield bundle.sealed.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES);
      }
      if (width < TILE_WIDTH) return;
    }
  }

  async forget(): Promise<void> {
    this.#version = 0;
    await this.#cache.forget(this.#space);
  }
}

function bundleId(index: number): Uint8Array {
  return hex.decode(index.toString(16).padStart(32, '0'));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
