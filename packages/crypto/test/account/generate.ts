/**
 * Writes vectors/account: `node packages/crypto/test/account/generate.ts`. Built from docs/spec/05-account.md with
 * node:crypto, noble and age-encryption, not with the code under test; the same bytes on every run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountVectors } from './account-vector.ts';
import { kitKeysVectors, kitWordsVectors } from './kit-vectors.ts';
import { cardVectors, contactLineVectors, kitLineVectors } from './paper-vectors.ts';
import { passwordInputVectors, passwordKekVectors } from './password-vectors.ts';

export const ACCOUNT_VECTORS_FOLDER: string = join(import.meta.dirname, '../../../../vectors/account');

export async function allAccountVectors(): Promise<readonly AccountVectors[]> {
  return [
    passwordInputVectors(),
    passwordKekVectors(),
    kitWordsVectors(),
    await kitKeysVectors(),
    cardVectors(),
    kitLineVectors(),
    contactLineVectors(),
  ];
}

/** ASCII alone: what is typed in other scripts, and half a surrogate pair, stands as an escape. */
export function vectorsText(vectors: AccountVectors): string {
  const text = JSON.stringify(vectors, null, 2);
  return `${text.replaceAll(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

if (import.meta.main) {
  mkdirSync(ACCOUNT_VECTORS_FOLDER, { recursive: true });
  for (const vectors of await allAccountVectors()) {
    writeFileSync(join(ACCOUNT_VECTORS_FOLDER, `${vectors.kind}.json`), vectorsText(vectors));
  }
}
