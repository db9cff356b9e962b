/**
 * On the files of the web app (docs/spec/16-web.md, "Policy"). Nothing in them comes from a request, and no file is
 * changed on its way: what the build made is what a browser gets.
 */

/** The names are those of the app's Trusted Types policies. */
const TRUSTED_TYPES = 'latchkey-worker latchkey-mail svelte-trusted-html';

const APP_POLICY = [
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
  `trusted-types ${TRUSTED_TYPES}`,
].join('; ');

/** A page without scripts that shows one message: styles of the message itself, pictures that lie in it, nothing else. */
const MAIL_FRAME_POLICY = [
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  'img-src blob: data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

const ON_EVERY_FILE = {
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

const ON_DOCUMENTS_AND_WORKERS = {
  'cross-origin-opener-policy': 'same-origin',
  // The camera reads the code of a sign-in card, where its owner says so.
  'permissions-policy':
    'camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()',
  'referrer-policy': 'no-referrer',
} as const;

const MAIL_FRAME = 'mail-frame.html';

/**
 * What runs code of its own has a policy; what such a page or worker loads is under theirs, and thirty files of a page need
 * not say it thirty times.
 *
 * @param name path within the app's folder, with `/` between its parts
 */
export function webAppHeaders(name: string): Readonly<Record<string, string>> {
  const isDocument = name.endsWith('.html');
  const cacheControl = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  if (!isDocument && !WORKER.test(name)) return { ...ON_EVERY_FILE, 'cache-control': cacheControl };
  return {
    ...ON_EVERY_FILE,
    ...ON_DOCUMENTS_AND_WORKERS,
    'cache-control': cacheControl,
    'content-security-policy': name === MAIL_FRAME ? MAIL_FRAME_POLICY : APP_POLICY,
    // Of documents: what a page loads. A worker's own parts have no page that could name their hashes.
    ...(isDocument ? { 'integrity-policy': 'blocked-destinations=(script style)' } : {}),
  };
}

/** The build names them so: `crypto-worker-….js`. */
const WORKER = /-worker[^/]*\.js$/;
