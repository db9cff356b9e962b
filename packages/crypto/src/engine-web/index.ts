export { serveChunkRuns, type WorkerScope } from './chunk-worker.ts';
export { chunkWorkers, type ChunkWorkers, type ChunkWorkersOptions } from './chunk-workers.ts';
export { type WebSource } from './parts.ts';
export { webChunkCipher, type WebChunkCipherOptions } from './web-chunk-cipher.ts';
export { webEngine, type WebEngineOptions } from './web-engine.ts';
export { WORKER_POLICY, workerUrls } from './worker-url.ts';
