import * as v from 'valibot';
import * as f from '../fields.ts';
import { MAX_LARGE_BODY_BYTES } from '../limits.ts';
import { route } from '../route.ts';

const errors = [
  'registration_closed',
  'invitation_invalid',
  'address_refused',
  'address_taken',
  'key_log_closed',
] as const;

const registerStart = route({
  path: '/v1/register/start',
  auth: 'none',
  request: v.strictObject({
    address: f.address,
    invitation: v.nullable(f.tokenText),
    /** OPAQUE's registration request. */
    request: f.opaqueText,
  }),
  response: v.strictObject({
    response: f.opaqueText,
    /** The last statement of an address that was somebody else's, and that the invitation gives away; else null. */
    follows: v.nullable(v.strictObject({ version: f.count, hash: f.key })),
  }),
  errors,
  summary: 'First half of a registration. Keeps nothing.',
  changedServerLearns: 'network address, time, wanted address, which invitation',
});

const registerFinish = route({
  path: '/v1/register/finish',
  auth: 'none',
  maxBodyBytes: MAX_LARGE_BODY_BYTES,
  request: v.strictObject({
    address: f.address,
    invitation: v.nullable(f.tokenText),
    /** OPAQUE's registration record. */
    record: f.opaqueText,
    /** The identity statement, version 0 or the one after `follows`, as a signed note. */
    statement: f.noteText,
    /** The password's latch first; its kind must be `password`. */
    latches: v.pipe(v.array(f.latch), v.minLength(1), v.maxLength(4)),
    session: f.newSession,
  }),
  response: v.strictObject({ token: f.tokenText }),
  errors: [...errors, 'statement_refused'],
  summary: 'Makes the account with its login, latches and first identity statement, and opens a session.',
  changedServerLearns: 'network address, time, address, which invitation, public keys, number and kinds of latches',
});

export const registerRoutes = { registerStart, registerFinish } as const;
