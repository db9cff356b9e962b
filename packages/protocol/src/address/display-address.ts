import { toUnicode } from 'tr46';
import type { CanonicalAddress } from './canonical-address.ts';

/**
 * What may stand together in a domain that is shown with its own letters: one script, or the ones that Japanese,
 * Chinese and Korean are written with (the scripts of UAX 31 table 5; the three mixtures of UTS 39 without Latin).
 */
const scriptSets: readonly RegExp[] = [
  /^[\p{scx=Latn}\d.-]+$/u,
  /^[\p{scx=Grek}\d.-]+$/u,
  /^[\p{scx=Cyrl}\d.-]+$/u,
  /^[\p{scx=Armn}\d.-]+$/u,
  /^[\p{scx=Hebr}\d.-]+$/u,
  /^[\p{scx=Arab}\d.-]+$/u,
  /^[\p{scx=Thaa}\d.-]+$/u,
  /^[\p{scx=Deva}\d.-]+$/u,
  /^[\p{scx=Beng}\d.-]+$/u,
  /^[\p{scx=Guru}\d.-]+$/u,
  /^[\p{scx=Gujr}\d.-]+$/u,
  /^[\p{scx=Orya}\d.-]+$/u,
  /^[\p{scx=Taml}\d.-]+$/u,
  /^[\p{scx=Telu}\d.-]+$/u,
  /^[\p{scx=Knda}\d.-]+$/u,
  /^[\p{scx=Mlym}\d.-]+$/u,
  /^[\p{scx=Sinh}\d.-]+$/u,
  /^[\p{scx=Thai}\d.-]+$/u,
  /^[\p{scx=Laoo}\d.-]+$/u,
  /^[\p{scx=Tibt}\d.-]+$/u,
  /^[\p{scx=Mymr}\d.-]+$/u,
  /^[\p{scx=Geor}\d.-]+$/u,
  /^[\p{scx=Ethi}\d.-]+$/u,
  /^[\p{scx=Khmr}\d.-]+$/u,
  /^[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\d.-]+$/u,
  /^[\p{scx=Hani}\p{scx=Bopo}\d.-]+$/u,
  /^[\p{scx=Hani}\p{scx=Hang}\d.-]+$/u,
];

/**
 * The address for people. A domain whose letters, all labels together, are of one script is shown with these letters;
 * every other one, and so every mixture that could pass for another domain, as its A-labels.
 */
export function displayAddress(address: CanonicalAddress): string {
  const at = address.lastIndexOf('@');
  const { domain } = toUnicode(address.slice(at + 1));
  return scriptSets.some((set) => set.test(domain)) ? `${address.slice(0, at)}@${domain}` : address;
}
