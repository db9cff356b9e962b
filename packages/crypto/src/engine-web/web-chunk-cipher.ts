/** Runs of chunks where the page or worker itself does the work. */
import type { ChunkCipher } from '../age/chunk-cipher.ts';
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
 * that was slower in Chromium, more was not faster (bench/browser/README.md). Chunks go one by one: WebCrypto gives each
 * in memory of its own, and putting them together would copy everything once more.
 */
const WEBCRYPTO_SHAPE = { chunksPerRun: 1, runsInFlight: 96 };

/**
 * WebCrypto works on many chunks at once, under a key that is imported once for a payload; libsodium and noble work on
 * one after another.
 *
 * @throws CryptoError engine_self_test_failed, engine_operation_missing
 */
export async function webChunkCipher(options: WebChunkCipherOptions = {}): Promise<ChunkCipher> {
  const { source, part } = await choosePart('chacha20poly1305', options.sources ?? ALL_SOURCES);
  if (source !== 'webcrypto') return chunkCipher(part);
  const underKey = async (payloadKey: Uint8Array): Promise<ChunkCipher> => ({
    ...chunkCipher(await webCryptoAeadUnder(payloadKey)),
    ...WEBCRYPTO_SHAPE,
    // WebCrypto copies what it is given at the call (its section "encrypt": "get a copy of the bytes").
    borrows: true,
  });
  return {
    ...WEBCRYPTO_SHAPE,
    underKey,
    sealRun: async (run) => (await underKey(run.payloadKey)).sealRun(run),
    openRun: async (run) => (await underKey(run.payloadKey)).openRun(run),
  };
}
