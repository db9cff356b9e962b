import { nodeChunkCipher, nodeEngine } from '@latchkey/crypto/engine-node';
import type { ByHandHost } from '@latchkey/sdk/by-hand';
import { parallelMover } from './parallel-mover.ts';

export interface HostOptions {
  /** Threads that seal and open, the main one included. Default: one per core, at most 4. */
  readonly threads?: number;
}

export interface Host extends ByHandHost {
  /** Ends the worker threads. Not needed before the process ends. */
  close(): Promise<void>;
}

/** Costs next to nothing: threads start with the first payload that is large enough for them. */
export function openHost(options: HostOptions = {}): Promise<Host> {
  const chunks = nodeChunkCipher(options);
  const host: Host = { engine: nodeEngine, chunks, payloads: parallelMover(chunks), close: () => chunks.close() };
  return Promise.resolve(host);
}
