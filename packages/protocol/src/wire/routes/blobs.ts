import * as v from 'valibot';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const placed = v.strictObject({ hold: f.id, blob: f.id, sizeBytes: f.count });
const partNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(131_071));

const holdsPut = route({
  method: 'PUT',
  path: '/v1/holds/:hold',
  auth: 'session',
  takes: 'blob',
  maxBodyBytes: limits.PART_BYTES,
  request: v.strictObject({ hold: f.id }),
  response: placed,
  errors: ['part_damaged', 'quota_full', 'exists_differently'],
  summary: 'A blob of at most one part in one call, under a random id of the client. Repeating it changes nothing.',
  changedServerLearns: 'network address, time, account, size; that this account uploaded this blob',
});

const uploadsCreate = route({
  path: '/v1/uploads/create',
  auth: 'session',
  request: v.strictObject({
    /** Random; becomes the id of the hold. */
    upload: f.id,
    sizeBytes: v.pipe(f.number, v.maxValue(limits.MAX_BLOB_BYTES)),
  }),
  response: f.nothing,
  errors: ['quota_full', 'exists_differently', 'too_many'],
  summary: 'Begins an upload in parts of 8 MiB. Repeating it changes nothing.',
  changedServerLearns: 'network address, time, account, size; that this account uploaded this blob',
});

const uploadsPart = route({
  method: 'PUT',
  path: '/v1/uploads/:upload/parts/:part',
  auth: 'session',
  takes: 'blob',
  maxBodyBytes: limits.PART_BYTES,
  request: v.strictObject({ upload: f.id, part: partNumber }),
  response: f.nothing,
  errors: ['not_found', 'part_damaged'],
  summary: 'One part, counted from 0, with its hash in a header. On disk before the answer.',
  changedServerLearns: 'network address, time, account, speed of the line',
});

const uploadsList = route({
  path: '/v1/uploads/list',
  auth: 'session',
  request: v.strictObject({ upload: f.id, after: v.nullable(partNumber) }),
  response: v.strictObject({
    sizeBytes: f.count,
    parts: v.pipe(v.array(v.strictObject({ part: partNumber, hash: f.hash })), v.maxLength(1_024)),
    more: v.boolean(),
  }),
  errors: ['not_found'],
  summary: 'Which parts are on disk: how an upload goes on after a cut.',
  changedServerLearns: 'network address, time, account, that an upload was cut',
});

const uploadsComplete = route({
  path: '/v1/uploads/complete',
  auth: 'session',
  request: v.strictObject({
    upload: f.id,
    /** SHA-256 of the hashes of all parts in order. */
    digest: f.hash,
  }),
  response: placed,
  errors: ['not_found', 'upload_incomplete', 'part_damaged'],
  summary: 'Turns a whole upload into a hold of the same id. Repeating it gives the same answer.',
  changedServerLearns: 'network address, time, account',
});

const uploadsAbort = route({
  path: '/v1/uploads/abort',
  auth: 'session',
  request: v.strictObject({ upload: f.id }),
  response: f.nothing,
  errors: ['not_found'],
  summary: 'Gives an upload up.',
  changedServerLearns: 'network address, time, account',
});

const holdsRead = route({
  method: 'GET',
  path: '/v1/holds/:hold',
  auth: 'session',
  takes: 'none',
  gives: 'blob',
  maxBodyBytes: 0,
  request: v.strictObject({ hold: f.id }),
  response: f.nothing,
  errors: ['not_found', 'range_outside'],
  summary: 'The blob of an own hold, or a byte range of it.',
  changedServerLearns: 'network address, time, account, which item is read, which parts, how fast',
});

const holdsList = route({
  path: '/v1/holds/list',
  auth: 'session',
  request: v.strictObject({ after: v.nullable(f.id), limit: f.limit }),
  response: v.strictObject({
    holds: v.pipe(
      v.array(v.strictObject({ hold: f.id, sizeBytes: f.count, header: v.nullable(f.listedHeader) })),
      v.maxLength(limits.MAX_LISTED),
    ),
    more: v.boolean(),
  }),
  summary: 'The own holds, in order of their ids.',
  changedServerLearns: 'network address, time, account',
});

const holdsRemove = route({
  path: '/v1/holds/remove',
  auth: 'session',
  request: v.strictObject({ holds: v.pipe(v.array(f.id), v.minLength(1), v.maxLength(limits.MAX_WRITES)) }),
  response: v.strictObject({ removed: f.count }),
  summary: 'Gives up the claim on these blobs.',
  changedServerLearns: 'network address, time, account, which items are deleted together',
});

export const blobsRoutes = {
  holdsPut,
  uploadsCreate,
  uploadsPart,
  uploadsList,
  uploadsComplete,
  uploadsAbort,
  holdsRead,
  holdsList,
  holdsRemove,
} as const;
