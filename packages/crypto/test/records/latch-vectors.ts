import { ascii, big, flip, hex, named, seal, sha256 } from './by-the-book.ts';
import type { RecordVector, RecordVectors } from './record-vector.ts';

const KINDS: readonly string[] = ['password', 'passkey', 'kit', 'device', 'trustees', 'organisation'];
const PLACE = {
  kek: named('kek', 32),
  account: named('account', 16),
  latch: named('latch', 16),
  kind: 'kit',
  generation: 2,
};
type Place = typeof PLACE;
const ROOT = named('vault root', 32);
const SALT = named('latch salt', 32);
const MALFORMED = 'throws latch_malformed';
const INVALID = 'throws argument_invalid';

function wrapped(place: Place, root: Uint8Array): Buffer {
  const ad = Buffer.concat([
    ascii('latchkey/v1/latch'),
    place.account,
    place.latch,
    big(KINDS.indexOf(place.kind) + 1, 1),
    big(place.generation, 4),
  ]);
  const info = Buffer.concat([ascii('latchkey/v1/latch-key'), sha256(ad)]);
  return Buffer.concat([big(1, 1), SALT, seal({ secret: place.kek, salt: SALT, info, plaintext: root, ad })]);
}

function toVector(id: string, change: Partial<Place>, bytes: Uint8Array, expect: string | null): RecordVector {
  const { kek, account, latch, kind, generation } = { ...PLACE, ...change };
  const input = { kek: hex(kek), account: hex(account), latch: hex(latch), kind, generation, wrapped: hex(bytes) };
  return { id, input, expect };
}

export function latchVectors(): RecordVectors {
  const good = wrapped(PLACE, ROOT);
  const opened = [
    ...KINDS.map((kind) => toVector(kind, { kind }, wrapped({ ...PLACE, kind }, ROOT), hex(ROOT))),
    ...[0, 0xffff_ffff].map((generation) => {
      const bytes = wrapped({ ...PLACE, generation }, ROOT);
      return toVector(`generation ${generation}`, { generation }, bytes, hex(ROOT));
    }),
  ];
  const moved: readonly (readonly [string, Partial<Place>])[] = [
    ['other key', { kek: flip(PLACE.kek, 0) }],
    ['other account', { account: flip(PLACE.account, 0) }],
    ['other latch', { latch: flip(PLACE.latch, -1) }],
    ['other kind', { kind: 'password' }],
    ['other generation', { generation: 3 }],
  ];
  const bytes: readonly (readonly [string, Uint8Array, string | null])[] = [
    ['salt changed', flip(good, 1), null],
    ['text changed', flip(good, 33), null],
    ['tag changed', flip(good, -1), null],
    ['version 0', Buffer.concat([big(0, 1), good.subarray(1)]), MALFORMED],
    ['version 2', Buffer.concat([big(2, 1), good.subarray(1)]), MALFORMED],
    ['one byte less', good.subarray(0, -1), MALFORMED],
    ['one byte more', Buffer.concat([good, Buffer.alloc(1)]), MALFORMED],
    ['a root of 31 bytes', wrapped(PLACE, ROOT.subarray(1)), MALFORMED],
    ['nothing', Buffer.alloc(0), MALFORMED],
  ];
  const own: readonly (readonly [string, Partial<Place>])[] = [
    ['key of 31 bytes', { kek: PLACE.kek.subarray(1) }],
    ['account of 15 bytes', { account: PLACE.account.subarray(1) }],
    ['latch of 17 bytes', { latch: named('latch', 17) }],
    ['generation below 0', { generation: -1 }],
    ['generation above 2^32 - 1', { generation: 2 ** 32 }],
  ];
  return {
    kind: 'latch',
    cases: [
      ...opened,
      ...moved.map(([id, change]) => toVector(id, change, good, null)),
      ...bytes.map(([id, changed, expect]) => toVector(id, {}, changed, expect)),
      ...own.map(([id, change]) => toVector(id, change, good, INVALID)),
    ],
  };
}
