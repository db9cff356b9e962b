/** Below the space and no newline: no note can carry it (C2SP signed-note, "Format"). Notes are read by the thousand. */
export function hasControlCharacter(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0009\u000b-\u001f]/.test(text);
}
