import * as v from 'valibot';
import * as f from '../fields.ts';
import { MAX_LISTED } from '../limits.ts';
import { route } from '../route.ts';

const event = v.variant('kind', [
  v.strictObject({ number: f.number, kind: v.literal('arrival'), arrival: f.number }),
  v.strictObject({ number: f.number, kind: v.literal('space'), space: f.id, size: f.count }),
  v.strictObject({ number: f.number, kind: v.literal('account') }),
]);

const eventsList = route({
  path: '/v1/events/list',
  auth: 'session',
  request: v.strictObject({
    /** Null: from now on, whatever happened before; gives `newest` and no events. */
    after: v.nullable(f.count),
    limit: f.limit,
  }),
  response: v.strictObject({
    /** Number of the newest event. */
    newest: f.count,
    events: v.pipe(v.array(event), v.maxLength(MAX_LISTED)),
    more: v.boolean(),
  }),
  errors: ['cursor_old'],
  summary: 'What happened after a number. Events are kept for 90 days; an older cursor is told so.',
  changedServerLearns: 'network address, time, account, how long it was away',
});

const eventsStream = route({
  path: '/v1/events/stream',
  auth: 'session',
  gives: 'stream',
  request: v.strictObject({ after: f.count }),
  response: event,
  errors: ['cursor_old'],
  summary: 'The same, live: one server-sent event for each, and a comment line as a sign of life.',
  changedServerLearns: 'network address, account, from when to when it is there',
});

export const eventsRoutes = { eventsList, eventsStream } as const;
