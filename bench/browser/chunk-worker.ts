import { serveChunkRuns, type WorkerScope } from '@latchkey/crypto/engine-web';

serveChunkRuns(globalThis as unknown as WorkerScope);
