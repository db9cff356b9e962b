/** Long after the browser has begun to save; the stream goes on without the frame. */
const FRAME_GONE_AFTER_MS = 60_000;

/**
 * Hands an item to the browser's downloads. A link with `download` passes by the service worker, which alone knows the
 * address: so a frame goes there, and what it is sent says that it is to be saved.
 */
export function saveItem({ url, name }: { readonly url: string; readonly name: string }): void {
  if (url.startsWith('blob:')) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    return;
  }
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
  setTimeout(() => frame.remove(), FRAME_GONE_AFTER_MS);
}
