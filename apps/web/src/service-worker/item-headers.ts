/** What a browser is told about opened bytes: never more than that it may show a picture, a sound, a film, a text. */

export interface Span {
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
  readonly isPart: boolean;
}

/** Types that no browser runs. Everything else is bytes. */
const SHOWN: ReadonlySet<string> = new Set([
  'application/pdf',
  'audio/aac',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'image/avif',
  'image/bmp',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
  'video/mp4',
  'video/ogg',
  'video/quicktime',
  'video/webm',
]);

/** Of one range as media elements ask for them; null where it lies outside. Without one, everything. */
export function spanOf(range: string | null, sizeBytes: number): Span | null {
  if (range === null) return { from: 0, to: sizeBytes, isPart: false };
  const [, first, last] = /^bytes=([0-9]{1,15})-([0-9]{0,15})$/.exec(range) ?? [];
  if (first === undefined) return { from: 0, to: sizeBytes, isPart: false };
  const from = Number(first);
  const to = last === undefined || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  return from < to ? { from, to, isPart: true } : null;
}

export interface HeaderFacts {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly as: 'save' | 'show';
}

export function itemHeaders({ name, type, sizeBytes, as }: HeaderFacts, span: Span): Record<string, string> {
  const [shown = ''] = type.toLowerCase().split(';');
  const isShown = as === 'show' && SHOWN.has(shown.trim());
  return {
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'content-disposition': isShown ? 'inline' : `attachment; filename*=UTF-8''${fileName(name)}`,
    'content-length': String(span.to - span.from),
    'content-security-policy': "default-src 'none'; sandbox",
    'content-type': isShown ? withCharset(shown.trim()) : 'application/octet-stream',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(span.isPart ? { 'content-range': `bytes ${span.from}-${span.to - 1}/${sizeBytes}` } : {}),
  };
}

function withCharset(type: string): string {
  return type === 'text/plain' ? 'text/plain; charset=utf-8' : type;
}

/** RFC 8187. No separators, no controls, no signs that turn the reading direction: the last dot is where it looks. */
function fileName(name: string): string {
  const plain = name
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 200)
    .toWellFormed();
  return encodeURIComponent(plain === '' ? 'attachment' : plain).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
