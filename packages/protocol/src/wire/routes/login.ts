import * as v from 'valibot';
import * as f from '../fields.ts';
import { MAX_LARGE_BODY_BYTES, MAX_LATCHES, MAX_LISTED } from '../limits.ts';
import { route } from '../route.ts';

const loginStart = route({
  path: '/v1/login/start',
  auth: 'none',
  request: v.strictObject({ address: f.address, request: f.opaqueText }),
  /** `state` is for the server alone: the client hands it back. */
  response: v.strictObject({ response: f.opaqueText, state: f.stateText }),
  summary:
    'First half of a login with password and account secret. The answer does not tell whether the account exists.',
  changedServerLearns: 'network address, time, address',
});

const loginFinish = route({
  path: '/v1/login/finish',
  auth: 'none',
  request: v.strictObject({ state: f.stateText, finish: f.opaqueText, session: f.newSession }),
  response: v.strictObject({ token: f.tokenText }),
  errors: ['login_refused', 'account_suspended'],
  summary: 'Second half: opens a session.',
  changedServerLearns: 'network address, time, account, that the password was right or wrong',
});

const kitStart = route({
  path: '/v1/login/kit/start',
  auth: 'none',
  request: v.strictObject({ address: f.address }),
  response: v.strictObject({ nonce: f.key, state: f.stateText }),
  summary: 'First half of a login with the recovery kit.',
  changedServerLearns: 'network address, time, address',
});

const kitFinish = route({
  path: '/v1/login/kit/finish',
  auth: 'none',
  request: v.strictObject({
    state: f.stateText,
    /** An act `log-in`, signed by the recovery keys that the newest identity statement commits to. */
    act: f.noteText,
    recovery: v.strictObject({ ed25519: f.key, mldsa44: f.mldsa44Key }),
    session: f.newSession,
  }),
  response: v.strictObject({ token: f.tokenText }),
  errors: ['login_refused', 'account_suspended'],
  summary: 'Second half: opens a session.',
  changedServerLearns: 'network address, time, account, that the kit was used',
});

const kitReset = route({
  path: '/v1/login/kit/reset',
  auth: 'none',
  request: v.strictObject({
    /** Of `kitStart`. */
    state: f.stateText,
    /** An act `update-identity`, signed by recovery keys that may announce a reset now. */
    act: f.noteText,
    recovery: v.strictObject({ ed25519: f.key, mldsa44: f.mldsa44Key }),
    /** The reset, signed; null only asks how things stand. */
    statement: v.nullable(f.noteText),
  }),
  response: v.strictObject({
    /** What the next statement follows. */
    last: v.strictObject({ version: f.count, hash: f.key }),
    /** The newest identity in force here. */
    inForce: f.noteText,
    /** The newest identity of a reset that waits. */
    waiting: v.nullable(f.noteText),
    /** When it is in force here, hours since 1970-01-01T00Z. */
    countsHour: v.nullable(f.hour),
  }),
  errors: ['login_refused', 'account_suspended', 'statement_refused', 'too_many', 'key_log_closed'],
  summary:
    'Announces new keys by the recovery kit alone, without a session. They have no power before their hold is over.',
  changedServerLearns: 'network address, time, account, that the kit was used',
});

const sessionsList = route({
  path: '/v1/sessions/list',
  auth: 'session',
  request: f.nothing,
  response: v.strictObject({
    sessions: v.pipe(
      v.array(v.strictObject({ id: f.id, name: f.sealedName, device: f.id, expiresDay: f.day, current: v.boolean() })),
      v.maxLength(MAX_LISTED),
    ),
  }),
  summary: 'The open sessions; a client compares them with the vault.',
  changedServerLearns: 'network address, time, account, session',
});

const sessionsRemove = route({
  path: '/v1/sessions/remove',
  auth: 'session',
  request: v.strictObject({ id: f.id }),
  response: f.nothing,
  errors: ['not_found'],
  summary: 'Ends a session; the own one is a log-out.',
  changedServerLearns: 'network address, time, account, which session ends',
});

const latchesList = route({
  path: '/v1/latches/list',
  auth: 'session',
  request: f.nothing,
  response: v.strictObject({ latches: v.pipe(v.array(f.latch), v.maxLength(MAX_LATCHES)) }),
  summary: 'All latches, each opaque without its own secret.',
  changedServerLearns: 'network address, time, account',
});

const latchesPut = route({
  path: '/v1/latches/put',
  auth: 'session',
  maxBodyBytes: MAX_LARGE_BODY_BYTES,
  request: v.strictObject({ latch: f.latch, act: f.noteText }),
  response: f.nothing,
  errors: ['act_refused', 'too_many'],
  summary: 'Adds or replaces a latch; the act is `change-latches`. The password has its own route.',
  changedServerLearns: 'network address, time, account, kind of latch',
});

const latchesRemove = route({
  path: '/v1/latches/remove',
  auth: 'session',
  request: v.strictObject({ id: f.id, act: f.noteText }),
  response: f.nothing,
  errors: ['act_refused', 'not_found'],
  summary: 'Removes a latch; the act is `change-latches`. The last one stays.',
  changedServerLearns: 'network address, time, account, which latch',
});

const passwordStart = route({
  path: '/v1/password/start',
  auth: 'session',
  request: v.strictObject({ request: f.opaqueText }),
  response: v.strictObject({ response: f.opaqueText }),
  summary: 'First half of a change of password.',
  changedServerLearns: 'network address, time, account',
});

const passwordFinish = route({
  path: '/v1/password/finish',
  auth: 'session',
  request: v.strictObject({ record: f.opaqueText, latch: f.latch, act: f.noteText }),
  response: f.nothing,
  errors: ['act_refused'],
  summary: 'Replaces OPAQUE record and password latch together; the act is `change-latches`.',
  changedServerLearns: 'network address, time, account, that the password changed',
});

export const loginRoutes = {
  loginStart,
  loginFinish,
  kitStart,
  kitReset,
  kitFinish,
  sessionsList,
  sessionsRemove,
  latchesList,
  latchesPut,
  latchesRemove,
  passwordStart,
  passwordFinish,
} as const;
