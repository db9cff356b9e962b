/** The recovery kit on paper: 32 random bytes as 24 words of BIP-39 (docs/spec/05-account.md, "Recovery kit"). */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';

export const KIT_ENTROPY_BYTES: number = 32;
const KIT_WORDS = 24;

export interface Kit {
  /** 32 bytes. The caller zeroes them when done. */
  readonly entropy: Uint8Array;
  /** 24 of them. */
  readonly words: readonly string[];
}

/** What a person may get wrong is an answer, so that a screen can say where to look. Words are never given back. */
export type ParsedKitWords =
  | { readonly outcome: 'kit'; readonly entropy: Uint8Array }
  /** `words` were found, not 24. */
  | { readonly outcome: 'wrong_count'; readonly words: number }
  /** The first word that is in no list, counted from 1. */
  | { readonly outcome: 'unknown_word'; readonly position: number }
  /** All words exist, but not together: one is another word, or two changed places. */
  | { readonly outcome: 'checksum_wrong' };

export function makeKit(engine: Engine): Kit {
  const entropy = engine.randomBytes(KIT_ENTROPY_BYTES);
  return { entropy, words: formatKitWords(entropy) };
}

/** @throws CryptoError `argument_invalid` */
export function formatKitWords(entropy: Uint8Array): readonly string[] {
  requireLength('kit entropy', entropy, KIT_ENTROPY_BYTES);
  return entropyToMnemonic(entropy, wordlist).split(' ');
}

/**
 * Takes capitals and any run of spaces or line ends; nothing else that differs from the printed words. The work is
 * linear in the text.
 */
export function parseKitWords(text: string): ParsedKitWords {
  const words = text
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length !== KIT_WORDS) return { outcome: 'wrong_count', words: words.length };
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown !== -1) return { outcome: 'unknown_word', position: unknown + 1 };
  try {
    return { outcome: 'kit', entropy: mnemonicToEntropy(words.join(' '), wordlist) };
  } catch {
    return { outcome: 'checksum_wrong' };
  }
}
