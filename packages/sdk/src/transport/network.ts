/**
 * What the transport needs of the machine it runs on. In a browser, and in Node with its own fetch:
 *
 * ```ts
 * const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
 * const network: Network = {
 *   fetch: (url, request) => fetch(url, request),
 *   newAbort: () => new AbortController(),
 *   after(delayMs, run) {
 *     const timer = setTimeout(run, delayMs);
 *     return () => clearTimeout(timer);
 *   },
 *   decodeUtf8: (bytes) => strictUtf8.decode(bytes),
 * };
 * ```
 */
export interface Network<Signal = unknown> {
  /** One request. Never follows a redirect, never sends cookies. Rejects where nobody answers, or not in HTTP. */
  fetch(url: string, request: HttpRequest<Signal>): Promise<HttpAnswer>;
  newAbort(): { readonly signal: Signal; abort(): void };
  /** Runs once after so many milliseconds; what it gives calls that off. */
  after(delayMs: number, run: () => void): () => void;
  /** @throws whatever it likes where the bytes are not UTF-8 */
  decodeUtf8(bytes: Uint8Array): string;
}

export interface HttpRequest<Signal> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: Signal;
  readonly redirect: 'manual';
  readonly credentials: 'omit';
  readonly cache: 'no-store';
  readonly referrerPolicy: 'no-referrer';
}

export interface HttpAnswer {
  /** 0 where a browser hides a redirect. */
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: HttpBody | null;
}

export interface HttpBody {
  getReader(): HttpBodyReader;
}

export interface HttpBodyReader {
  /** Each piece has memory of its own, which whoever reads it may free. */
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}
