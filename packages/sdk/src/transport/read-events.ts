import { parseJson, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { mostBytesOf } from './most-bytes-of.ts';
import { malformed, requireType, type Answered } from './read-answer.ts';

export type WireEvent = ResponseOf<(typeof ROUTES)['eventsStream']>;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const mostLineBytes = mostBytesOf(ROUTES.eventsStream.response);

/**
 * Server-sent events (HTML, "Server-sent events"), of which only `data` counts here: one line of JSON for each event.
 * Lines are bounded, and numbers only grow, so that a server cannot fill the memory or go round in circles.
 *
 * @throws SdkError `answer_malformed`, and what reading throws
 */
export async function* readEvents(answered: Answered, after: number): AsyncGenerator<WireEvent> {
  requireType(answered, 'text/event-stream');
  const { call, network } = answered;
  let newest = after;
  let rest: Uint8Array = new Uint8Array();
  let data: string | null = null;
  try {
    for (let piece = await call.next(); piece !== null; piece = await call.next()) {
      let begin = 0;
      for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, begin)) {
        const line = textOf(network, lineOf(rest, piece.subarray(begin, end)));
        rest = new Uint8Array();
        begin = end + 1;
        if (line.startsWith('data:')) {
          if (data !== null) throw malformed('an event of several lines');
          data = line.slice(line.startsWith('data: ') ? 6 : 5);
        }
        if (line !== '' || data === null) continue;
        const event = parseJson(ROUTES.eventsStream.response, data);
        if (event === null || event.number <= newest) throw malformed('an event that does not fit');
        newest = event.number;
        data = null;
        yield event;
      }
      rest = lineOf(rest, piece.subarray(begin));
    }
  } finally {
    call.end();
  }
}

function lineOf(before: Uint8Array, more: Uint8Array): Uint8Array {
  if (before.length + more.length > mostLineBytes) throw malformed('an event is too large');
  const line = new Uint8Array(before.length + more.length);
  line.set(before);
  line.set(more, before.length);
  return line;
}

function textOf(network: Answered['network'], line: Uint8Array): string {
  const bytes = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
  try {
    return network.decodeUtf8(bytes);
  } catch (cause) {
    throw malformed('an event is not UTF-8', cause);
  }
}
