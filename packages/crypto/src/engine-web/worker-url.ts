/** The part of Trusted Types that this room uses; browsers that do not have it take plain text. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL };
}

/** Stands in the page's policy as `trusted-types latchkey-worker`. */
export const WORKER_POLICY = 'latchkey-worker';

/**
 * Makes the one Trusted Types policy of a page, which lets workers be started from exactly these addresses.
 * A page calls it once, before anything else can take the policy's name.
 *
 * @returns a function that turns one of the addresses into what `new Worker` takes, and throws for any other
 */
export function workerUrls(addresses: readonly string[]): (address: string) => string {
  const allowed = new Set(addresses.map(absolute));
  const check = (url: string): string => {
    if (!allowed.has(url)) throw new TypeError('not an address of one of our workers');
    return url;
  };
  const trustedTypes = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = trustedTypes?.createPolicy(WORKER_POLICY, { createScriptURL: check });
  // A TrustedScriptURL is no text, but TypeScript's Worker knows only text.
  return (address) => (policy?.createScriptURL(absolute(address)) ?? check(absolute(address))) as string;
}

function absolute(address: string): string {
  return new URL(address, globalThis.location.href).href;
}
