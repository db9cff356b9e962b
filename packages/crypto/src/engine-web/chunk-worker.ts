/** The far end of `chunkWorkers`: what a dedicated worker does with the runs it is sent. */
import type { ChunkCipher, OpenedRun, Run } from '../age/chunk-cipher.ts';
import { CryptoError, type CryptoErrorCode } from '../errors.ts';
import { webChunkCipher } from './web-chunk-cipher.ts';
import type { WebSource } from './parts.ts';

export interface ChunkRequest {
  readonly id: number;
  readonly action: 'seal' | 'open';
  readonly run: Run;
  readonly sources: readonly WebSource[];
}

export type ChunkReply =
  | ({ readonly id: number } & OpenedRun)
  | { readonly id: number; readonly failure: string; readonly code: CryptoErrorCode };

/** As far as a dedicated worker's global object is needed. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<ChunkRequest>) => void): void;
  postMessage(reply: ChunkReply, transfer: Transferable[]): void;
}

/** To be called by a worker's script at once, so that no message is lost: `serveChunkRuns(self)`. */
export function serveChunkRuns(scope: WorkerScope): void {
  const ciphers = new Map<string, Promise<ChunkCipher>>();
  const cipherOf = (sources: readonly WebSource[]) => {
    const name = sources.join();
    const cipher = ciphers.get(name) ?? webChunkCipher({ sources });
    ciphers.set(name, cipher);
    return cipher;
  };
  const serve = async (request: ChunkRequest) => {
    const reply = await answer(request, cipherOf);
    scope.postMessage(reply, 'bytes' in reply ? [reply.bytes.buffer] : []);
  };
  scope.addEventListener('message', ({ data }) => {
    void serve(data);
  });
}

async function answer(
  { id, action, run, sources }: ChunkRequest,
  cipherOf: (sources: readonly WebSource[]) => Promise<ChunkCipher>,
): Promise<ChunkReply> {
  try {
    const cipher = await cipherOf(sources);
    if (action === 'seal') return { id, bytes: await cipher.sealRun(run), whole: true };
    return { id, ...(await cipher.openRun(run)) };
  } catch (error) {
    const code = error instanceof CryptoError ? error.code : 'engine_thread_failed';
    return { id, failure: error instanceof Error ? error.message : String(error), code };
  } finally {
    run.payloadKey.fill(0);
  }
}
