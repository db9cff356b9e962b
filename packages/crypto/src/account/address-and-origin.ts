/**
 * The outer form of an address and of a server's origin, so that what is hashed is ASCII and what is written on paper
 * keeps its fields apart. That they are canonical is for `@latchkey/protocol` to say.
 */
import { CryptoError } from '../errors.ts';

const ADDRESS = /^[a-z0-9._-]{1,64}@[a-z0-9.-]{1,189}$/;
const ORIGIN = /^https?:\/\/[a-z0-9.:[\]-]{1,280}$/;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

export function isOrigin(text: string): boolean {
  return ORIGIN.test(text);
}

/** @throws CryptoError `argument_invalid` */
export function requireAddress(text: string): void {
  if (!isAddress(text)) throw new CryptoError('argument_invalid', 'the address is not in its canonical form');
}

/** @throws CryptoError `argument_invalid` */
export function requireOrigin(text: string): void {
  if (!isOrigin(text)) throw new CryptoError('argument_invalid', 'the origin is not in its canonical form');
}
