import { createHash } from 'node:crypto';
import {
  BODY_HASH_HEADER,
  encodeBodyWithItems,
  encodeBytes,
  encodeJson,
  parseJson,
  parseRefusal,
  ROUTES,
  routeNamed,
  type RequestOf,
  type ResponseOf,
  type RouteName,
} from '@latchkey/protocol/wire';

/** The server said no. */
export class WireRefused extends Error {
  override readonly name = 'WireRefused';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

type Input<Name extends RouteName> = RequestOf<(typeof ROUTES)[Name]>;
type Output<Name extends RouteName> = ResponseOf<(typeof ROUTES)[Name]>;

/** Calls a server by the names of the route table. Checks each answer against its schema. */
export class WireClient {
  origin: string;
  authorization: string | null;

  constructor(origin: string, authorization: string | null = null) {
    this.origin = origin;
    this.authorization = authorization;
  }

  async call<Name extends RouteName>(name: Name, input: Input<Name>, authorization?: string): Promise<Output<Name>> {
    const route = routeNamed(name);
    const response = await fetch(this.origin + route.path, {
      method: route.method,
      headers: { ...this.#headers(authorization), 'content-type': 'application/json' },
      ...(route.takes === 'json' ? { body: encodeJson(input) } : {}),
    });
    return answerOf(name, response);
  }

  /** A call with bytes behind its JSON. */
  async callWithItems(
    input: Input<'deliver'>,
    items: readonly Uint8Array[],
    authorization: string,
  ): Promise<Output<'deliver'>> {
    const response = await fetch(this.origin + routeNamed('deliver').path, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/octet-stream' },
      body: encodeBodyWithItems(Buffer.from(encodeJson(input)), items),
    });
    return answerOf('deliver', response);
  }

  async put<Name extends 'holdsPut' | 'uploadsPart'>(
    name: Name,
    input: Input<Name>,
    body: Uint8Array,
  ): Promise<Output<Name>> {
    const response = await fetch(this.origin + pathOf(name, input), {
      method: 'PUT',
      headers: {
        ...this.#headers(),
        'content-type': 'application/octet-stream',
        [BODY_HASH_HEADER]: createHash('sha256').update(body).digest('base64url'),
      },
      body: new Uint8Array(body),
    });
    return answerOf(name, response);
  }

  async get<Name extends 'holdsRead' | 'arrivalItem'>(
    name: Name,
    input: Input<Name>,
    range?: string,
  ): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
    const headers = { ...this.#headers(), ...(range === undefined ? {} : { range }) };
    const response = await fetch(this.origin + pathOf(name, input), { headers });
    if (!response.ok) throw await refusalOf(response);
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  }

  /** Events as they come, until the signal. */
  async *events(after: number, signal: AbortSignal): AsyncGenerator<Output<'eventsStream'>> {
    const response = await fetch(this.origin + ROUTES.eventsStream.path, {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: encodeJson({ after }),
      signal,
    });
    if (!response.ok || response.body === null) throw await refusalOf(response);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        const event = data === undefined ? null : parseJson(ROUTES.eventsStream.response, data);
        if (event !== null) yield event;
      }
    }
  }

  #headers(authorization = this.authorization): Record<string, string> {
    return authorization === null ? {} : { authorization };
  }
}

async function answerOf<Name extends RouteName>(name: Name, response: Response): Promise<Output<Name>> {
  if (!response.ok) throw await refusalOf(response);
  const answer = parseJson(routeNamed(name).response, await response.text());
  if (answer === null) throw new Error(`the answer of ${name} does not fit its schema`);
  return answer as Output<Name>;
}

async function refusalOf(response: Response): Promise<Error> {
  const refusal = parseRefusal(await response.text());
  if (refusal === null) return new Error(`status ${response.status} without a listed code`);
  return new WireRefused(refusal.code, response.status);
}

export function pathOf(name: RouteName, input: unknown): string {
  let { path } = routeNamed(name);
  for (const [field, value] of Object.entries(input as Record<string, Uint8Array | number>)) {
    path = path.replace(`:${field}`, value instanceof Uint8Array ? encodeBytes(value) : String(value));
  }
  return path;
}
