/**
 * Door `./hostile-server`: servers that break HTTP, or keep it and lie. The answers are data, so that every transport is
 * driven through the same ones; what each must end in stands beside it. Paths and bodies are those of docs/spec/06-wire.md.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What the client asks before it is answered: see `HOSTILE_ANSWERS`. */
export type HostileAsk = 'health' | 'blob' | 'range' | 'events';

export interface HostileAnswer {
  readonly name: string;
  /** `range` asks for bytes 10 to 19 of a blob of 100; `events` for those after number 5. */
  readonly ask: HostileAsk;
  readonly answer: (line: Socket) => void;
  /** One of these codes. */
  readonly expected: readonly string[];
  /** Most bytes of a body that may come through before the error. */
  readonly mostBytes?: number;
}

export interface HostileServer {
  readonly origin: string;
  /** Bytes that clients took, or that still lie in buffers on the way. */
  sentBytes(): number;
  connections(): number;
  stop(): Promise<void>;
}

/** Answers each request of each connection alike. The request itself is not looked at. */
export async function startHostileServer(answer: (line: Socket) => void): Promise<HostileServer> {
  const lines = new Set<Socket>();
  let sentBytes = 0;
  let connections = 0;
  const server = createServer((line) => {
    connections += 1;
    lines.add(line);
    line.on('error', () => undefined);
    line.on('close', () => {
      sentBytes += line.bytesWritten;
      lines.delete(line);
    });
    line.on('data', () => answer(line));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sentBytes: () => sentBytes + [...lines].reduce((sum, line) => sum + line.bytesWritten, 0),
    connections: () => connections,
    async stop() {
      for (const line of lines) line.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const malformed = ['answer_malformed'];
const unreachable = ['server_unreachable'];
const either = [...malformed, ...unreachable];
const ok = '{"status":"ok","version":"1"}';

interface Head {
  readonly status?: string;
  readonly type?: string | null;
  readonly more?: string;
}

function head(length: number | null, { status = '200 OK', type = 'application/json', more = '' }: Head = {}): string {
  const lengthLine = length === null ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  return `HTTP/1.1 ${status}\r\n${type === null ? '' : `content-type: ${type}\r\n`}${lengthLine}\r\n${more}\r\n`;
}

function whole(body: string | Uint8Array, options?: Head): (line: Socket) => void {
  const bytes = Buffer.from(body as string);
  return (line) => {
    line.write(head(bytes.length, options));
    line.write(bytes);
  };
}

/** Goes on until the client hangs up, as fast as it reads. */
function endless(first: string, piece: string | Uint8Array): (line: Socket) => void {
  return (line) => {
    line.write(first);
    const more = (): void => {
      while (!line.destroyed && line.write(piece));
    };
    line.on('drain', more);
    more();
  };
}

/** One piece every 20 ms until the client hangs up. */
function dripping(first: string, piece: string): (line: Socket) => void {
  return (line) => {
    line.write(first);
    const timer = setInterval(() => line.write(piece), 20);
    line.on('close', () => clearInterval(timer));
  };
}

function cut(bytes: string): (line: Socket) => void {
  return (line) => line.end(bytes, () => line.destroy());
}

const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
const health = (name: string, answer: (line: Socket) => void, expected: readonly string[]): HostileAnswer => ({
  name,
  ask: 'health',
  answer,
  expected,
});
const blobHead: Head = { type: 'application/octet-stream' };
const rangeHead = (range: string): Head => ({
  ...blobHead,
  status: '206 Partial Content',
  more: `content-range: ${range}\r\n`,
});
const blob = (name: string, answer: (line: Socket) => void, rest: Partial<HostileAnswer>): HostileAnswer => ({
  name,
  ask: 'blob',
  answer,
  expected: malformed,
  mostBytes: 0,
  ...rest,
});
const ten = '0123456789';
const event = (number: number): string => `id: ${number}\ndata: {"number":${number},"kind":"account"}\n\n`;
const events = (name: string, text: string | Uint8Array, expected = malformed): HostileAnswer => ({
  name,
  ask: 'events',
  answer: (line) => {
    line.write(head(null, { type: 'text/event-stream' }));
    const bytes = Buffer.from(text as string);
    line.write(`${bytes.length.toString(16)}\r\n`);
    line.write(bytes);
    line.write('\r\n');
  },
  expected,
});

export const HOSTILE_ANSWERS: readonly HostileAnswer[] = [
  health('a body without end', endless(head(null), chunk), malformed),
  health('a length beyond every answer', endless(head(20_000_000), ' '.repeat(65_536)), malformed),
  health('a body that goes on in white space', whole(ok + ' '.repeat(200_000)), malformed),
  health(
    'a bomb of gzip',
    whole(gzipSync(Buffer.alloc(50_000_000)), { more: 'content-encoding: gzip\r\n' }),
    malformed,
  ),
  health('a field too many', whole('{"status":"ok","version":"1","more":1}'), malformed),
  health('a field too few', whole('{"status":"ok"}'), malformed),
  health('no object', whole(`[${ok}]`), malformed),
  health('no JSON', whole('<html>'), malformed),
  health('an empty body', whole(''), malformed),
  health('brackets without end', whole('['.repeat(1_000)), malformed),
  health(
    'no UTF-8',
    whole(Uint8Array.from([...Buffer.from('{"status":"ok","version":"'), 0xff, 0x22, 0x7d])),
    malformed,
  ),
  health('a byte order mark', whole(`\uFEFF${ok}`), malformed),
  health('HTML as its type', whole(ok, { type: 'text/html' }), malformed),
  health('no type', whole(ok, { type: null }), malformed),
  health('a redirect', whole('', { status: '302 Found', more: 'location: /v1/health\r\n' }), malformed),
  health('a redirect that repeats', whole('', { status: '307 Away', more: 'location: /v1/health\r\n' }), malformed),
  health('another success', whole(ok, { status: '201 Created' }), malformed),
  health('nothing new', (line) => line.write('HTTP/1.1 304 Not Modified\r\n\r\n'), malformed),
  health('an unknown code', whole('{"code":"teapot"}', { status: '400 Bad' }), malformed),
  health('a code with the status of another', whole('{"code":"busy"}', { status: '400 Bad' }), malformed),
  health('a code of other routes', whole('{"code":"quota_full"}', { status: '507 Full' }), malformed),
  health('a refusal without end', endless(head(null, { status: '400 Bad' }), chunk), malformed),
  health('a page of an error', whole('<h1>500</h1>', { status: '500 Oh', type: 'text/html' }), malformed),
  health('a proxy without a server', whole('<h1>502</h1>', { status: '502 Bad', type: 'text/html' }), unreachable),
  health('a proxy that waits', whole('', { status: '504 Late', type: null }), unreachable),
  health('heads without end', endless('HTTP/1.1 200 OK\r\n', `x: ${'y'.repeat(60_000)}\r\n`), either),
  health('many small heads', endless('HTTP/1.1 200 OK\r\n', 'x: y\r\n'.repeat(1_000)), either),
  health('early hints without end', dripping('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), either),
  health('another protocol', (line) => line.write('SSH-2.0-OpenSSH_9.2\r\n'), either),
  health('two lengths', (line) => line.write(`${head(29).slice(0, -2)}content-length: 30\r\n\r\n${ok}`), either),
  health('a line that is closed at once', (line) => line.destroy(), unreachable),
  health('a head that is cut', cut('HTTP/1.1 200 OK\r\ncontent-ty'), either),
  health('a body that is cut', cut(head(100) + ok), unreachable),
  health('silence', () => undefined, unreachable),
  health('silence in the body', (line) => line.write(head(29) + ok.slice(0, 9)), unreachable),
  health('a head that drips', dripping('HTTP/1.1 200 OK\r\nx: ', 'y'), unreachable),
  health('a body that drips', dripping(head(null), '1\r\n \r\n'), unreachable),

  blob('a blob without its size', (line) => line.write(`${head(null, blobHead)}a\r\n${ten}\r\n0\r\n\r\n`), {}),
  blob('a blob as HTML', whole(ten, { type: 'text/html' }), {}),
  blob('a packed blob', whole(gzipSync(ten), { ...blobHead, more: 'content-encoding: gzip\r\n' }), {}),
  blob('a range that nobody asked for', whole(ten, rangeHead('bytes 0-9/10')), {}),
  blob('a blob that is cut', cut(head(100, blobHead) + ten), { expected: unreachable, mostBytes: 10 }),
  blob('a blob that stops', (line) => line.write(head(100, blobHead) + ten), { expected: unreachable, mostBytes: 10 }),
  blob('a blob that drips', dripping(head(10_000, blobHead), '.'), { expected: unreachable, mostBytes: 1_000 }),

  blob('the whole for a range', whole(ten.repeat(10), blobHead), { ask: 'range' }),
  blob('no word of the range', whole(ten, { ...blobHead, status: '206 Partial Content' }), { ask: 'range' }),
  blob('an earlier range', whole(ten, rangeHead('bytes 9-18/100')), { ask: 'range' }),
  blob('a longer range', whole(`${ten}x`, rangeHead('bytes 10-20/100')), { ask: 'range' }),
  blob('a shorter range', whole('012345678', rangeHead('bytes 10-18/100')), { ask: 'range' }),
  blob('a range of an unknown whole', whole(ten, rangeHead('bytes 10-19/*')), { ask: 'range' }),
  blob('a whole that no number holds', whole(ten, rangeHead('bytes 10-19/9999999999999999')), { ask: 'range' }),
  blob('a whole that is smaller than the range', whole(ten, rangeHead('bytes 10-19/15')), { ask: 'range' }),
  blob('several ranges', whole(ten, { status: '206 Partial Content', type: 'multipart/byteranges' }), { ask: 'range' }),
  blob('a length that is not the range', whole(`${ten}x`, rangeHead('bytes 10-19/100')), { ask: 'range' }),
  blob('more than the range', endless(head(null, rangeHead('bytes 10-19/100')), chunk), { ask: 'range' }),
  blob(
    'less than the range',
    (line) => line.write(`${head(null, rangeHead('bytes 10-19/100'))}5\r\n01234\r\n0\r\n\r\n`),
    { ask: 'range', expected: unreachable, mostBytes: 5 },
  ),

  events('an event without end', `data: ${'x'.repeat(100_000)}`),
  events('lines without end', 'data: x\n'.repeat(100_000)),
  events('an event of another form', 'data: {"number":6,"kind":"news"}\n\n'),
  events('an event that was there before', event(5)),
  events('events that go round', event(6) + event(7) + event(6)),
  events('an event that is no UTF-8', Uint8Array.from([...Buffer.from('data: '), 0xff, 0x0a, 0x0a])),
  events('events and then silence', event(6), unreachable),
  { name: 'events as JSON', ask: 'events', answer: whole('{}'), expected: malformed },
  {
    name: 'events that are cut',
    ask: 'events',
    answer: cut(head(null, { type: 'text/event-stream' })),
    expected: unreachable,
  },
];
