/** Trusted Types takes a script's address only from a policy. This one knows exact addresses and nothing else. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL };
}

/**
 * To be called once a page or worker: the policy's name is then taken.
 *
 * @returns what turns one of these addresses into what `new Worker` and `register` take; throws for any other
 */
export function scriptUrls(addresses: readonly string[]): (address: string) => string {
  const allowed = new Set(addresses.map(absolute));
  const check = (url: string): string => {
    if (!allowed.has(url)) throw new TypeError('not an address of one of our workers');
    return url;
  };
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('latchkey-worker', { createScriptURL: check });
  // A TrustedScriptURL is no text, but TypeScript's Worker knows only text.
  return (address) => (policy?.createScriptURL(absolute(address)) ?? check(absolute(address))) as string;
}

function absolute(address: string): string {
  return new URL(address, globalThis.location.href).href;
}
