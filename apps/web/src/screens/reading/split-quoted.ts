/** The text that is new, and the quoted text at its end with the line that introduces it. */
export interface SplitText {
  readonly own: string;
  readonly quoted: string;
}

export function splitQuoted(text: string): SplitText {
  const lines = text.split('\n');
  let at = lines.length;
  while (at > 0 && (lines[at - 1] ?? '').trim() === '') at -= 1;
  const end = at;
  while (at > 0 && (lines[at - 1] ?? '').startsWith('>')) at -= 1;
  if (at === end) return { own: text, quoted: '' };
  let before = at;
  while (before > 0 && (lines[before - 1] ?? '').trim() === '') before -= 1;
  if (/:\s*$/.test(lines[before - 1] ?? '')) at = before - 1;
  const own = lines.slice(0, at).join('\n').trimEnd();
  // A message that is quotation alone is shown, not folded.
  return own === '' ? { own: text, quoted: '' } : { own, quoted: lines.slice(at).join('\n').trimEnd() };
}
