/** QR codes in pictures, read in this page: nothing leaves it. The reader is fetched when it is needed. */
const LARGEST_SIDE = 1600;

/** @returns the line of the code, or null */
export async function readCode(picture: ImageBitmapSource): Promise<string | null> {
  const bitmap = await createImageBitmap(picture).catch(() => null);
  if (bitmap === null) return null;
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const { decodeQR } = await import('qr/decode.js');
  try {
    return decodeQR({ width, height, data });
  } catch {
    return null;
  }
}

/** A picture of the code, or the page that was saved. @returns text for the worker to look at, or null */
export async function readPaperFile(file: File): Promise<string | null> {
  if (file.type.startsWith('image/')) return readCode(file);
  return file.size > 1_000_000 ? null : file.text();
}
