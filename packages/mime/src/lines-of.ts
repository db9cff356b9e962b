/** Lines end with LF, and the last one with nothing: how text stands in a message that was read. */
export function linesOf(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '');
}
