/** Logging in with the recovery kit (docs/spec/06-wire.md, "Login with the kit"). */
import {
  accountIdOf,
  CryptoError,
  kitKek,
  kitKeys,
  parseKitLine,
  parseKitWords,
  recoveryKeyName,
  type KitLine,
  type ParsedKitWords,
} from '@latchkey/crypto';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import type { CanonicalAddress } from '@latchkey/protocol';
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { RefusedError, SdkError } from '../errors.ts';
import type { ByHandHost, ClientHost, Wire } from '../ports.ts';
import { signAct } from './act.ts';
import { openVaultRoot, type VaultRoot } from './latches.ts';
import { newSession } from './password-login.ts';

export interface ReadKit {
  /** 32 bytes. The caller zeroes them when done. */
  readonly entropy: Uint8Array;
  /** Null where only the words were given. */
  readonly line: KitLine | null;
}

/**
 * 24 words, or the line of the kit's QR code.
 *
 * @throws SdkError `kit_malformed`; the message says where to look, and never a word
 */
export async function readKit({ engine }: ByHandHost, text: string): Promise<ReadKit> {
  if (/^\s*latchkey\/kit\//i.test(text)) {
    try {
      const line = await parseKitLine(engine, text);
      return { entropy: line.entropy, line };
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      throw new SdkError('kit_malformed', 'this is no line of a recovery kit, or it was mistyped', { cause });
    }
  }
  const read = parseKitWords(text);
  if (read.outcome === 'kit') return { entropy: read.entropy, line: null };
  throw new SdkError('kit_malformed', wordsFault(read));
}

function wordsFault(read: Exclude<ParsedKitWords, { readonly outcome: 'kit' }>): string {
  if (read.outcome === 'wrong_count') return `a recovery kit has 24 words, here are ${read.words}`;
  if (read.outcome === 'unknown_word') return `word ${read.position} is not one of the words that a kit has`;
  return 'all words exist, but one is wrong or two changed places';
}

export interface KitOwner {
  readonly wire: Wire;
  readonly address: CanonicalAddress;
  /** 32 bytes. */
  readonly entropy: Uint8Array;
}

export interface KitSession {
  readonly session: string;
  /** What the newest identity statement must commit to, 32 bytes. */
  readonly recoveryKeysHash: Uint8Array;
}

/** @throws SdkError `kit_wrong`; what the wire throws */
export async function openKitSession(
  host: ClientHost,
  { wire, address, entropy }: KitOwner,
  device: Uint8Array,
): Promise<KitSession> {
  const { recoverySeeds, recoveryPublicKey, recoveryKeysHash } = await kitKeys(host.engine, entropy);
  try {
    const signer = await hybridSigner(host.engine, recoverySeeds);
    const { nonce, state } = await wire.call(ROUTES.kitStart, { address });
    const parts = { action: 'log-in', address, origin: wire.origin, nonce } as const;
    const act = await signAct(host.clock, parts, { name: recoveryKeyName(recoveryKeysHash), signer });
    const { ed25519, mldsa44 } = recoveryPublicKey;
    const request = { state, act, recovery: { ed25519, mldsa44 }, session: newSession(device) };
    const { token } = await wire.call(ROUTES.kitFinish, request);
    return { session: token, recoveryKeysHash };
  } catch (error) {
    if (!(error instanceof RefusedError) || error.wire !== 'login_refused') throw error;
    throw new SdkError('kit_wrong', 'this kit does not open this account', { cause: error });
  } finally {
    recoverySeeds.ed25519.fill(0);
    recoverySeeds.mldsa44.fill(0);
  }
}

/** What a kit's keys sign with, and what an identity commits to. */
export interface KitSigner {
  readonly signer: HybridSigner;
  readonly keysHash: Uint8Array;
}

export async function kitSigner({ engine }: ByHandHost, entropy: Uint8Array): Promise<KitSigner> {
  const { recoverySeeds, recoveryKeysHash: keysHash } = await kitKeys(engine, entropy);
  return { signer: await hybridSigner(engine, recoverySeeds), keysHash };
}

export type KitStanding = ResponseOf<(typeof ROUTES)['kitReset']>;

/**
 * Announces a reset by the kit alone; without a statement only asks how things stand.
 *
 * @throws SdkError `kit_wrong`: the kit may announce nothing now; what the wire throws
 */
export async function callKitReset(
  { clock }: ClientHost,
  { wire, address, kit: { signer, keysHash } }: { wire: Wire; address: CanonicalAddress; kit: KitSigner },
  statement: string | null,
): Promise<KitStanding> {
  try {
    const { nonce, state } = await wire.call(ROUTES.kitStart, { address });
    const parts = { action: 'update-identity', address, origin: wire.origin, nonce } as const;
    const act = await signAct(clock, parts, { name: recoveryKeyName(keysHash), signer });
    const { ed25519, mldsa44 } = signer.publicKey;
    return await wire.call(ROUTES.kitReset, { state, act, recovery: { ed25519, mldsa44 }, statement });
  } catch (error) {
    if (!(error instanceof RefusedError) || error.wire !== 'login_refused') throw error;
    throw new SdkError('kit_wrong', 'this kit may not give this account new keys', { cause: error });
  }
}

/** @throws SdkError `vault_shut`; what the wire throws */
export async function openWithKit(
  host: ClientHost,
  { wire, address, entropy }: KitOwner,
  session: string,
): Promise<VaultRoot> {
  return openVaultRoot(host, {
    wire,
    session,
    account: await accountIdOf(host.engine, { address, origin: wire.origin }),
    kind: 'kit',
    minGeneration: 0,
    kekOf: (generation) => kitKek(host.engine, entropy, { address, generation }),
  });
}
