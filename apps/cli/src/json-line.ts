/** Controls, C1 among them, and what is not seen: bidi controls, joiners, line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * One JSON value on a line of its own, for programs, and for terminals that people look at meanwhile: whatever a
 * terminal would obey or not show is escaped. Names of files hold anything.
 */
export function jsonLine(value: unknown): string {
  // JSON.stringify has escaped C0 controls, so that no line feed is left to be found here.
  return `${JSON.stringify(value).replace(unseen, escaped)}\n`;
}

/** As UTF-16, which is how JSON writes characters beyond the first 65,536. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
