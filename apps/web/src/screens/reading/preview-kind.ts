/** What of an attachment can be shown here, by the type that its sender gave; the browser runs none of it. */
export type PreviewKind = 'image' | 'audio' | 'video' | 'text';

/** No SVG: it is a document with links and styles, and is saved instead. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const TEXT_LARGEST_BYTES = 1_000_000;

export function previewKind({
  type,
  sizeBytes,
}: {
  readonly type: string;
  readonly sizeBytes: number;
}): PreviewKind | null {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (IMAGES.has(plain)) return 'image';
  if (/^audio\/[a-z0-9.+-]+$/.test(plain)) return 'audio';
  if (/^video\/[a-z0-9.+-]+$/.test(plain)) return 'video';
  const isText = /^text\/(?!html)[a-z0-9.+-]+$/.test(plain) || plain === 'application/json';
  return isText && sizeBytes <= TEXT_LARGEST_BYTES ? 'text' : null;
}
