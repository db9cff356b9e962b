/**
 * Frees memory that nobody else looks at: of a run that has been written, of a piece that has been copied. The garbage
 * collector would come too, but so late that a pipe holds 150 MB more, and at a quarter of the time of a download.
 * A view of a larger memory is left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && bytes.length === buffer.byteLength) buffer.transfer(0);
}
