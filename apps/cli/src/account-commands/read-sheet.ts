/**
 * The line that matters from what a person has: the printed page as it was saved, its text form, or the bare line.
 * Pages carry the line in `<meta name="latchkey-sheet" content="…">`; in text it begins a line.
 */
export function readSheet(text: string): string {
  const [, line] = /<meta name="latchkey-sheet" content="([A-Za-z0-9:._-]+)"/.exec(text) ?? [];
  return line ?? text.trim();
}
