/** Writes vectors/engines: `node packages/crypto/test/corpus/generate.ts`. The same bytes on every run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Corpus } from '../../src/engine/corpus.ts';
import { ed25519Corpus } from './ed25519-cases.ts';
import { hybridKemCorpus } from './hybrid-kem-cases.ts';
import { mldsa44Corpus } from './mldsa44-cases.ts';
import { aeadCorpus, hkdfCorpus, scryptCorpus, sha256Corpus } from './symmetric-cases.ts';
import { x25519Corpus } from './x25519-cases.ts';

export const VECTORS_FOLDER: string = join(import.meta.dirname, '../../../../vectors/engines');

export function engineCorpora(): readonly Corpus[] {
  return [
    sha256Corpus(),
    hkdfCorpus(),
    scryptCorpus(),
    aeadCorpus(),
    x25519Corpus(),
    hybridKemCorpus(),
    ed25519Corpus(),
    mldsa44Corpus(),
  ];
}

export function corpusText(corpus: Corpus): string {
  return `${JSON.stringify(corpus, null, 2)}\n`;
}

if (import.meta.main) {
  mkdirSync(VECTORS_FOLDER, { recursive: true });
  for (const corpus of engineCorpora()) {
    writeFileSync(join(VECTORS_FOLDER, `${corpus.operation}.json`), corpusText(corpus));
  }
}
