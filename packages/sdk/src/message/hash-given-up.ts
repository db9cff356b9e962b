import type { ChunkCipher, Engine, HashedBytes } from '@latchkey/crypto';

/** As much of a host as hashing parts needs. */
export interface HashHost {
  readonly engine: Pick<Engine, 'sha256'>;
  readonly chunks?: Pick<ChunkCipher, 'hash'>;
}

/** SHA-256 of a part: on another thread where there is one, so that this one can fill and empty the line meanwhile. */
export async function hashGivenUp({ engine, chunks }: HashHost, bytes: Uint8Array<ArrayBuffer>): Promise<HashedBytes> {
  if (chunks?.hash !== undefined) return chunks.hash(bytes);
  return { hash: await engine.sha256(bytes), bytes };
}
