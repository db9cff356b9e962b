/** A worker that seals and opens runs of chunks, for payloads that are worth more than one core. */
import { serveChunkRuns, type WorkerScope } from '@latchkey/crypto/engine-web';

serveChunkRuns(globalThis as unknown as WorkerScope);
