/** How long a message is held before it goes out, so that it can be taken back. Kept in this browser. */
export const UNDO_SECONDS = [0, 5, 10, 20] as const;
export type UndoSeconds = (typeof UNDO_SECONDS)[number];

const KEPT_AS = 'latchkey.undo-seconds';
const DEFAULT_SECONDS: UndoSeconds = 10;

export function undoSeconds(): UndoSeconds {
  const kept = localStorage.getItem(KEPT_AS);
  return UNDO_SECONDS.find((each) => String(each) === kept) ?? DEFAULT_SECONDS;
}

export function setUndoSeconds(seconds: UndoSeconds): void {
  localStorage.setItem(KEPT_AS, String(seconds));
}
