import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

export type ServedFile = string | Uint8Array;

export interface FileServer {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Serves exactly these files (path → content) from 127.0.0.1, each with these headers. */
export async function serveFiles(
  files: ReadonlyMap<string, ServedFile>,
  headers: Readonly<Record<string, string>> = {},
): Promise<FileServer> {
  const server = createServer((request, response) => {
    answer(request, response, { files, headers });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

interface Site {
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly headers: Readonly<Record<string, string>>;
}

function answer(request: IncomingMessage, response: ServerResponse, { files, headers }: Site): void {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const file = files.get(path === '/' ? '/index.html' : path);
  if (file === undefined) {
    // Every browser asks for an icon unbidden; a 404 would count as an error of the page.
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  const type = types[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { ...headers, 'content-type': type, 'cache-control': 'no-store' }).end(file);
}
