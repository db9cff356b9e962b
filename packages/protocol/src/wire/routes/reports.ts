import * as v from 'valibot';
import { bytesUpTo } from '../bytes.ts';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const reportsAdd = route({
  path: '/v1/reports',
  auth: 'session',
  maxBodyBytes: limits.MAX_LARGE_BODY_BYTES,
  request: v.strictObject({
    /** Random: a repeated report is recognised by it. */
    report: f.id,
    /** An age file to the recipient `abuse` of `/.well-known/latchkey`. */
    sealed: v.pipe(bytesUpTo(limits.MAX_REPORT_BYTES), v.minLength(1)),
  }),
  response: f.nothing,
  errors: ['reports_closed', 'too_many'],
  summary: 'Leaves one message for the operator, sealed to the operator. Who reported it is not kept. Repeatable.',
  changedServerLearns: 'network address, time, account, that it reports a message, and its size',
});

export const reportsRoutes = { reportsAdd } as const;
