/** The page's end of the line to the crypto worker; set once, by `mountApp`. */
import type { Answer, Ask, CallOptions, RequestName, WorkerLine } from '../worker/contract.ts';

let connected: WorkerLine | null = null;

export function useLine(line: WorkerLine): void {
  connected = line;
}

export function workerLine(): WorkerLine {
  if (connected === null) throw new Error('no worker is connected');
  return connected;
}

/** @throws WorkerError */
export function ask<N extends RequestName>(name: N, what: Ask<N>, options?: CallOptions): Promise<Answer<N>> {
  return workerLine().call(name, what, options);
}
