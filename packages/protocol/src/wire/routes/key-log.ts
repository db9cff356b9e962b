import * as v from 'valibot';
import { bytes, bytesUpTo } from '../bytes.ts';
import * as f from '../fields.ts';
import * as limits from '../limits.ts';
import { route } from '../route.ts';

const get = { method: 'GET', auth: 'none', takes: 'none', maxBodyBytes: 0 } as const;
const seen = 'network address and time of whoever asks';

/** Signed notes and entries made of them, unverified. */
const logText = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.MAX_LOG_ENTRY_CHARS));
const proof = v.pipe(v.array(f.hash), v.maxLength(limits.MAX_PROOF_HASHES));
const log = v.picklist(['keys', 'index']);

const ktResolve = route({
  path: '/kt/resolve',
  auth: 'session',
  request: v.strictObject({
    wanted: v.pipe(
      v.array(v.strictObject({ address: f.address, fromVersion: f.u32 })),
      v.minLength(1),
      v.maxLength(limits.MAX_RESOLVED),
    ),
    /** Sizes of the last head that the client keeps; null where it has none. */
    known: v.nullable(v.strictObject({ indexSize: f.number, keysSize: f.number })),
  }),
  response: v.strictObject({
    /** One for all answers. */
    head: v.strictObject({
      indexCheckpoint: logText,
      indexLeaf: logText,
      indexInclusion: proof,
      /** From the sizes that the client knows; empty where it knows none, or larger ones. */
      indexConsistency: proof,
      keysConsistency: proof,
    }),
    /** In the order asked, at least one; where size cuts it short, ask again for the rest. */
    answers: v.pipe(
      v.array(
        v.strictObject({
          takes: v.picklist(['mail', 'nothing', 'full', 'unknown']),
          vrfProof: bytes(80),
          /** Of all versions in the key log; empty where it has none. */
          positions: v.pipe(v.array(f.count), v.maxLength(limits.MAX_VERSIONS)),
          mapProof: bytesUpTo(limits.MAX_MAP_PROOF_BYTES),
          /** From the wanted version on. */
          leaves: v.pipe(
            v.array(
              v.strictObject({
                leaf: bytes(66),
                inclusion: proof,
                /** Null where what was said is deleted. */
                opened: v.nullable(v.strictObject({ opening: bytes(16), note: f.noteText })),
              }),
            ),
            v.maxLength(limits.MAX_VERSIONS),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(limits.MAX_RESOLVED),
    ),
  }),
  errors: ['head_missing'],
  summary: 'Identity statements with the proof that they are the newest ones, or that there are none.',
  changedServerLearns: 'network address, time, account, whose keys it asks for and how old its copies are',
});

const ktLookup = route({
  ...get,
  path: '/kt/lookup/:index',
  request: v.strictObject({ index: v.pipe(v.string(), v.maxLength(64), v.regex(/^[0-9a-f]{64}$/)) }),
  response: v.record(v.pipe(v.string(), v.maxLength(64)), v.unknown()),
  errors: ['head_missing'],
  summary: 'What the index says about one key of it: a LookupResponse of VIndex.',
  changedServerLearns: 'network address and time of whoever asks, and about which address, where it is a known one',
});

const verifierKeys = v.pipe(v.array(v.pipe(v.string(), v.maxLength(4_096))), v.minLength(1), v.maxLength(2));
const logName = v.strictObject({ origin: v.pipe(v.string(), v.maxLength(512)), verifierKeys });

const ktPolicy = route({
  ...get,
  path: '/kt/policy',
  request: f.nothing,
  response: v.strictObject({
    domain: v.pipe(v.string(), v.maxLength(253)),
    /** A tlog-policy; its SHA-256 is `policy` of `/.well-known/latchkey`. */
    policy: v.pipe(v.string(), v.maxLength(limits.MAX_POLICY_CHARS)),
    /** Ed25519, then ML-DSA-44. */
    keys: logName,
    index: logName,
    vrf: f.key,
    format: v.literal(1),
  }),
  summary: 'Keys of both logs and who witnesses them, as this server says. Nobody has to believe it.',
  changedServerLearns: seen,
});

const ktCheckpoint = route({
  ...get,
  path: '/kt/:log/checkpoint',
  gives: 'text',
  request: v.strictObject({ log }),
  response: f.nothing,
  errors: ['not_found'],
  summary: 'The newest head of a log that enough witnesses have signed (C2SP tlog-tiles).',
  changedServerLearns: seen,
});

const ktTile = route({
  ...get,
  path: '/kt/:log/tile/:tile',
  takesRest: true,
  gives: 'blob',
  request: v.strictObject({
    log,
    /** As in C2SP tlog-tiles, behind `tile/`. */
    tile: v.pipe(v.string(), v.maxLength(limits.MAX_TILE_PATH_CHARS), v.regex(/^[0-9a-z./]+$/)),
  }),
  response: f.nothing,
  errors: ['not_found'],
  summary: 'Hashes or entries of a log (C2SP tlog-tiles).',
  changedServerLearns: seen,
});

const ktHours = route({
  ...get,
  path: '/kt/index/hours/:day',
  request: v.strictObject({ day: v.pipe(v.string(), v.maxLength(10), v.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)) }),
  response: v.strictObject({
    /** For each hour of the day that has one, the first head of the index log in it. Never changes once it is there. */
    heads: v.pipe(v.array(v.strictObject({ hour: f.hour, note: logText })), v.maxLength(24)),
  }),
  summary: 'The hourly heads of a day, the same for everybody.',
  changedServerLearns: seen,
});

export const keyLogRoutes = { ktResolve, ktLookup, ktPolicy, ktCheckpoint, ktTile, ktHours } as const;
