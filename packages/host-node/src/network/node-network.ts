/** HTTP for the sdk's transport, over node:http: no redirects, no unpacking, no cookies, and its own idle connections. */
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { HttpAnswer, HttpBodyReader, HttpRequest, Network } from '@latchkey/sdk/transport';

export interface NodeNetwork extends Network<AbortSignal> {
  /** Ends idle connections. */
  close(): void;
}

interface Scheme {
  readonly request: (url: string, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

/** Below the 16 KiB that Node takes by itself; ours are about 600 bytes. */
const mostHeaderBytes = 8_192;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Costs nothing before the first request. */
export function nodeNetwork(): NodeNetwork {
  const schemes = new Map<string, Promise<Scheme>>();
  const agents = new Set<Agent>();

  async function loaded(protocol: string): Promise<Scheme> {
    const { Agent, request } = protocol === 'http:' ? await import('node:http') : await import('node:https');
    const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });
    agents.add(agent);
    return { request, agent };
  }

  function schemeOf(url: string): Promise<Scheme> {
    const { protocol } = new URL(url);
    const scheme = schemes.get(protocol) ?? loaded(protocol);
    schemes.set(protocol, scheme);
    return scheme;
  }

  return {
    async fetch(url, request) {
      const { agent, ...scheme } = await schemeOf(url);
      return exchange(scheme.request(url, optionsOf(request, agent)), request.body);
    },
    newAbort: () => new AbortController(),
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

function optionsOf({ method, headers, body, signal }: HttpRequest<AbortSignal>, agent: Agent): RequestOptions {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return {
    method,
    agent,
    signal,
    headers: { ...headers, ...length, 'accept-encoding': 'identity' },
    maxHeaderSize: mostHeaderBytes,
  };
}

function exchange(request: ClientRequest, body: string | Uint8Array | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (incoming) => resolve(answerOf(incoming)));
    request.end(body);
  });
}

function answerOf(incoming: IncomingMessage): HttpAnswer {
  const { headers } = incoming;
  return {
    status: incoming.statusCode ?? 0,
    headers: {
      get(name) {
        const value = headers[name];
        return typeof value === 'string' ? value : null;
      },
    },
    body: { getReader: () => readerOf(incoming) },
  };
}

function readerOf(incoming: IncomingMessage): HttpBodyReader {
  const pieces = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  return {
    async read() {
      const { done, value } = await pieces.next();
      return done === true ? { done } : { done: false, value };
    },
  };
}
