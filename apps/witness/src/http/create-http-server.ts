import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerLater, answerText, type Answer } from './answer.ts';
import { readBody } from './read-body.ts';

/** 63 hashes, and a note with some thirty signatures of the larger kind. */
export const MAX_REQUEST_BYTES: number = 131_072;

const maxConnections = 256;
const maxWorking = 64;
const maxPathChars = 200;

export interface Routes {
  /** `POST /add-checkpoint` (c2sp.org/tlog-witness) */
  addCheckpoint(body: Uint8Array): Promise<Answer>;
  /** @returns null where nothing is under this path */
  get(path: string): Promise<Answer | null>;
  /** A fault of ours; the caller learns nothing of it. */
  failed(error: unknown): void;
}

/** What callers may cost: so many lines, so many bytes on each, so many seconds. Nothing a caller says is kept. */
export function createHttpServer(routes: Routes): Server {
  let working = 0;
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 15_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      if (working >= maxWorking) {
        send(response, answerLater('too many callers at once', 1), true);
        return;
      }
      working += 1;
      void respond(routes, request, response).finally(() => (working -= 1));
    },
  );
  server.maxConnections = maxConnections;
  return server;
}

async function respond(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const answer = await answerTo(routes, request);
    send(response, answer, !request.complete);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    routes.failed(error);
    send(response, answerText(500, 'a fault of this witness\n'), true);
  }
}

async function answerTo(routes: Routes, request: IncomingMessage): Promise<Answer> {
  const { method, url = '' } = request;
  if (url === '/add-checkpoint') {
    if (method !== 'POST') return answerText(405, 'POST\n');
    const body = await readBody(request, MAX_REQUEST_BYTES);
    if (body === null) return answerText(413, `at most ${MAX_REQUEST_BYTES} bytes\n`);
    return routes.addCheckpoint(body);
  }
  if (method !== 'GET' && method !== 'HEAD') return answerText(405, 'GET\n');
  const answer = url.length > maxPathChars ? null : await routes.get(url);
  return answer ?? answerText(404, 'there is nothing here\n');
}

function send(response: ServerResponse, answer: Answer, close: boolean): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.statusCode = answer.status;
  response.setHeader('content-type', answer.contentType);
  response.setHeader('content-length', body.length);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  if (answer.retryAfterSeconds !== undefined) response.setHeader('retry-after', answer.retryAfterSeconds);
  if (close) response.setHeader('connection', 'close');
  response.end(body);
}
