import type { StopSignal } from '../by-hand/ports.ts';
import { SdkError } from '../errors.ts';
import type { HttpAnswer, HttpBodyReader, HttpRequest, Network } from './network.ts';

export interface HttpCallOptions {
  readonly signal: StopSignal | undefined;
  readonly silentMs: number;
  /** So many bytes must come in each stretch of `silentMs`. */
  readonly leastBytes: number;
}

export interface RequestParts extends Pick<HttpRequest<unknown>, 'method' | 'headers' | 'body'> {
  /** Time besides `silentMs` for what goes up. */
  readonly extraMs: number;
}

/** A stop signal that says by itself when it is raised, as an AbortSignal does. Others are looked at. */
interface SpeakingSignal extends StopSignal {
  addEventListener(kind: 'abort', listener: () => void): void;
  removeEventListener(kind: 'abort', listener: () => void): void;
}

const lookEveryMs = 200;

/**
 * One request and its answer, given up where the signal is raised or the server keeps silent. Time is counted in looks
 * and only while this side waits: neither a slow disk nor a machine that slept is held against the server.
 *
 * Must be ended, by its last piece, an error, or `end`.
 */
export class HttpCall {
  readonly #network: Network;
  readonly #options: HttpCallOptions;
  readonly #abort: { readonly signal: unknown; abort(): void };
  readonly #raised = (): void => this.#giveUp(new SdkError('stopped', 'stopped'));
  #callOffLook: () => void = () => undefined;
  #reader: HttpBodyReader | null = null;
  #reason: SdkError | null = null;
  #isWaiting = true;
  #leftMs = 0;
  #cameBytes = 0;
  #hasEnded = false;

  constructor(network: Network, options: HttpCallOptions) {
    this.#network = network;
    this.#options = options;
    this.#abort = network.newAbort();
  }

  /** @throws SdkError `server_unreachable`, `answer_malformed` where it is no HTTP, `stopped` */
  async start(url: string, { method, headers, body, extraMs }: RequestParts): Promise<HttpAnswer> {
    const { signal, silentMs } = this.#options;
    this.#leftMs = silentMs + extraMs;
    if (signal?.aborted === true) throw new SdkError('stopped', 'stopped');
    if (isSpeaking(signal)) signal.addEventListener('abort', this.#raised);
    this.#look();
    const answer = await this.#waitFor(() =>
      this.#network.fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal: this.#abort.signal,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      }),
    );
    this.#leftMs = silentMs;
    // Until somebody reads the body it is waited for: who forgets it does not hold the connection for ever.
    this.#isWaiting = true;
    this.#reader = answer.body?.getReader() ?? null;
    if (this.#reader === null) this.#finish();
    return answer;
  }

  /** The next piece of the body, null at its end. @throws as `start` */
  async next(): Promise<Uint8Array | null> {
    const reader = this.#reader;
    if (this.#reason !== null) throw this.#reason;
    if (reader === null || this.#hasEnded) return null;
    const { done, value } = await this.#waitFor(() => reader.read());
    if (done) this.#finish();
    this.#cameBytes += value?.length ?? 0;
    return done ? null : (value ?? new Uint8Array());
  }

  /** Lets go of the connection, whatever is still to come on it. Does nothing after the end. */
  end(): void {
    if (this.#hasEnded) return;
    this.#finish();
    this.#abort.abort();
  }

  async #waitFor<T>(work: () => Promise<T>): Promise<T> {
    this.#isWaiting = true;
    try {
      return await work();
    } catch (error) {
      const reason = this.#reason ?? (isNoHttp(error) ? noHttp(error) : unreachable(error));
      this.end();
      throw reason;
    } finally {
      this.#isWaiting = false;
    }
  }

  #look(): void {
    this.#callOffLook = this.#network.after(lookEveryMs, () => {
      if (this.#options.signal?.aborted === true) return this.#raised();
      if (this.#isWaiting) this.#leftMs -= lookEveryMs;
      if (this.#leftMs <= 0) {
        if (this.#cameBytes < this.#options.leastBytes) return this.#giveUp(unreachable('the server keeps silent'));
        this.#leftMs = this.#options.silentMs;
        this.#cameBytes = 0;
      }
      this.#look();
    });
  }

  #giveUp(reason: SdkError): void {
    this.#reason = reason;
    this.end();
  }

  #finish(): void {
    this.#hasEnded = true;
    this.#callOffLook();
    const { signal } = this.#options;
    if (isSpeaking(signal)) signal.removeEventListener('abort', this.#raised);
  }
}

function unreachable(cause: unknown): SdkError {
  if (typeof cause === 'string') return new SdkError('server_unreachable', cause);
  return new SdkError('server_unreachable', 'the server cannot be reached, or the connection was cut', { cause });
}

/** What Node's parser refuses, and a head beyond all measure. A fetch wraps the parser's error into one of its own. */
function isNoHttp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && String(error.code).startsWith('HPE_')) || isNoHttp(error.cause);
}

function noHttp(cause: unknown): SdkError {
  return new SdkError('answer_malformed', 'the answer is no proper HTTP', { cause });
}

function isSpeaking(signal: StopSignal | undefined): signal is SpeakingSignal {
  return signal !== undefined && 'addEventListener' in signal && typeof signal.addEventListener === 'function';
}
