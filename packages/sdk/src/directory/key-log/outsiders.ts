/**
 * A witness whose name lies under the operator's own domain proves nothing against the operator: the domain itself, one
 * below it or above it, in whatever spelling (docs/spec/14-proving-directory.md, "One look"). Who runs a name elsewhere
 * nobody can see from it.
 */
export function isOutside(keyName: string, domain: string): boolean {
  const host = hostOf(keyName);
  // Another spelling of anybody's name: umlauts for xn--, a letter as %65. Who is outside can spell theirs plainly.
  if (!/^[\w.-]+$/.test(host)) return false;
  const isBelow = host === domain || host.endsWith(`.${domain}`);
  // A top-level domain is above everybody.
  const isAbove = host.includes('.') && domain.endsWith(`.${host}`);
  return !isBelow && !isAbove;
}

function hostOf(keyName: string): string {
  const [authority = ''] = keyName
    .toLowerCase()
    .replace(/^[a-z][a-z\d+.-]*:\/\//, '')
    .split('/', 1);
  const [host = ''] = (authority.split('@').at(-1) ?? '').split(':', 1);
  return host.replace(/\.+$/, '');
}
