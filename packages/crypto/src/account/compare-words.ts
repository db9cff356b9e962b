/** Words that two people read to each other (docs/spec/14-proving-directory.md, "Words to compare"). */
import { concatBytes } from '@noble/hashes/utils.js';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';
import { LABELS } from '../labels.ts';

const WORDS = 12;
const BITS_A_WORD = 11;
const HASH_BYTES = 32;

/** One of the two. Both hashes have 32 bytes. */
export interface ComparedParty {
  /** Of the statement of version 0. */
  readonly genesis: Uint8Array;
  /** Of the statement in force. */
  readonly current: Uint8Array;
}

/**
 * Twelve words, 132 bits, the same on both sides whoever asks: SHA-256(label ‖ lower genesis ‖ higher genesis ‖ their
 * current hashes in that order).
 *
 * @throws CryptoError `argument_invalid`
 */
export async function compareWords(
  { sha256 }: Pick<Engine, 'sha256'>,
  parties: readonly [ComparedParty, ComparedParty],
): Promise<readonly string[]> {
  for (const { genesis, current } of parties) {
    requireLength('genesis hash', genesis, HASH_BYTES);
    requireLength('identity hash', current, HASH_BYTES);
  }
  const [lower, higher] = parties.toSorted((one, other) => compareBytes(one.genesis, other.genesis));
  if (lower === undefined || higher === undefined) return [];
  const digest = await sha256(
    concatBytes(LABELS.compareWords.bytes, lower.genesis, higher.genesis, lower.current, higher.current),
  );
  let bits = 0n;
  for (const byte of digest) bits = (bits << 8n) | BigInt(byte);
  const spareBits = BigInt(HASH_BYTES * 8 - WORDS * BITS_A_WORD);
  bits >>= spareBits;
  return Array.from({ length: WORDS }, (_, place) => {
    const shift = BigInt((WORDS - 1 - place) * BITS_A_WORD);
    return wordlist[Number((bits >> shift) & 0x7ffn)] ?? '';
  });
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  for (const [at, byte] of one.entries()) if (byte !== other[at]) return byte - (other[at] ?? 0);
  return 0;
}
