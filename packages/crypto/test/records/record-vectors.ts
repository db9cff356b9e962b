import { ascii, big, flip, hex, named, padded, seal, sha256 } from './by-the-book.ts';
import type { RecordVector, RecordVectors } from './record-vector.ts';

const PLACE = {
  epochSecret: named('epoch secret', 32),
  space: named('space', 16),
  epoch: 7,
  record: named('record', 16),
  version: 3n,
  membershipNote: named('membership note', 32) as Buffer | null,
};
type Place = typeof PLACE;
const SALT = named('record salt', 32);
const BODY = named('record body', 100);
const DAMAGED = 'throws record_damaged';
const MALFORMED = 'throws record_malformed';
const INVALID = 'throws argument_invalid';

function sealed(place: Place, plaintext: Uint8Array): Buffer {
  const ad = Buffer.concat([
    ascii('latchkey/v1/record\0'),
    place.space,
    big(place.epoch, 4),
    place.record,
    big(place.version, 8),
    place.membershipNote ?? Buffer.alloc(32),
  ]);
  const info = Buffer.concat([ascii('latchkey/v1/record'), sha256(ad)]);
  const inner = seal({ secret: place.epochSecret, salt: SALT, info, plaintext, ad });
  return Buffer.concat([big(1, 1), big(place.epoch, 4), SALT, inner]);
}

interface Case {
  readonly id: string;
  readonly place?: Partial<Place>;
  readonly sealed: Uint8Array;
  readonly expect: RecordVector['expect'];
}

function toVector({ id, place, sealed: bytes, expect }: Case): RecordVector {
  const { epochSecret, space, epoch, record, version, membershipNote } = { ...PLACE, ...place };
  return {
    id,
    input: {
      epochSecret: hex(epochSecret),
      space: hex(space),
      epoch,
      record: hex(record),
      version: version.toString(),
      membershipNote: membershipNote === null ? '' : hex(membershipNote),
      sealed: hex(bytes),
    },
    expect,
  };
}

/** Body length and the padded size that belongs to it. */
const SIZES: readonly (readonly [bodyBytes: number, paddedBytes: number])[] = [
  [0, 256],
  [1, 256],
  [248, 256],
  [249, 1024],
  [1016, 1024],
  [1017, 4096],
  [4088, 4096],
  [4089, 16384],
  [16376, 16384],
  [16377, 17408],
  [17400, 17408],
  [17401, 18432],
];

function openedCases(): Case[] {
  const sizes = SIZES.map(([bodyBytes, paddedBytes]): Case => {
    const body = named('record body', bodyBytes);
    return { id: `body of ${bodyBytes} bytes`, sealed: sealed(PLACE, padded(body, paddedBytes)), expect: hex(body) };
  });
  const places: readonly (readonly [string, Partial<Place>])[] = [
    ['space of one', { membershipNote: null }],
    ['lowest numbers', { epoch: 0, version: 0n }],
    ['highest numbers', { epoch: 0xffff_ffff, version: 0xffff_ffff_ffff_ffffn }],
  ];
  return [
    ...sizes,
    ...places.map(([id, place]): Case => {
      const bytes = sealed({ ...PLACE, ...place }, padded(BODY, 256));
      return { id, place, sealed: bytes, expect: hex(BODY) };
    }),
  ];
}

function refusedCases(): Case[] {
  const good = sealed(PLACE, padded(BODY, 256));
  const plain = padded(BODY, 256);
  const overwritten = (at: number): Buffer => Buffer.from(plain).fill(1, at, at + 1);
  const withLength = (length: bigint): Buffer => Buffer.concat([big(length, 8), plain.subarray(8)]);
  const paddings: readonly (readonly [string, Uint8Array])[] = [
    ['first byte after the body not zero', overwritten(108)],
    ['last byte of the padding not zero', overwritten(255)],
    ['length one beyond the bytes', withLength(249n)],
    ['length far beyond the bytes', withLength(2n ** 63n)],
    ['right length with its first byte set', withLength(100n + 2n ** 56n)],
    ['length shorter than the body', withLength(99n)],
    ['padded to the next step', padded(BODY, 1024)],
    ['padded to no step', padded(BODY, 272)],
    ['long body padded too far', padded(named('record body', 16377), 18432)],
    ['long body not padded', padded(named('record body', 16377), 16385)],
  ];
  const moved: readonly (readonly [string, Partial<Place>])[] = [
    ['other space', { space: flip(PLACE.space, 0) }],
    ['other record', { record: flip(PLACE.record, -1) }],
    ['other version', { version: 4n }],
    ['version with a high bit', { version: 3n + 2n ** 63n }],
    ['other membership note', { membershipNote: flip(PLACE.membershipNote ?? SALT, 0) }],
    ['no membership note', { membershipNote: null }],
    ['other epoch secret', { epochSecret: flip(PLACE.epochSecret, 0) }],
  ];
  const bytes: readonly (readonly [string, Uint8Array, string])[] = [
    ['salt changed', flip(good, 5), DAMAGED],
    ['first byte of the text changed', flip(good, 37), DAMAGED],
    ['tag changed', flip(good, -1), DAMAGED],
    ['one byte more', Buffer.concat([good, Buffer.alloc(1)]), DAMAGED],
    ['one byte less, still long enough', sealed(PLACE, padded(BODY, 257)).subarray(0, -1), DAMAGED],
    ['version 0', Buffer.concat([big(0, 1), good.subarray(1)]), MALFORMED],
    ['version 2', Buffer.concat([big(2, 1), good.subarray(1)]), MALFORMED],
    ['another epoch in the bytes', flip(good, 4), MALFORMED],
    ['another epoch in the bytes, high', flip(good, 1), MALFORMED],
    ['shorter than the shortest', good.subarray(0, -1), MALFORMED],
    ['prefix only', good.subarray(0, 5), MALFORMED],
    ['nothing', Buffer.alloc(0), MALFORMED],
  ];
  const own: readonly (readonly [string, Partial<Place>])[] = [
    ['space of 15 bytes', { space: PLACE.space.subarray(1) }],
    ['record of 17 bytes', { record: named('record', 17) }],
    ['membership note of 31 bytes', { membershipNote: named('membership note', 31) }],
    ['epoch secret of 31 bytes', { epochSecret: PLACE.epochSecret.subarray(1) }],
    ['epoch below 0', { epoch: -1 }],
    ['epoch above 2^32 - 1', { epoch: 2 ** 32 }],
    ['version below 0', { version: -1n }],
    ['version above 2^64 - 1', { version: 2n ** 64n }],
  ];
  return [
    ...paddings.map(([id, plaintext]): Case => ({ id, sealed: sealed(PLACE, plaintext), expect: DAMAGED })),
    ...moved.map(([id, place]): Case => ({ id, place, sealed: good, expect: DAMAGED })),
    ...bytes.map(([id, changed, expect]): Case => ({ id, sealed: changed, expect })),
    ...own.map(([id, place]): Case => ({ id, place, sealed: good, expect: INVALID })),
  ];
}

export function recordVectors(): RecordVectors {
  return { kind: 'record', cases: [...openedCases(), ...refusedCases()].map(toVector) };
}
