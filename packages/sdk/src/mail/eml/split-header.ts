import { joinBytes } from '../../sync/byte-fields.ts';

const [CARRIAGE_RETURN, LINE_FEED, SPACE, TAB, COLON] = [0x0d, 0x0a, 0x20, 0x09, 0x3a];

export interface SplitMessage {
  /** Fields of the message itself: who, when, about what. Each with its line break. */
  readonly envelope: Uint8Array;
  /** Fields that say how the body is written, an empty line, and the body. */
  readonly content: Uint8Array;
}

/**
 * Parts a message so that its body can become one part of a larger one (RFC 2045 section 3: the fields that begin with
 * `Content-` are about the body; `MIME-Version` is written anew). Fields stay byte for byte, folded lines with them.
 */
export function splitHeader(mime: Uint8Array): SplitMessage {
  const envelope: Uint8Array[] = [];
  const content: Uint8Array[] = [];
  let kept: Uint8Array[] | null = envelope;
  let at = 0;
  while (at < mime.length && !isEmptyLine(mime, at)) {
    const feed = mime.indexOf(LINE_FEED, at);
    const end = feed === -1 ? mime.length : feed + 1;
    const line = mime.subarray(at, end);
    if (line[0] !== SPACE && line[0] !== TAB) kept = placeOf(line, { envelope, content });
    kept?.push(line);
    at = end;
  }
  return { envelope: joinBytes(...envelope), content: joinBytes(...content, mime.subarray(at)) };
}

function isEmptyLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LINE_FEED || (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED);
}

function placeOf(
  line: Uint8Array,
  { envelope, content }: { envelope: Uint8Array[]; content: Uint8Array[] },
): Uint8Array[] | null {
  const name = String.fromCharCode(...line.subarray(0, Math.max(0, line.subarray(0, 80).indexOf(COLON)))).toLowerCase();
  if (name.startsWith('content-')) return content;
  return name === 'mime-version' ? null : envelope;
}
