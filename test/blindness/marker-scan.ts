import { inflateSync, gunzipSync, constants } from 'node:zlib';
import { formsOf, type Form, type Marker } from './markers.ts';

export interface Find {
  readonly marker: string;
  readonly form: string;
  readonly place: string;
}

interface Window {
  readonly form: Form;
  readonly offset: number;
}

const windowBytes = 8;
/** Half a megabyte of bits: they stay in the processor's cache. */
const hashBits = 22;

/**
 * Looks for any number of markers in all their forms at once: every place is hashed by its next four bytes and looked up
 * in a bit map; the few that remain are compared.
 */
export class MarkerScan {
  /** By the first four bytes of the window. */
  readonly #windows = new Map<number, Window[]>();
  readonly #bits = new Uint8Array(2 ** (hashBits - 3));

  constructor(markers: readonly Marker[]) {
    for (const marker of markers) for (const form of formsOf(marker)) this.#add(form);
  }

  /** Also in whatever can be inflated there. */
  *find(bytes: Buffer, place: string): Generator<Find> {
    yield* this.#findIn(bytes, place);
    for (const { at, inflated } of inflatedPieces(bytes)) {
      yield* this.#findIn(inflated, `${place}, inflated from byte ${at}`);
    }
  }

  /** Every run of `enoughBytes` has one of these windows whole. */
  #add(form: Form): void {
    const step = Math.max(1, form.enoughBytes - windowBytes + 1);
    for (let offset = 0; offset + windowBytes <= form.bytes.length; offset += step) {
      const window = form.bytes.subarray(offset, offset + windowBytes);
      if (!isTelling(window)) continue;
      const first = Buffer.from(window).readInt32BE(0);
      const same = this.#windows.get(first);
      if (same === undefined) this.#windows.set(first, [{ form, offset }]);
      else same.push({ form, offset });
      const hash = hashOf(first);
      this.#bits[hash >>> 3] = (this.#bits[hash >>> 3] ?? 0) | (1 << (hash & 7));
    }
  }

  *#findIn(bytes: Buffer, place: string): Generator<Find> {
    const last = bytes.length - windowBytes;
    for (let at = nextPlace(bytes, this.#bits, 0); at <= last; at = nextPlace(bytes, this.#bits, at + 1)) {
      for (const { form, offset } of this.#windows.get(bytes.readInt32BE(at)) ?? []) {
        if (!isFind(bytes, at, { form, offset })) continue;
        yield { marker: form.marker.name, form: form.form, place: `${place} at ${at}` };
      }
    }
  }
}

/** The next place whose four bytes may begin a window; behind the end where there is none. */
function nextPlace(bytes: Uint8Array, bits: Uint8Array, from: number): number {
  const end = bytes.length - 3;
  if (from >= end) return bytes.length;
  let four = ((bytes[from] as number) << 16) | ((bytes[from + 1] as number) << 8) | (bytes[from + 2] as number);
  for (let at = from; at < end; at++) {
    four = (four << 8) | (bytes[at + 3] as number);
    const hash = Math.imul(four, 0x9e37_79b1) >>> (32 - hashBits);
    if (((bits[hash >>> 3] as number) & (1 << (hash & 7))) !== 0) return at;
  }
  return bytes.length;
}

/** Zeros and the like stand everywhere, and say nothing. */
function isTelling(bytes: Uint8Array): boolean {
  return new Set(bytes).size >= 4 && new Set(bytes.subarray(0, 4)).size >= 3;
}

function hashOf(four: number): number {
  return Math.imul(four, 0x9e37_79b1) >>> (32 - hashBits);
}

function isFind(bytes: Buffer, at: number, { form, offset }: Window): boolean {
  let [from, to] = [offset, offset];
  while (to < form.bytes.length && bytes[at - offset + to] === form.bytes[to]) to++;
  if (to - offset < windowBytes) return false;
  while (from > 0 && bytes[at - offset + from - 1] === form.bytes[from - 1]) from--;
  return to - from >= form.enoughBytes;
}

interface Inflated {
  readonly at: number;
  readonly inflated: Buffer;
}

const heads: readonly (readonly [head: Buffer, inflate: typeof inflateSync])[] = [
  [Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync],
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => [Buffer.from([0x78, level]), inflateSync] as const),
];
const compressedBytes = 262_144;
const inflatedBytes = 4_194_304;

/** Everything that begins like gzip or zlib and gives something. (Raw deflate has no beginning that could be seen.) */
function* inflatedPieces(bytes: Buffer): Generator<Inflated> {
  for (const [head, inflate] of heads) {
    for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1)) {
      try {
        const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: inflatedBytes };
        const inflated = inflate(bytes.subarray(at, at + compressedBytes), options);
        if (inflated.length >= windowBytes) yield { at, inflated };
      } catch {
        // Only looked like it.
      }
    }
  }
}
