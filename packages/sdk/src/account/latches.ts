/** Opening the vault root with what a latch needs (docs/spec/04-records.md, "Latch"). */
import { CryptoError, unwrapRoot, wrapRoot, type LatchPlace } from '@latchkey/crypto';
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import type { ByHandHost, Wire } from '../ports.ts';

export interface VaultRoot {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly generation: number;
}

export interface LatchUse {
  readonly wire: Wire;
  readonly session: string;
  /** 16 bytes. */
  readonly account: Uint8Array;
  readonly kind: 'password' | 'kit';
  /** The oldest generation that this client still takes: an older one is an older copy of the vault. */
  readonly minGeneration: number;
  readonly kekOf: (generation: number) => Promise<Uint8Array>;
}

export type StoredLatch = ResponseOf<(typeof ROUTES)['latchesList']>['latches'][number];

/**
 * The newest root that the server has behind this latch.
 *
 * @throws SdkError `vault_shut` where the server gives no latch that opens; what the wire throws
 */
export async function openVaultRoot(host: ByHandHost, use: LatchUse): Promise<VaultRoot> {
  const { latches } = await use.wire.call(ROUTES.latchesList, {}, { rights: { session: use.session } });
  const candidates = latches
    .filter(({ kind, generation }) => kind === use.kind && generation >= use.minGeneration)
    .toSorted((one, other) => other.generation - one.generation);
  for (const latch of candidates) {
    const root = await tryLatch(host, use, latch);
    if (root !== null) return { root, generation: latch.generation };
  }
  throw new SdkError('vault_shut', 'the login is right, but the server gives nothing that it opens');
}

/** The latch as the server keeps it. */
export async function wrapLatch(
  host: ByHandHost,
  { root, kek }: { readonly root: Uint8Array; readonly kek: Uint8Array },
  place: LatchPlace,
): Promise<Uint8Array> {
  try {
    return await wrapRoot({ engine: host.engine, kek }, place, root);
  } finally {
    kek.fill(0);
  }
}

async function tryLatch(
  { engine }: ByHandHost,
  { account, kind, kekOf }: LatchUse,
  { id, generation, wrapped }: StoredLatch,
): Promise<Uint8Array | null> {
  const kek = await kekOf(generation);
  try {
    return await unwrapRoot({ engine, kek }, { account, latch: id, kind, generation }, wrapped);
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'latch_malformed') return null;
    throw error;
  } finally {
    kek.fill(0);
  }
}
