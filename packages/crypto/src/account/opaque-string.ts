/** Passwords in one form, whatever keyboard they were typed on: OpaqueString of RFC 8265, section 4.2. */
import { CryptoError } from '../errors.ts';

/** Bounds the work; nobody types so much. UTF-16 units, as typed. */
const MAX_PASSWORD_CHARS = 1024;

/** Outside FreeformClass of RFC 8264, section 4.3, by general category: unassigned, controls, private use. */
const NOT_FREEFORM = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u;
/** Join controls are among these; RFC 8264 would take them in some scripts' context, we never do. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/** RFC 8264, section 9.9: letters out of which syllables are made; NFC has made them where it could. */
const OLD_HANGUL_JAMO = /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]/u;
/** RFC 5892, section 2.6, DISALLOWED. */
const EXCEPTIONS = /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u;

/** RFC 5892, appendix A.3 to A.9: characters that look like others unless these stand around them. */
const OUT_OF_CONTEXT: readonly RegExp[] = [
  /(?<!l)\u00b7|\u00b7(?!l)/u,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05f3\u05f4]/u,
  /^(?!.*[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]).*\u30fb/u,
  /[\u0660-\u0669].*[\u06f0-\u06f9]|[\u06f0-\u06f9].*[\u0660-\u0669]/u,
];

const REFUSED: readonly RegExp[] = [NOT_FREEFORM, IGNORABLE, OLD_HANGUL_JAMO, EXCEPTIONS, ...OUT_OF_CONTEXT];

/**
 * Spaces of other scripts become U+0020, the text NFC, and what FreeformClass does not have is refused. Letters keep
 * their case and width.
 *
 * @throws CryptoError `password_unfit`
 */
export function opaqueString(password: string): string {
  if (password.length > MAX_PASSWORD_CHARS) throw unfit('it is too long');
  if (!password.isWellFormed()) throw unfit('it is not a text');
  const text = password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
  if (text === '') throw unfit('it is empty');
  if (REFUSED.some((rule) => rule.test(text))) {
    throw unfit('it holds a character that cannot be seen or typed everywhere');
  }
  return text;
}

function unfit(why: string): CryptoError {
  return new CryptoError('password_unfit', `the password does not fit: ${why}`);
}
