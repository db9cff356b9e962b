/** Runs of chunks where the page or worker itself does the work. */
import type { ChunkCipher, Run } from '../age/chunk-cipher.ts';
import { chunkCipher } from '../age/engine-chunk-cipher.ts';
import { choosePart } from './choose-part.ts';
import { ALL_SOURCES, type WebSource } from './parts.ts';
import { webCryptoAeadUnder } from './webcrypto/aead.ts';

export interface WebChunkCipherOptions {
  /** As in `webEngine`. */
  readonly sources?: readonly WebSource[];
}

/**
 * 96 chunks at once, of 6 MiB: WebCrypto has threads of its own, and each waits while the caller copies. Less than
 * that was slower in Chromium, more was not faster (bench/browser/README.md).
 */
const WEBCRYPTO_SHAPE = { chunksPerRun: 32, runsInFlight: 3 };

/**
 * WebCrypto works on all chunks of a run at once, under a key that is imported once for the run; libsodium and
 * noble work on one after another.
 *
 * @throws CryptoError engine_self_test_failed
 */
export async function webChunkCipher(options: WebChunkCipherOptions = {}): Promise<ChunkCipher> {
  const { source, part } = await choosePart('chacha20poly1305', options.sources ?? ALL_SOURCES);
  if (source !== 'webcrypto') return chunkCipher(part);
  const underKeyOf = async (run: Run) => chunkCipher(await webCryptoAeadUnder(run.payloadKey));
  return {
    ...WEBCRYPTO_SHAPE,
    sealRun: async (run) => (await underKeyOf(run)).sealRun(run),
    openRun: async (run) => (await underKeyOf(run)).openRun(run),
  };
}
