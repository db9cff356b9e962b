import * as v from 'valibot';
import { bytesUpTo } from '../bytes.ts';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const passesIssue = route({
  path: '/v1/passes',
  auth: 'session',
  request: v.strictObject({ count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32)) }),
  response: v.strictObject({ passes: v.pipe(v.array(f.tokenText), v.maxLength(32)) }),
  summary: 'Passes for deliveries of this hour and the next. The server keeps neither them nor to whom they went.',
  errors: ['account_new'],
  changedServerLearns: 'network address, time, account, that it is about to send; it could mark the passes',
});

const headers = v.pipe(v.array(v.nullable(f.header)), v.maxLength(limits.MAX_ARRIVAL_ITEMS));

/**
 * The id of a blob that was put before: knowing it is the right to deliver it. Or how long an item is that comes with
 * this call: it becomes a blob when the first recipient takes it, and of no account but the recipients'.
 */
const deliveredItem = v.union([
  f.id,
  v.strictObject({
    sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.INLINE_BLOB_BYTES)),
  }),
]);

const deliver = route({
  path: '/v1/deliver',
  auth: 'pass',
  takesItems: true,
  maxBodyBytes: limits.MAX_LARGE_BODY_BYTES,
  request: v.strictObject({
    /** The same for all recipients. */
    blobs: v.pipe(v.array(deliveredItem), v.minLength(1), v.maxLength(limits.MAX_ARRIVAL_ITEMS)),
    recipients: v.pipe(
      v.array(
        v.strictObject({
          address: f.address,
          /** Random, one for each recipient and message: a repeated delivery is recognised by it. */
          key: f.id,
          /** One for each blob; null where the key list holds the file key. */
          headers,
          part: v.pipe(bytesUpTo(limits.MAX_DELIVERY_PART_BYTES), v.minLength(1)),
        }),
      ),
      v.minLength(1),
      v.maxLength(limits.MAX_RECIPIENTS),
    ),
  }),
  response: v.strictObject({
    /** In the order given. `later`: try again with the same key. */
    answers: v.pipe(
      v.array(v.picklist(['ok', 'unknown', 'full', 'gone', 'later'])),
      v.maxLength(limits.MAX_RECIPIENTS),
    ),
  }),
  errors: ['not_found', 'account_new'],
  summary: 'Places an arrival at each recipient, with small items that come along. Repeating it changes nothing.',
  changedServerLearns:
    'network address, time, recipients, sizes, which recipients share an item; by network address or a marked pass also the sender',
});

const arrival = v.variant('state', [
  v.strictObject({
    state: v.literal('here'),
    number: f.number,
    hour: f.hour,
    key: f.id,
    items: v.pipe(
      v.array(v.strictObject({ sizeBytes: f.count, header: v.nullable(f.listedHeader) })),
      v.maxLength(limits.MAX_ARRIVAL_ITEMS),
    ),
    part: bytesUpTo(limits.MAX_DELIVERY_PART_BYTES),
  }),
  v.strictObject({ state: v.literal('removed'), number: f.number, hash: f.hash }),
]);

const arrivalsList = route({
  path: '/v1/arrivals/list',
  auth: 'session',
  request: v.strictObject({ after: f.count, limit: f.limit, onlyHere: v.boolean() }),
  response: v.strictObject({
    /** How many arrivals there ever were; numbers begin at 1. */
    size: f.count,
    arrivals: v.pipe(v.array(arrival), v.maxLength(limits.MAX_LISTED)),
    more: v.boolean(),
  }),
  summary: 'Arrivals after a number, in order; removed ones leave their hash.',
  changedServerLearns: 'network address, time, account, what it has not seen yet',
});

const arrivalItem = route({
  method: 'GET',
  path: '/v1/arrivals/:arrival/items/:item',
  auth: 'session',
  takes: 'none',
  gives: 'blob',
  maxBodyBytes: 0,
  request: v.strictObject({ arrival: f.number, item: f.itemIndex }),
  response: f.nothing,
  errors: ['not_found', 'range_outside'],
  summary: 'The payload of one item of an arrival, or a byte range of it.',
  changedServerLearns: 'network address, time, account, which arrival is read, which parts, how fast',
});

const arrivalsFile = route({
  path: '/v1/arrivals/file',
  auth: 'session',
  maxBodyBytes: limits.MAX_LARGE_BODY_BYTES,
  request: v.strictObject({
    space: f.id,
    entries: v.pipe(
      v.array(
        v.strictObject({
          arrival: f.number,
          record: f.id,
          epoch: f.u32,
          sealed: f.sealedRecord,
          /**
           * For each item a fresh random id, so that the sealed record can name them. A header where the arrival's item
           * has none: the receiver's own, so that every hold opens by itself.
           */
          holds: v.pipe(
            v.array(v.strictObject({ hold: f.id, header: v.nullable(f.header) })),
            v.minLength(1),
            v.maxLength(limits.MAX_ARRIVAL_ITEMS),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(limits.MAX_WRITES),
    ),
  }),
  response: v.strictObject({
    /** `exists`: another device filed it first. `gone`: there is no such arrival any more, and no such record. */
    answers: v.pipe(v.array(v.picklist(['filed', 'exists', 'gone'])), v.maxLength(limits.MAX_WRITES)),
    /** Size of the space's change log now. */
    size: f.count,
  }),
  errors: ['not_found', 'exists_differently'],
  summary:
    'For each entry together: the record if it is absent, a hold with its header for each item, the arrival removed.',
  changedServerLearns: 'network address, time, account, which arrivals are filed together',
});

const arrivalsRemove = route({
  path: '/v1/arrivals/remove',
  auth: 'session',
  request: v.strictObject({
    numbers: v.pipe(v.array(f.number), v.minLength(1), v.maxLength(limits.MAX_WRITES)),
  }),
  response: v.strictObject({ removed: f.count }),
  summary: 'Drops arrivals without filing them.',
  changedServerLearns: 'network address, time, account, which arrivals are dropped',
});

export const mailRoutes = { passesIssue, deliver, arrivalsList, arrivalItem, arrivalsFile, arrivalsRemove } as const;
