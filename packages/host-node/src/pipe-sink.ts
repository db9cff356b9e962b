import type { ByteSink } from '@latchkey/sdk/by-hand';
import { hostErrorOf } from './host-error-of.ts';

/** Standard output, a device or a named pipe: what was written is gone, and there is nothing to discard. */
export class PipeSink implements ByteSink {
  readonly #path: string;
  readonly #stream: NodeJS.WritableStream;
  #failure: unknown = null;

  constructor(path: string, stream: NodeJS.WritableStream) {
    this.#path = path;
    this.#stream = stream;
    // A reader that goes away is told to the next write; an event without a listener would end the process.
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => {
        const failure = error ?? this.#failure;
        if (failure === null) resolve();
        else reject(this.#hostError(failure));
      });
    });
  }

  commit(): Promise<void> {
    // Standard streams stay open; a file stream has to let go of what it opened.
    if (this.#stream === process.stdout) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#stream.once('error', (error: Error) => {
        reject(this.#hostError(error));
      });
      // `end` calls back with the error too, and before the event.
      this.#stream.end((error?: Error | null) => {
        const failure = this.#failure ?? error ?? null;
        if (failure === null) resolve();
        else reject(this.#hostError(failure));
      });
    });
  }

  discard(): Promise<void> {
    if (this.#stream !== process.stdout) this.#stream.end();
    return Promise.resolve();
  }

  #hostError(error: unknown): Error {
    return hostErrorOf(error, { action: 'write', path: this.#path }) as Error;
  }
}
