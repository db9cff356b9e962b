/** First and last byte, both included, as in a Range header. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * One range of `bytes=` (RFC 9110, section 14). Anything else than one range is as if there were none, as the RFC has it.
 *
 * @returns null for the whole; `outside` where it begins behind the end
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | null | 'outside' {
  const [, firstText, lastText] = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header ?? '') ?? [];
  if (firstText === undefined || lastText === undefined || (firstText === '' && lastText === '')) return null;
  if (firstText === '') {
    const suffixBytes = Number(lastText);
    if (suffixBytes === 0 || sizeBytes === 0) return 'outside';
    return { first: Math.max(0, sizeBytes - suffixBytes), last: sizeBytes - 1 };
  }
  const first = Number(firstText);
  const last = lastText === '' ? sizeBytes - 1 : Math.min(Number(lastText), sizeBytes - 1);
  if (lastText !== '' && Number(lastText) < first) return null;
  return first >= sizeBytes ? 'outside' : { first, last };
}
