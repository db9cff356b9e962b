/** Which messages on their way were begun in this browser, and what drafts they were. Sealed. */
import type { SealedFiles } from '@latchkey/host-web';

export interface OutgoingNote {
  readonly draft: string | null;
}

const BEGINNING = 'app/outgoing/';

export class OutgoingNotes {
  readonly #files: SealedFiles;

  constructor(files: SealedFiles) {
    this.#files = files;
  }

  async keep(id: string, note: OutgoingNote): Promise<void> {
    await this.#files.write('device', `${BEGINNING}${id}`, new TextEncoder().encode(JSON.stringify(note)));
  }

  async ids(): Promise<readonly string[]> {
    return (await this.#files.names(BEGINNING)).map((name) => name.slice(BEGINNING.length));
  }

  /** Drafts that are out of sight because they are on their way. */
  async drafts(): Promise<ReadonlySet<string>> {
    const notes = await Promise.all((await this.ids()).map((id) => this.#read(id)));
    return new Set(notes.flatMap((note) => note?.draft ?? []));
  }

  /** What was sent is no draft any more; what was taken back is one again. */
  async end(id: string, { isSent }: { readonly isSent: boolean }): Promise<void> {
    const note = await this.#read(id);
    if (isSent && note !== null && note.draft !== null) await this.#files.remove(`app/draft/${note.draft}`);
    await this.#files.remove(`${BEGINNING}${id}`);
  }

  async #read(id: string): Promise<OutgoingNote | null> {
    const bytes = await this.#files.read('device', `${BEGINNING}${id}`);
    // Sealed by this browser under a key of its own: what opens is what was written.
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as OutgoingNote);
  }
}
