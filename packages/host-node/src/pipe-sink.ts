import type { ByteSink } from '@latchkey/sdk/by-hand';
import { hostErrorOf } from './host-error-of.ts';
import type { NamedPipe } from './named-pipe.ts';

/** Standard output, a device or a named pipe: what was written is gone, and there is nothing to discard. */
export class PipeSink implements ByteSink {
  readonly #path: string;
  readonly #opened: Promise<NodeJS.WritableStream>;
  readonly #cancel: () => void;
  #failure: unknown = null;

  constructor(path: string, to: NodeJS.WritableStream | NamedPipe) {
    this.#path = path;
    this.#opened = 'opened' in to ? to.opened : Promise.resolve(to);
    this.#cancel = 'opened' in to ? to.cancel : () => undefined;
    // A reader that goes away is told to the next write; an event without a listener would end the process.
    const listen = (stream: NodeJS.WritableStream): void => {
      stream.on('error', (error) => {
        this.#failure ??= error;
      });
    };
    if ('opened' in to) void to.opened.then(listen, () => undefined);
    else listen(to);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const stream = await this.#stream();
    await new Promise<void>((resolve, reject) => {
      stream.write(bytes, (error) => {
        const failure = error ?? this.#failure;
        if (failure === null) resolve();
        else reject(this.#hostError(failure));
      });
    });
  }

  async commit(): Promise<void> {
    const stream = await this.#stream();
    // Standard streams stay open; a file stream has to let go of what it opened.
    if (stream === process.stdout) return;
    await new Promise<void>((resolve, reject) => {
      stream.once('error', (error: Error) => {
        reject(this.#hostError(error));
      });
      // `end` calls back with the error too, and before the event.
      stream.end((error?: Error | null) => {
        const failure = this.#failure ?? error ?? null;
        if (failure === null) resolve();
        else reject(this.#hostError(failure));
      });
    });
  }

  discard(): Promise<void> {
    // Nobody may be waited for any more. Who reads already sees an end.
    this.#cancel();
    const end = (stream: NodeJS.WritableStream): void => {
      if (stream !== process.stdout) stream.end();
    };
    return this.#opened.then(end, () => undefined);
  }

  async #stream(): Promise<NodeJS.WritableStream> {
    try {
      return await this.#opened;
    } catch (error) {
      throw this.#hostError(error);
    }
  }

  #hostError(error: unknown): Error {
    return hostErrorOf(error, { action: 'write', path: this.#path }) as Error;
  }
}
