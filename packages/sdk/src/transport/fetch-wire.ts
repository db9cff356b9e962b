import type { Engine } from '@latchkey/crypto';
import { BODY_HASH_HEADER, encodeBodyWithItems, encodeBytes, encodeJson, ROUTES } from '@latchkey/protocol/wire';
import type { RequestOf, ResponseOf, Route } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import type { BlobBody, ByteRange, CallOptions, JsonCallOptions, Wire } from '../ports.ts';
import { HttpCall, type RequestParts } from './http-call.ts';
import { TRANSPORT_LIMITS, type TransportLimits } from './limits.ts';
import type { Network } from './network.ts';
import { parseOrigin } from './parse-origin.ts';
import { type Answered, readJsonAnswer, requireOk } from './read-answer.ts';
import { rangeHeader, readBlob } from './read-blob.ts';
import { readEvents, type WireEvent } from './read-events.ts';

export interface FetchWireOptions {
  readonly engine: Pick<Engine, 'sha256'>;
  readonly limits?: Partial<TransportLimits>;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly isEvents?: boolean;
}

/**
 * A server over HTTP (docs/spec/06-wire.md, "Form"). Keeps nothing between two calls.
 *
 * @throws SdkError `origin_malformed`, `server_insecure`
 */
export function fetchWire(network: Network, origin: string, options: FetchWireOptions): Wire {
  return new FetchWire(network, parseOrigin(origin), options);
}

class FetchWire implements Wire {
  readonly origin: string;
  readonly #network: Network;
  readonly #engine: FetchWireOptions['engine'];
  readonly #limits: TransportLimits;

  constructor(network: Network, origin: string, { engine, limits }: FetchWireOptions) {
    this.origin = origin;
    this.#network = network;
    this.#engine = engine;
    this.#limits = { ...TRANSPORT_LIMITS, ...limits };
  }

  async call<R extends Route>(route: R, request: RequestOf<R>, options: JsonCallOptions = {}): Promise<ResponseOf<R>> {
    const sent = route.takes === 'json' ? jsonOf(request, options.items) : {};
    return this.#whole(route, await this.#send(route, { request, options, sent }));
  }

  async put<R extends Route>(
    route: R,
    request: RequestOf<R>,
    ...[body, options = {}]: [Uint8Array<ArrayBuffer>, (CallOptions & { readonly bodyHash?: Uint8Array })?]
  ): Promise<ResponseOf<R>> {
    const headers = {
      'content-type': 'application/octet-stream',
      [BODY_HASH_HEADER]: encodeBytes(options.bodyHash ?? (await this.#engine.sha256(body))),
    };
    return this.#whole(route, await this.#send(route, { request, options, sent: { headers, body } }));
  }

  async read<R extends Route>(
    route: R,
    request: RequestOf<R>,
    options: CallOptions & { range?: ByteRange } = {},
  ): Promise<BlobBody> {
    const { range = null } = options;
    const header = range === null ? null : rangeHeader(range);
    const sent = header === null ? {} : { headers: { range: header } };
    const answered = await this.#send(route, { request, options, sent });
    return orEnd(answered, async () => {
      await requireOk(route, header === null ? 200 : 206, answered);
      return readBlob(answered, header === null ? null : range);
    });
  }

  async *events(after: number, options: CallOptions): AsyncGenerator<WireEvent> {
    const route = ROUTES.eventsStream;
    const request = { after };
    const answered = await this.#send(route, { request, options, sent: { ...jsonOf(request), isEvents: true } });
    await orEnd(answered, () => requireOk(route, 200, answered));
    yield* readEvents(answered, after);
  }

  #whole<R extends Route>(route: R, answered: Answered): Promise<ResponseOf<R>> {
    return orEnd(answered, () => readJsonAnswer(route, answered));
  }

  async #send(
    route: Route,
    { request, options, sent }: { request: unknown; options: CallOptions; sent: Sent },
  ): Promise<Answered> {
    const { silentMs, leastBytes, eventsSilentMs, upMsPerKib } = this.#limits;
    const call = new HttpCall(this.#network, {
      signal: options.signal,
      silentMs: sent.isEvents === true ? eventsSilentMs : silentMs,
      leastBytes: sent.isEvents === true ? 1 : leastBytes,
    });
    const parts: RequestParts = {
      method: route.method,
      headers: { ...sent.headers, ...authorization(route, options) },
      ...(sent.body === undefined ? {} : { body: sent.body }),
      extraMs: Math.ceil((sent.body?.length ?? 0) / 1_024) * upMsPerKib,
    };
    const answer = await call.start(this.origin + pathOf(route, request), parts);
    return { network: this.#network, call, answer };
  }
}

/** A right goes only to a route that asks for it: a delivery never names its session. */
function authorization({ auth }: Route, { rights = null }: CallOptions): Record<string, string> {
  if (rights === null) return {};
  if (auth === 'session' && 'session' in rights) return { authorization: `Bearer ${rights.session}` };
  if (auth === 'pass' && 'pass' in rights) return { authorization: `Pass ${rights.pass}` };
  return {};
}

function jsonOf(request: unknown, items: readonly Uint8Array[] = []): Sent {
  const json = encodeJson(request);
  if (items.length === 0) return { headers: { 'content-type': 'application/json' }, body: json };
  const body = encodeBodyWithItems(utf8.decode(json), items);
  return { headers: { 'content-type': 'application/octet-stream' }, body };
}

function pathOf({ path, takes }: Route, request: unknown): string {
  if (takes === 'json') return path;
  const fields = request as Readonly<Record<string, Uint8Array | number>>;
  return path.replaceAll(/:([a-z]+)/g, (_part, name: string) => {
    const field = fields[name];
    return field instanceof Uint8Array ? encodeBytes(field) : String(field);
  });
}

async function orEnd<T>({ call }: Answered, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    call.end();
    throw error;
  }
}
