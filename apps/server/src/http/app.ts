import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import {
  decodeBodyWithItems,
  encodeJson,
  parseFields,
  parseJson,
  ROUTE_NAMES,
  routeNamed,
  WIRE_ERRORS,
  type Route,
  type RouteName,
} from '@latchkey/protocol/wire';
import { Hono, type Context } from 'hono';
import { describeFault } from '../describe-fault.ts';
import { HANDLERS } from '../routes/index.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { frontPage } from '../page/front-page.ts';
import { frontPageStyle } from '../page/front-page-style.ts';
import { serveWebApp, WEB_APP_PATH } from '../web-app/serve-web-app.ts';
import { authenticate } from './authenticate.ts';
import { RawAnswer, type Call, type Handler } from './call.ts';
import { API_HEADERS, PAGE_HEADERS, PREFLIGHT_HEADERS } from './headers.ts';
import { logCall, type Lasting } from './log-call.ts';
import { readBody } from './read-body.ts';

type App = Hono<{ Bindings: HttpBindings }>;
type AppContext = Context<{ Bindings: HttpBindings }>;

/** The router, made from the route table: one row, one handler, in one order of checks. */
export function createApp(services: Services): App {
  const app: App = new Hono();
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    app.on(route.method, pattern(route), (c) => answerCall(c, services, name));
  }
  // After all of them: two methods may share a path.
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    const path = pattern(route);
    app.options(path, () => new Response(null, { status: 204, headers: PREFLIGHT_HEADERS }));
    app.all(path, (c) => logCall(services, route.path, async () => refuse(c, new Refused('method_wrong'))));
  }
  app.get('/', () => new Response(frontPage(services), { headers: PAGE_HEADERS }));
  app.get(
    '/style.css',
    () => new Response(frontPageStyle, { headers: { ...PAGE_HEADERS, 'content-type': 'text/css' } }),
  );
  const { webApp, origin } = services;
  if (webApp !== null) {
    app.get('/app', () => new Response(null, { status: 308, headers: { location: WEB_APP_PATH } }));
    app.get(`${WEB_APP_PATH}*`, (c) =>
      logCall(services, WEB_APP_PATH, async () => {
        const { incoming, outgoing } = c.env;
        if (!serveWebApp({ files: webApp, origin }, incoming, outgoing)) return refuse(c, new Refused('route_unknown'));
        return RESPONSE_ALREADY_SENT;
      }),
    );
  }
  app.notFound((c) => logCall(services, 'unknown', async () => refuse(c, new Refused('route_unknown'))));
  return app;
}

function pattern({ path, takesRest }: Route): string {
  return takesRest === true ? `${path}{.+}` : path;
}

function answerCall(c: AppContext, services: Services, name: RouteName): Promise<Response> {
  const route = routeNamed(name);
  return logCall(services, route.path, async (): Promise<Response | Lasting> => {
    try {
      const result = await run(c, services, name);
      if (result instanceof RawAnswer) {
        const ended = writeRaw(services, result, c.env.outgoing);
        if (result.isLasting) return { response: RESPONSE_ALREADY_SENT, ended };
        await ended;
      } else sendJson(result, c.env.outgoing);
      return RESPONSE_ALREADY_SENT;
    } catch (error) {
      if (error instanceof Refused) return refuse(c, error);
      services.log.error({ route: route.path, reason: describeFault(error) });
      return refuse(c, new Refused('internal'));
    }
  });
}

/** Straight to the line: a Response would be read again as a stream. */
function sendJson(value: unknown, outgoing: ServerResponse): void {
  const body = Buffer.from(encodeJson(value));
  const headers = { ...API_HEADERS, 'content-type': 'application/json', 'content-length': body.length };
  outgoing.writeHead(200, headers).end(body);
}

/** Once the head is out a failure can only cut the line. */
async function writeRaw(services: Services, answer: RawAnswer, outgoing: ServerResponse): Promise<void> {
  try {
    await answer.write(outgoing);
  } catch (error) {
    services.log.error({ reason: describeFault(error) });
    outgoing.destroy();
  }
}

async function run(c: AppContext, services: Services, name: RouteName): Promise<unknown> {
  const route = routeNamed(name);
  const incoming = c.env.incoming;
  const session = await authenticate(services, route.auth, c.req.header('authorization'));
  const { input, attached } =
    route.takes === 'json' ? await jsonInput(incoming, route) : { input: pathInput(c, route), attached: nothing };
  if (input === null) throw new Refused('request_malformed');
  // The table pairs each name with its own types; here they are only passed on.
  const handler = HANDLERS[name] as unknown as Handler<RouteName>;
  const call = { services, input, attached, session, incoming } as unknown as Call<RouteName>;
  return handler(call);
}

interface JsonInput {
  /** Null for anything but a value of the row's schema. */
  readonly input: unknown;
  readonly attached: Uint8Array;
}

const nothing = new Uint8Array();
const malformed: JsonInput = { input: null, attached: nothing };

async function jsonInput(incoming: IncomingMessage, route: Route): Promise<JsonInput> {
  const type = incoming.headers['content-type']?.split(';')[0]?.trim();
  const withItems = route.takesItems === true && type === 'application/octet-stream';
  if (!withItems && type !== 'application/json') return malformed;
  const body = await readBody(incoming, route.maxBodyBytes);
  const parts = withItems ? decodeBodyWithItems(body) : { json: body, items: nothing };
  const text = parts === null ? null : decodeUtf8(parts.json);
  if (parts === null || text === null) return malformed;
  return { input: parseJson(route.request, text), attached: parts.items };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function pathInput(c: AppContext, route: Route): unknown {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(c.req.param() as Record<string, string>)) {
    fields[name] =
      /^(0|[1-9][0-9]{0,14})$/.test(value) && route.path.includes(`:${name}`) && isCounted(name)
        ? Number(value)
        : value;
  }
  return parseFields(route.request, fields);
}

/** Named parts of a path that are numbers; the others are ids. */
function isCounted(name: string): boolean {
  return name === 'arrival' || name === 'item' || name === 'part';
}

function refuse(c: AppContext, { code, retryAfterSeconds }: Refused): Response {
  const incoming = c.env.incoming;
  const headers: Record<string, string> = { ...API_HEADERS, 'content-type': 'application/json' };
  if (retryAfterSeconds !== null) headers['retry-after'] = String(retryAfterSeconds);
  // What was not read would be taken for the next request.
  if (!incoming.complete) headers['connection'] = 'close';
  const body = retryAfterSeconds === null ? { code } : { code, retryAfterSeconds };
  return new Response(encodeJson(body), { status: WIRE_ERRORS[code], headers });
}
