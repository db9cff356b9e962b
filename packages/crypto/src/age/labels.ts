/** The labels of age v1 (C2SP age). Latchkey's own labels stand apart, in one file of their own. */
import { asciiBytes } from './bytes.ts';

export const AGE_LABELS: Readonly<Record<'header' | 'payload' | 'x25519' | 'scrypt', Uint8Array>> = {
  header: asciiBytes('header'),
  payload: asciiBytes('payload'),
  x25519: asciiBytes('age-encryption.org/v1/X25519'),
  scrypt: asciiBytes('age-encryption.org/v1/scrypt'),
};
