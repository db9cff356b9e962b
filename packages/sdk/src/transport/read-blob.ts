import { BODY_HASH_HEADER, decodeBytes } from '@latchkey/protocol/wire';
import type { BlobBody, ByteRange } from '../ports.ts';
import { malformed, requireType, type Answered } from './read-answer.ts';
import { SdkError } from '../errors.ts';

const wholeNumber = /^(0|[1-9][0-9]{0,15})$/;
const contentRange = /^bytes (0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})\/(0|[1-9][0-9]{0,15})$/;

/** The header for a range; none where everything is wanted, since an empty blob has no range at all. */
export function rangeHeader({ from, to }: ByteRange): string | null {
  if (from === 0 && to === undefined) return null;
  return to === undefined ? `bytes=${from}-` : `bytes=${from}-${to - 1}`;
}

/** @param range null where the whole was asked for. @throws SdkError `answer_malformed` */
export function readBlob(answered: Answered, range: ByteRange | null): BlobBody {
  requireType(answered, 'application/octet-stream');
  const { headers } = answered.answer;
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') throw malformed('the bytes are packed');
  const length = numberOf(headers.get('content-length'));
  if (range === null) {
    if (length === null) throw malformed('the size of the blob is missing');
    return bodyOf(answered, { totalBytes: length, expectedBytes: length });
  }
  const [, first, last, total] = (contentRange.exec(headers.get('content-range') ?? '') ?? []).map(Number);
  if (first === undefined || last === undefined || total === undefined) throw malformed('the range is missing');
  if (!Number.isSafeInteger(total) || first !== range.from || last !== Math.min(range.to ?? total, total) - 1) {
    throw malformed('the range is not the one asked for');
  }
  const expectedBytes = last - first + 1;
  if (length !== null && length !== expectedBytes) throw malformed('length and range differ');
  return bodyOf(answered, { totalBytes: total, expectedBytes });
}

function bodyOf(
  { call, answer }: Answered,
  { totalBytes, expectedBytes }: { totalBytes: number; expectedBytes: number },
): BlobBody {
  let isTaken = false;
  const said = answer.headers.get(BODY_HASH_HEADER);
  const hash = said === null || said.length > 64 ? null : decodeBytes(said);
  return {
    totalBytes,
    ...(hash?.length === 32 ? { hash } : {}),
    async *stream(): AsyncGenerator<Uint8Array> {
      if (isTaken) throw new Error('a body is read once');
      isTaken = true;
      let leftBytes = expectedBytes;
      try {
        for (let piece = await call.next(); piece !== null; piece = await call.next()) {
          leftBytes -= piece.length;
          if (leftBytes < 0) throw malformed('more bytes than asked for');
          if (piece.length > 0) yield piece;
        }
        if (leftBytes > 0) throw new SdkError('server_unreachable', 'the connection was cut');
      } finally {
        call.end();
      }
    },
  };
}

function numberOf(text: string | null): number | null {
  const number = text !== null && wholeNumber.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}
