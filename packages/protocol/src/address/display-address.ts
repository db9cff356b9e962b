import { toUnicode } from 'tr46';
import type { CanonicalAddress } from './canonical-address.ts';

/**
 * What may stand together in a domain that is shown with its own letters: one script, or the ones that Japanese,
 * Chinese and Korean are written with (the scripts of UAX 31 table 5; the three mixtures of UTS 39 without Latin).
 */
const scriptSets: readonly RegExp[] = [
  'Latn',
  'Grek',
  'Cyrl',
  'Armn',
  'Hebr',
  'Arab',
  'Thaa',
  'Deva',
  'Beng',
  'Guru',
  'Gujr',
  'Orya',
  'Taml',
  'Telu',
  'Knda',
  'Mlym',
  'Sinh',
  'Thai',
  'Laoo',
  'Tibt',
  'Mymr',
  'Geor',
  'Ethi',
  'Khmr',
  'Hani Hira Kana',
  'Hani Bopo',
  'Hani Hang',
].map((scripts) => {
  const letters = scripts.split(' ').map((script) => `\\p{Script_Extensions=${script}}`);
  return new RegExp(`^[${letters.join('')}0-9.-]+$`, 'u');
});

/**
 * The address for people. A domain whose letters, all labels together, are of one script is shown with these letters;
 * every other one, and so every mixture that could pass for another domain, as its A-labels.
 */
export function displayAddress(address: CanonicalAddress): string {
  const at = address.lastIndexOf('@');
  const { domain } = toUnicode(address.slice(at + 1));
  return scriptSets.some((set) => set.test(domain)) ? `${address.slice(0, at)}@${domain}` : address;
}
