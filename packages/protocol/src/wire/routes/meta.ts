import * as v from 'valibot';
import * as f from '../fields.ts';
import { route } from '../route.ts';

const get = { method: 'GET', auth: 'none', takes: 'none', maxBodyBytes: 0, request: f.nothing } as const;

const wellKnown = route({
  ...get,
  path: '/.well-known/latchkey',
  response: v.strictObject({
    latchkey: v.literal(1),
    domain: v.pipe(v.string(), v.maxLength(253)),
    /** Part of every login: a client compares it with the address it was given. */
    origin: f.origin,
    versions: v.pipe(v.array(v.picklist(['v1'])), v.maxLength(8)),
    /** The server's static public key of OPAQUE: clients pin it. */
    opaque: f.opaqueText,
    policy: v.union([v.literal('none'), f.hash]),
    registration: v.picklist(['open', 'invite', 'closed']),
    /** To whom a reported message is sealed; null where reports are not taken. */
    abuse: v.nullable(f.recipient),
  }),
  summary: 'Who serves this domain, and with which key for logins. A client pins what it reads.',
  changedServerLearns: 'network address and time of whoever asks',
});

const health = route({
  ...get,
  path: '/v1/health',
  response: v.strictObject({ status: v.literal('ok'), version: v.pipe(v.string(), v.maxLength(64)) }),
  summary: 'Answers when the database can be read.',
  changedServerLearns: 'network address and time of whoever asks',
});

const openApi = route({
  ...get,
  path: '/v1/openapi.json',
  response: v.record(v.pipe(v.string(), v.maxLength(64)), v.unknown()),
  summary: 'This table as OpenAPI 3.1.',
  changedServerLearns: 'network address and time of whoever asks',
});

export const metaRoutes = { wellKnown, health, openApi } as const;
