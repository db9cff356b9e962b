import { decodeEntryBundle, formatTilePath, MAX_NOTE_BYTES, TlogError } from '@latchkey/tlog';
import { WitnessError } from '../errors.ts';
import { BUNDLE_WIDTH } from './entry-file.ts';
import { fetchBytes } from './fetch-bytes.ts';

/** A tiled log as it is served (c2sp.org/tlog-tiles). Nothing that comes from here is believed. */
export class LogSource {
  readonly #url: string;
  readonly #maxEntryBytes: number;

  constructor(url: string, maxEntryBytes: number) {
    this.#url = url;
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** The signed note. @throws WitnessError `log_unreachable`, `log_answer_malformed` */
  async checkpoint(): Promise<Uint8Array> {
    const bytes = await fetchBytes(`${this.#url}/checkpoint`, MAX_NOTE_BYTES);
    if (bytes === null) throw new WitnessError('log_unreachable', `${this.#url} has no checkpoint`);
    return bytes;
  }

  /** The first `width` entries of a bundle. @throws WitnessError `log_unreachable`, `log_answer_malformed` */
  async bundle(index: number, width: number): Promise<readonly Uint8Array[]> {
    const maxBytes = BUNDLE_WIDTH * (2 + this.#maxEntryBytes);
    const path = `${this.#url}/${formatTilePath({ level: 'entries', index, width })}`;
    // A log may drop a partial bundle as soon as it has the full one.
    const whole = `${this.#url}/${formatTilePath({ level: 'entries', index, width: BUNDLE_WIDTH })}`;
    const bytes = (await fetchBytes(path, maxBytes)) ?? (await fetchBytes(whole, maxBytes));
    if (bytes === null) throw new WitnessError('log_unreachable', `${path} is not there`);
    try {
      const entries = decodeEntryBundle(bytes, { maxEntryBytes: this.#maxEntryBytes });
      if (entries.length >= width) return entries.slice(0, width);
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
    }
    throw new WitnessError('log_answer_malformed', `${path} is not a bundle of ${width} entries`);
  }
}
