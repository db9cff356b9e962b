export interface PolicyOptions {
  /** Names of the Trusted Types policies that the page may make. Default: none. */
  readonly trustedTypes?: readonly string[];
}

/**
 * The headers that Latchkey's app shell is served with (docs/spec/16-web.md, "Policy"):
 * what works in a test under these works in the app.
 */
export function strictHeaders(options: PolicyOptions = {}): Record<string, string> {
  const policies = options.trustedTypes ?? [];
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "connect-src 'self'",
      "worker-src 'self'",
      "frame-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      `trusted-types ${policies.length === 0 ? "'none'" : policies.join(' ')}`,
    ].join('; '),
    'integrity-policy': 'blocked-destinations=(script style)',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-content-type-options': 'nosniff',
  };
}
