/**
 * The line that matters from what a person has: the printed page as it was saved, its text form, or the bare line or
 * words. Pages carry the line in `<meta name="latchkey-sheet" content="…">`; in text it stands on a line of its own.
 */
export function readSheet(text: string): string {
  const [, inPage] = /<meta name="latchkey-sheet" content="([^"&<>]+)"/.exec(text) ?? [];
  const [inText] = /^latchkey\/(?:card|kit)\/.*$/m.exec(text) ?? [];
  return inPage ?? inText ?? text.trim();
}
