import {
  decodeEntryBundle,
  formatTilePath,
  MAX_NOTE_BYTES,
  parseNote,
  TILE_WIDTH,
  TlogError,
  witnessCheckpointPath,
  type Note,
} from '@latchkey/tlog';

const timeoutMs = 10_000;
/** An index leaf holds a checkpoint with its cosignatures. */
const maxEntryBytes = 65_535;

/** What a witness or an auditor shows of one log. Nothing that comes from here is believed. */
export class WitnessSource {
  readonly #url: string;
  readonly #origin: string;

  constructor(url: string, origin: string) {
    this.#url = url;
    this.#origin = origin;
  }

  /** Its newest head. @returns null where it knows none; 'away' where it does not say */
  async newestHead(): Promise<Note | null | 'away'> {
    const bytes = await fetched(`${this.#url}/${witnessCheckpointPath(this.#origin)}`, MAX_NOTE_BYTES);
    if (bytes === null || bytes === 'away') return bytes;
    return orAway(() => parseNote(bytes));
  }

  /** All entries from `from` up to `size`. @returns null where it does not have them */
  async entries(from: number, size: number): Promise<readonly Uint8Array[] | null> {
    const entries: Uint8Array[] = [];
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
      const bundle = await this.#bundle(index, Math.min(TILE_WIDTH, size - index * TILE_WIDTH));
      if (bundle === null) return null;
      entries.push(...bundle.slice(Math.max(0, from - index * TILE_WIDTH)));
    }
    return entries;
  }

  async #bundle(index: number, width: number): Promise<readonly Uint8Array[] | null> {
    const folder = witnessCheckpointPath(this.#origin).replace(/\/checkpoint$/, '');
    // A bundle that has become full may be gone in its narrower forms.
    for (const shown of new Set([width, TILE_WIDTH])) {
      const path = formatTilePath({ level: 'entries', index, width: shown });
      const bytes = await fetched(`${this.#url}/${folder}/${path}`, TILE_WIDTH * (2 + maxEntryBytes));
      if (bytes === null || bytes === 'away') continue;
      const entries = orAway(() => decodeEntryBundle(bytes, { maxEntryBytes }));
      if (entries !== 'away' && entries.length >= width) return entries.slice(0, width);
    }
    return null;
  }
}

function orAway<T>(decode: () => T): T | 'away' {
  try {
    return decode();
  } catch (error) {
    if (error instanceof TlogError) return 'away';
    throw error;
  }
}

/** @returns null for 404; 'away' for whatever else is no answer */
async function fetched(url: string, maxBytes: number): Promise<Uint8Array | null | 'away'> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status === 404) return null;
    if (response.status !== 200) return 'away';
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) return 'away';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return 'away';
  }
}
