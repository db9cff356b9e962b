import { serveChunkRuns, type WorkerScope } from '../../../src/engine-web/index.ts';

serveChunkRuns(globalThis as unknown as WorkerScope);
