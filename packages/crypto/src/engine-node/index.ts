export { testedEngine } from '../engine/tested-engine.ts';
export { nodeEngine } from './node-engine.ts';
export { nodeChunkCipher } from './node-chunk-cipher.ts';
export type { ChunkFileOptions, ChunkFileOutcome, NodeChunkCipher, NodeChunkOptions } from './node-chunk-cipher.ts';
export type { ChunkFileJob } from './chunk-file.ts';
