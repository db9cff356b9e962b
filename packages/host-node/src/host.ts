import { nodeChunkCipher, nodeEngine, testedEngine } from '@latchkey/crypto/engine-node';
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

/**
 * Costs next to nothing: threads start with the first payload that is large enough for them, and the engine answers
 * its known questions operation by operation, before the first use of each. Chunks are ciphered beside the engine,
 * with the same cipher of the same library; every header uses, and so tests, that cipher before a payload does.
 */
export function openHost(options: HostOptions = {}): Promise<Host> {
  const chunks = nodeChunkCipher(options);
  const engine = testedEngine(nodeEngine);
  const host: Host = {
    engine,
    chunks,
    payloads: parallelMover(chunks),
    encapsulateAhead: (publicKeys) => chunks.encapsulateAhead(engine, publicKeys),
    close: () => chunks.close(),
  };
  return Promise.resolve(host);
}
