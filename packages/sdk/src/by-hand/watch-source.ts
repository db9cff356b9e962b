import { SdkError } from '../errors.ts';
import type { StopSignal } from './ports.ts';

export interface Watch {
  readonly signal: StopSignal | undefined;
  /** Bytes that have come through so far. */
  readonly onBytes: (bytes: number) => void;
}

/** Passes a stream on, counts it and ends it when the stop signal is up. */
export async function* watchSource(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { signal, onBytes }: Watch,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let doneBytes = 0;
  for await (const piece of source) {
    refuseWhenStopped(signal);
    yield piece;
    doneBytes += piece.length;
    onBytes(doneBytes);
  }
}

/** @throws SdkError stopped */
export function refuseWhenStopped(signal: StopSignal | undefined): void {
  if (signal?.aborted === true) throw new SdkError('stopped', 'stopped before the end');
}
