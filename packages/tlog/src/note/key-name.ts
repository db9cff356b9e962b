/** C2SP signed-note, "Format": not empty, no Unicode white space, no `+`; well-formed, or it has no UTF-8. */
export function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}+]+$/u.test(name) && name.isWellFormed();
}
