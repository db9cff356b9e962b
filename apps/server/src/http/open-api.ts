import { COMMON_ERRORS, ROUTE_NAMES, routeNamed, WIRE_ERRORS, type Route } from '@latchkey/protocol/wire';
import { toJsonSchema } from '@valibot/to-json-schema';

/** The route table as OpenAPI 3.1, for clients in other languages. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    const path = route.path.replaceAll(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Latchkey', version, license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' } },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer' },
        pass: { type: 'apiKey', in: 'header', name: 'authorization', description: '`Pass` and a pass' },
      },
    },
  };
}

function operation(name: string, route: Route): Record<string, unknown> {
  const errors = [...new Set([...route.errors, ...COMMON_ERRORS])];
  const statuses = [...new Set(errors.map((code) => WIRE_ERRORS[code]))];
  return {
    operationId: name,
    summary: route.summary,
    'x-changed-server-learns': route.changedServerLearns,
    ...(route.auth === 'none' ? {} : { security: [{ [route.auth]: [] }] }),
    ...(route.takes === 'json'
      ? { requestBody: { required: true, content: jsonContent(route) } }
      : { parameters: pathParameters(route) }),
    ...(route.takes === 'blob' ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } } : {}),
    responses: {
      200: { description: 'done', content: answerContent(route) },
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          { description: errors.filter((code) => WIRE_ERRORS[code] === status).join(', ') },
        ]),
      ),
    },
  };
}

function jsonContent(route: Route): Record<string, unknown> {
  const json = { 'application/json': { schema: inputSchema(route) } };
  if (route.takesItems !== true) return json;
  const description = 'the length of the JSON as a big-endian u32, the JSON, and the items that come along, in order';
  return { ...json, 'application/octet-stream': { schema: { description } } };
}

function answerContent(route: Route): Record<string, unknown> {
  if (route.gives === 'blob') return { 'application/octet-stream': {} };
  if (route.gives === 'text') return { 'text/plain': {} };
  const type = route.gives === 'stream' ? 'text/event-stream' : 'application/json';
  return { [type]: { schema: schemaOf(route.response) } };
}

function pathParameters(route: Route): readonly Record<string, unknown>[] {
  return [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function inputSchema(route: Route): unknown {
  return schemaOf(route.request);
}

/** Bytes are base64url text here; what the check does besides is in the specification. */
function schemaOf(schema: Route['request']): unknown {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
  return rest;
}
