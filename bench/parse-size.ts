/**
 * @returns bytes
 * @throws Error where the text is no size such as `64MiB` or `1GiB`
 */
export function parseSize(text: string): number {
  const match = /^(\d+)(MiB|GiB)$/.exec(text);
  if (match === null) throw new Error(`${text} is no size: write 64MiB or 1GiB`);
  return Number(match[1]) * (match[2] === 'GiB' ? 2 ** 30 : 2 ** 20);
}
