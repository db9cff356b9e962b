/** Does all of the work of one contender, away from the page's thread. */
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { cipherAloneMibPerS, type ContenderName, contenderOf, type Keys, type Stream } from './contenders.ts';

export type Request =
  | { readonly action: 'prepare'; readonly sizeBytes: number }
  | { readonly action: 'seal' | 'open'; readonly contender: ContenderName }
  | { readonly action: 'cipher alone'; readonly source: 'webcrypto' | 'libsodium' | 'noble'; readonly sizeMib: number };

export type Reply = { readonly value: number } | { readonly failure: string };

const PIECE_BYTES = 64 * 2 ** 20;

interface Prepared {
  readonly sizeBytes: number;
  readonly piece: Uint8Array<ArrayBuffer>;
  readonly keys: Keys;
  /** A sealed file of the size, for `open`. */
  readonly file: readonly Uint8Array<ArrayBuffer>[];
}

let prepared: Prepared | null = null;

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  void answer(data);
});

async function answer(request: Request): Promise<void> {
  let reply: Reply;
  try {
    reply = { value: await act(request) };
  } catch (error) {
    reply = { failure: error instanceof Error ? `${error.message} ${error.stack}` : String(error) };
  }
  postMessage(reply);
}

/** Milliseconds, or MiB a second for the cipher alone. */
async function act(request: Request): Promise<number> {
  if (request.action === 'cipher alone') return cipherAloneMibPerS(request.source, request.sizeMib);
  if (request.action !== 'prepare') {
    return request.action === 'seal' ? timeSeal(request.contender) : timeOpen(request.contender);
  }
  prepared = await prepare(request.sizeBytes);
  return 0;
}

async function prepare(sizeBytes: number): Promise<Prepared> {
  const piece = new Uint8Array(Math.min(PIECE_BYTES, sizeBytes));
  for (let at = 0; at < piece.length; at += 65_536) crypto.getRandomValues(piece.subarray(at, at + 65_536));
  const identity = await generateHybridIdentity();
  const keys = { identity, recipient: await identityToRecipient(identity) };
  const { seal } = await contenderOf('latchkey');
  const file = await cutAgain(await seal(keys, () => repeat(piece, sizeBytes)));
  return { sizeBytes, piece, keys, file };
}

/** In pieces as large as those that are sealed: how ours come out must not decide how typage's come in. */
async function cutAgain(stream: Stream): Promise<Uint8Array<ArrayBuffer>[]> {
  const whole = new Uint8Array(await new Blob(await arrayOf(stream)).arrayBuffer());
  const count = Math.ceil(whole.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, i) => whole.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
}

async function arrayOf(stream: Stream): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const bytes of stream) parts.push(new Uint8Array(bytes));
  return parts;
}

async function timeSeal(name: ContenderName): Promise<number> {
  const { sizeBytes, piece, keys } = ready();
  const { seal } = await contenderOf(name);
  const startMs = performance.now();
  const sealedBytes = await count(await seal(keys, () => repeat(piece, sizeBytes)));
  const tookMs = performance.now() - startMs;
  if (sealedBytes <= sizeBytes) throw new Error(`${name} sealed ${sizeBytes} bytes as ${sealedBytes}`);
  return tookMs;
}

async function timeOpen(name: ContenderName): Promise<number> {
  const { sizeBytes, piece, keys, file } = ready();
  const { open } = await contenderOf(name);
  const startMs = performance.now();
  const opened = await open(keys, async function* () {
    yield* file;
  });
  const openedBytes = await count(opened, piece);
  const tookMs = performance.now() - startMs;
  if (openedBytes !== sizeBytes) throw new Error(`${name} opened ${openedBytes} of ${sizeBytes} bytes`);
  return tookMs;
}

function ready(): Prepared {
  if (prepared === null) throw new Error('prepare first');
  return prepared;
}

async function* repeat(piece: Uint8Array<ArrayBuffer>, sizeBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = sizeBytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
}

/** Reads to the end; where the content is known, one byte of every part is compared. */
async function count(stream: Stream, piece?: Uint8Array): Promise<number> {
  let sizeBytes = 0;
  for await (const bytes of stream) {
    if (piece !== undefined && bytes[0] !== piece[sizeBytes % piece.length]) throw new Error('other bytes came out');
    sizeBytes += bytes.length;
  }
  return sizeBytes;
}
