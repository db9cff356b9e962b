/** HTTP for the sdk's transport, over node:http: no redirects, no unpacking, no cookies, and its own idle connections. */
import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import type { HttpAnswer, HttpRequest, Network } from '@latchkey/sdk/transport';
import { bodyReader } from './body-reader.ts';

export interface NodeNetwork extends Network<RequestSignal> {
  /** Ends idle connections. */
  close(): void;
}

/** What ends one request. An AbortController would be walked through by every stream under it. */
export interface RequestSignal {
  end: (() => void) | null;
  hasEnded: boolean;
}

/** One server. */
interface Origin {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly options: Pick<RequestOptions, 'agent' | 'protocol' | 'hostname' | 'port' | 'maxHeaderSize'>;
}

/** Below the 16 KiB that Node takes by itself; ours are about 600 bytes. */
const mostHeaderBytes = 8_192;
/** So many calls may be under way at once without a new connection for each. The server ends idle ones. */
const mostIdleConnections = 64;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Costs nothing before the first request. */
export function nodeNetwork(): NodeNetwork {
  const origins = new Map<string, Promise<Origin>>();
  const agents = new Set<Agent>();

  async function loaded(origin: string): Promise<Origin> {
    const { protocol, hostname, port } = new URL(origin);
    const { Agent, request } = protocol === 'http:' ? await import('node:http') : await import('node:https');
    const agent = new Agent({ keepAlive: true, maxFreeSockets: mostIdleConnections, scheduling: 'lifo' });
    agents.add(agent);
    const host = hostname.replaceAll(/^\[|\]$/g, '');
    return { request, options: { agent, protocol, hostname: host, port, maxHeaderSize: mostHeaderBytes } };
  }

  function originOf(url: string): Promise<Origin> {
    const name = url.slice(0, pathAt(url));
    const origin = origins.get(name) ?? loaded(name);
    origins.set(name, origin);
    return origin;
  }

  return {
    async fetch(url, asked) {
      const { request, options } = await originOf(url);
      const path = url.slice(pathAt(url));
      return exchange(request({ ...options, path, method: asked.method, headers: headersOf(asked) }), asked);
    },
    newAbort() {
      const signal: RequestSignal = { end: null, hasEnded: false };
      return {
        signal,
        abort() {
          signal.hasEnded = true;
          signal.end?.();
        },
      };
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    decodeUtf8: (bytes) => strictUtf8.decode(bytes),
    close() {
      for (const agent of agents) agent.destroy();
    },
  };
}

/** Where the path of `scheme://host/path` begins. */
function pathAt(url: string): number {
  return url.indexOf('/', url.indexOf('://') + '://'.length);
}

function headersOf({ headers, body }: HttpRequest<RequestSignal>): Record<string, string | number> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return { ...headers, ...length, 'accept-encoding': 'identity' };
}

function exchange(request: ClientRequest, { body, signal }: HttpRequest<RequestSignal>): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.once('response', (incoming) => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: {
          get(name) {
            const value = incoming.headers[name];
            return typeof value === 'string' ? value : null;
          },
        },
        body: { getReader: () => bodyReader(incoming) },
      });
    });
    signal.end = () => void request.destroy(new Error('ended by this side'));
    if (signal.hasEnded) signal.end();
    request.end(body);
  });
}
