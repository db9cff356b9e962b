/** One message in an mbox file, as other programs take it (RFC 4155, with the quoting that can be undone: "mboxrd"). */
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x3e;
const FROM = new TextEncoder().encode('From ');

/**
 * @param message as a mail file, its lines ended by CRLF or LF
 * @param sentSeconds since 1970-01-01T00:00:00Z
 */
export function mboxEntry(message: Uint8Array, from: string, sentSeconds: number): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`From ${from.replaceAll(/\s/g, '')} ${asctime(sentSeconds)}\n`);
  const lines: (readonly [from: number, to: number, isQuoted: boolean])[] = [];
  let sizeBytes = head.length + 1;
  for (let begin = 0; begin < message.length;) {
    const feed = message.indexOf(LINE_FEED, begin);
    const end = feed < 0 ? message.length : feed;
    const to = end > begin && message[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    const isQuoted = looksLikeFrom(message, begin, to);
    lines.push([begin, to, isQuoted]);
    sizeBytes += to - begin + 1 + (isQuoted ? 1 : 0);
    begin = end + 1;
  }
  const entry = new Uint8Array(sizeBytes);
  entry.set(head);
  let at = head.length;
  for (const [begin, to, isQuoted] of lines) {
    if (isQuoted) entry[at++] = QUOTE;
    entry.set(message.subarray(begin, to), at);
    at += to - begin;
    entry[at++] = LINE_FEED;
  }
  entry[at] = LINE_FEED;
  return entry;
}

/** `From ` after any number of `>`: each gets one more, so that a reader can take exactly one away. */
function looksLikeFrom(message: Uint8Array, begin: number, to: number): boolean {
  let at = begin;
  while (at < to && message[at] === QUOTE) at += 1;
  return to - at >= FROM.length && FROM.every((byte, place) => message[at + place] === byte);
}

/** `Thu Nov 12 09:30:00 2026`, in UTC. */
function asctime(seconds: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(seconds * 1000)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date.replace(/^0/, ' ')} ${time} ${year}`;
}
