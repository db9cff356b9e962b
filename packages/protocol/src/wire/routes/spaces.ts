import * as v from 'valibot';
import { bytesUpTo } from '../bytes.ts';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const kind = v.picklist(['vault', 'mailbox', 'other']);
const head = v.strictObject({
  device: f.id,
  /** Size of the change log that the head speaks of. */
  size: f.count,
  /** Opaque: size, root, device, counter, hour under the space's own key. */
  head: v.pipe(bytesUpTo(limits.MAX_HEAD_BYTES), v.minLength(1)),
});
const conflict = v.strictObject({ record: f.id, version: f.count });

const spacesCreate = route({
  path: '/v1/spaces/create',
  auth: 'session',
  request: v.strictObject({ space: f.id, kind }),
  response: f.nothing,
  errors: ['exists_differently', 'too_many'],
  summary: 'A new, empty space. Repeating it changes nothing.',
  changedServerLearns: 'network address, time, account, kind of the space',
});

const spacesRetire = route({
  path: '/v1/spaces/retire',
  auth: 'session',
  request: v.strictObject({ space: f.id, act: f.noteText }),
  response: f.nothing,
  errors: ['not_found', 'act_refused'],
  summary:
    'The own vault or mailbox stays as a space of kind other, so that a new one can take its place. The act is change-latches.',
  changedServerLearns: 'network address, time, account, that its owner begins anew',
});

const spacesList = route({
  path: '/v1/spaces/list',
  auth: 'session',
  request: f.nothing,
  response: v.strictObject({
    spaces: v.pipe(v.array(v.strictObject({ space: f.id, kind, size: f.count })), v.maxLength(limits.MAX_SPACES)),
  }),
  summary: 'The own spaces and the sizes of their change logs.',
  changedServerLearns: 'network address, time, account',
});

const spacesWrite = route({
  path: '/v1/spaces/write',
  auth: 'session',
  maxBodyBytes: limits.MAX_LARGE_BODY_BYTES,
  request: v.strictObject({
    space: f.id,
    writes: v.pipe(
      v.array(
        v.strictObject({
          record: f.id,
          /** The record has version - 1 now; 1 makes a record that is absent. */
          version: f.number,
          epoch: f.u32,
          sealed: f.sealedRecord,
        }),
      ),
      v.minLength(1),
      v.maxLength(limits.MAX_WRITES),
    ),
    /** Written with the batch if the change log then has exactly the size in the head; else nothing is written. */
    head: v.nullable(head),
  }),
  response: v.variant('answer', [
    v.strictObject({ answer: v.literal('written'), size: f.count }),
    v.strictObject({
      answer: v.literal('conflict'),
      size: f.count,
      /** Empty where only the size in the head was another. */
      conflicts: v.pipe(v.array(conflict), v.maxLength(limits.MAX_WRITES)),
    }),
  ]),
  errors: ['not_found', 'quota_full'],
  summary: 'All records of a batch or none, each put only over the version before it.',
  changedServerLearns: 'network address, time, account, which records change together, sizes',
});

const spacesChanges = route({
  path: '/v1/spaces/changes',
  auth: 'session',
  request: v.strictObject({ space: f.id, after: f.count, limit: f.limit }),
  response: v.strictObject({
    size: f.count,
    changes: v.pipe(
      v.array(
        v.strictObject({
          number: f.number,
          record: f.id,
          version: f.number,
          epoch: f.u32,
          /** SHA-256 of the sealed record. */
          hash: f.hash,
          /** Where this is still the record's newest version. */
          sealed: v.nullable(f.sealedRecord),
        }),
      ),
      v.maxLength(limits.MAX_LISTED),
    ),
    more: v.boolean(),
  }),
  errors: ['not_found'],
  summary: 'The change log after a number, in the server’s order.',
  changedServerLearns: 'network address, time, account, how far this device has caught up',
});

const spacesRead = route({
  path: '/v1/spaces/read',
  auth: 'session',
  request: v.strictObject({
    space: f.id,
    records: v.pipe(v.array(f.id), v.minLength(1), v.maxLength(limits.MAX_LISTED)),
  }),
  response: v.strictObject({
    /** Those that exist, as many as fit; ask again for the rest. */
    records: v.pipe(
      v.array(v.strictObject({ record: f.id, version: f.number, epoch: f.u32, sealed: f.sealedRecord })),
      v.maxLength(limits.MAX_LISTED),
    ),
    /** Asked for, but not in this answer although they exist. */
    left: v.pipe(v.array(f.id), v.maxLength(limits.MAX_LISTED)),
  }),
  errors: ['not_found'],
  summary: 'Records by their ids.',
  changedServerLearns: 'network address, time, account, which records are read together',
});

const spacesHeads = route({
  path: '/v1/spaces/heads',
  auth: 'session',
  request: v.strictObject({ space: f.id }),
  response: v.strictObject({ heads: v.pipe(v.array(head), v.maxLength(limits.MAX_DEVICES)) }),
  errors: ['not_found'],
  summary: 'The newest head of each device.',
  changedServerLearns: 'network address, time, account',
});

const spacesHeadPut = route({
  path: '/v1/spaces/head/put',
  auth: 'session',
  request: v.strictObject({ space: f.id, head }),
  response: f.nothing,
  errors: ['not_found', 'too_many'],
  summary: 'A device’s head, over its older one.',
  changedServerLearns: 'network address, time, account, device',
});

export const spacesRoutes = {
  spacesCreate,
  spacesRetire,
  spacesList,
  spacesWrite,
  spacesChanges,
  spacesRead,
  spacesHeads,
  spacesHeadPut,
} as const;
