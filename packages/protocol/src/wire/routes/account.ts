import * as v from 'valibot';
import { bytes } from '../bytes.ts';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const accountAbout = route({
  path: '/v1/account/about',
  auth: 'session',
  request: f.nothing,
  response: v.strictObject({
    address: f.address,
    usedBytes: f.count,
    quotaBytes: f.count,
    arrivals: f.count,
    quotaArrivals: f.count,
    /** The day on which a closed account is removed; null while it is open. */
    removedOnDay: v.nullable(f.day),
  }),
  summary: 'Use, limits and state of the account.',
  changedServerLearns: 'network address, time, account',
});

const accountNonce = route({
  path: '/v1/account/nonce',
  auth: 'session',
  request: f.nothing,
  response: v.strictObject({ nonce: f.key }),
  summary: 'A nonce for one act. A newer one replaces it.',
  changedServerLearns: 'network address, time, account, that an act follows',
});

const accountClose = route({
  path: '/v1/account/close',
  auth: 'session',
  request: v.strictObject({ act: f.noteText }),
  response: v.strictObject({ removedOnDay: f.day }),
  errors: ['act_refused'],
  summary: 'Closes the account; after seven days everything is removed. The act is `delete-account`.',
  changedServerLearns: 'network address, time, account, that it leaves',
});

const accountKeep = route({
  path: '/v1/account/keep',
  auth: 'session',
  request: f.nothing,
  response: f.nothing,
  summary: 'Takes the closing back within the seven days.',
  changedServerLearns: 'network address, time, account, that it stays',
});

const directoryResolve = route({
  path: '/v1/directory/resolve',
  auth: 'session',
  request: v.strictObject({
    wanted: v.pipe(
      v.array(v.strictObject({ address: f.address, fromVersion: f.u32 })),
      v.minLength(1),
      v.maxLength(limits.MAX_RESOLVED),
    ),
  }),
  response: v.strictObject({
    /** In the order asked. An answer that is cut short by size says `more`: ask again from the next version. */
    answers: v.pipe(
      v.array(
        v.variant('answer', [
          v.strictObject({
            answer: v.literal('known'),
            takes: v.picklist(['mail', 'nothing', 'full']),
            notes: v.pipe(v.array(f.noteText), v.maxLength(limits.MAX_NOTES_PER_ANSWER)),
            more: v.boolean(),
          }),
          v.strictObject({ answer: v.literal('unknown') }),
        ]),
      ),
      v.maxLength(limits.MAX_RESOLVED),
    ),
  }),
  summary: 'Identity statements from a version on, and whether the account takes mail now.',
  changedServerLearns: 'network address, time, account, whose keys it asks for and how old its copies are',
});

const directoryUpdate = route({
  path: '/v1/directory/update',
  auth: 'session',
  maxBodyBytes: 131_072,
  request: v.strictObject({ statement: f.noteText }),
  response: v.strictObject({ version: f.u32 }),
  errors: ['statement_refused', 'too_many', 'key_log_closed'],
  summary: 'The next version of the own identity statement; its signatures are its authority.',
  changedServerLearns: 'network address, time, account, new public keys',
});

const directoryGiveBack = route({
  path: '/v1/directory/restore',
  auth: 'session',
  maxBodyBytes: 131_072,
  request: v.strictObject({ statement: f.noteText, opening: bytes(16) }),
  response: v.strictObject({ version: f.u32 }),
  errors: ['statement_refused', 'too_many', 'key_log_closed'],
  summary: 'A statement of the own address that the server has lost with a disk, back under its leaf of the key log.',
  changedServerLearns: 'network address, time, account, that it kept what the server once had',
});

export const accountRoutes = {
  accountAbout,
  accountNonce,
  accountClose,
  accountKeep,
  directoryResolve,
  directoryUpdate,
  directoryGiveBack,
} as const;
