/**
 * The second job: `/app/item/<id>`, an attachment as a stream out of the crypto worker. What the browser saves or plays
 * is opened on the way and lies nowhere in between.
 */
import type { ItemAsk, ItemFacts, ItemPiece, ItemWanted } from './item-messages.ts';
import { itemHeaders, spanOf } from './item-headers.ts';

interface Scope {
  readonly clients: { matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly Client[]> };
}

interface Client {
  postMessage(message: ItemWanted, transfer: Transferable[]): void;
}

const ANSWER_WITHIN_MS = 15_000;

/** @param done is given what ends with the stream, so that the browser keeps this worker awake until then */
export async function answerItem(
  scope: Scope,
  request: Request,
  done: (end: Promise<void>) => void,
): Promise<Response> {
  const item = new URL(request.url).pathname.split('/').at(-1) ?? '';
  const line = await findLine(scope, item);
  if (line === null) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } });
  const { port, facts } = line;
  const span = spanOf(request.headers.get('range'), facts.sizeBytes);
  if (span === null) {
    port.postMessage({ stop: true } satisfies ItemAsk);
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${facts.sizeBytes}` } });
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  done(ended);
  port.postMessage({ from: span.from, to: span.to } satisfies ItemAsk);
  return new Response(streamOf(port, end), { status: span.isPart ? 206 : 200, headers: itemHeaders(facts, span) });
}

interface Line {
  readonly port: MessagePort;
  readonly facts: Extract<ItemFacts, { readonly known: true }>;
}

/** Every tab is asked; one of them has it. */
async function findLine({ clients }: Scope, item: string): Promise<Line | null> {
  const tabs = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const answers = tabs.map(async (tab): Promise<Line> => {
    const { port1: port, port2 } = new MessageChannel();
    const facts = new Promise<ItemFacts>((resolve) => {
      port.addEventListener('message', ({ data }: MessageEvent<ItemFacts>) => resolve(data), { once: true });
      setTimeout(() => resolve({ known: false }), ANSWER_WITHIN_MS);
    });
    port.start();
    tab.postMessage({ item }, [port2]);
    const heard = await facts;
    if (!heard.known) throw new Error('not of this tab');
    return { port, facts: heard };
  });
  return Promise.any(answers).catch(() => null);
}

function streamOf(port: MessagePort, end: () => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = new Promise<ItemPiece>((resolve) => {
          port.addEventListener('message', ({ data }: MessageEvent<ItemPiece>) => resolve(data), { once: true });
        });
        port.postMessage({ next: true } satisfies ItemAsk);
        const heard = await piece;
        if ('piece' in heard) {
          controller.enqueue(heard.piece);
          return;
        }
        end();
        port.close();
        // A broken stream is a failed download, never a short file.
        if ('failed' in heard) controller.error(new Error('the item could not be opened'));
        else controller.close();
      },
      cancel() {
        port.postMessage({ stop: true } satisfies ItemAsk);
        end();
      },
    },
    { highWaterMark: 1 },
  );
}
