/** A witness whose name lies under the operator's own domain proves nothing against the operator. */
export function isOutside(keyName: string, domain: string): boolean {
  return keyName !== domain && !keyName.startsWith(`${domain}/`);
}
