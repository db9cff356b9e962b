import { ascii, hex, named, sha256 } from './by-the-book.ts';
import type { RecordVectors } from './record-vector.ts';

/** Length, then `padme` of it: worked out by hand from the rule. */
const PADME: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [8, 8],
  [9, 10],
  [17, 18],
  [33, 36],
  [100, 104],
  [256, 256],
  [257, 272],
  [1000, 1024],
  [1025, 1088],
  [65536, 65536],
  [65537, 67584],
  [1_000_000, 1_015_808],
  [2 ** 32, 2 ** 32],
  [2 ** 32 + 1, 2 ** 32 + 2 ** 26],
  [2 ** 48 - 1, 2 ** 48],
  [2 ** 52, 2 ** 52],
];
const BODY: readonly (readonly [number, number])[] = [
  [0, 4096],
  [1, 4096],
  [4095, 4096],
  [4096, 4096],
  [4097, 4352],
  [5000, 5120],
];
const RECORD: readonly (readonly [number, number])[] = [
  [0, 256],
  [8, 256],
  [256, 256],
  [257, 1024],
  [1024, 1024],
  [1025, 4096],
  [4096, 4096],
  [4097, 16384],
  [16384, 16384],
  [16385, 17408],
  [100_000, 100_352],
];

export function paddingVectors(): RecordVectors {
  const taken = Object.entries({ padme: PADME, body: BODY, record: RECORD }).flatMap(([rule, pairs]) =>
    pairs.map(([lengthBytes, expect]) => ({ id: `${rule} of ${lengthBytes}`, input: { rule, lengthBytes }, expect })),
  );
  const refused = ['padme', 'body', 'record'].flatMap((rule) =>
    [-1, 1.5, 2 ** 52 + 1].map((lengthBytes) => ({
      id: `${rule} of ${lengthBytes}`,
      input: { rule, lengthBytes },
      expect: 'throws argument_invalid',
    })),
  );
  return { kind: 'padding', cases: [...taken, ...refused] };
}

export function itemVectors(): RecordVectors {
  const fileKey = named('file key', 16);
  const payloadNonce = named('payload nonce', 16);
  const invalid = 'throws argument_invalid';
  const item = hex(sha256(ascii('latchkey/v1/item\0'), fileKey, payloadNonce));
  const input = { fileKey: hex(fileKey), payloadNonce: hex(payloadNonce) };
  return {
    kind: 'item',
    cases: [
      { id: 'item', input, expect: item },
      { id: 'file key of 15 bytes', input: { ...input, fileKey: hex(fileKey.subarray(1)) }, expect: invalid },
      { id: 'file key of 32 bytes', input: { ...input, fileKey: hex(named('file key', 32)) }, expect: invalid },
      { id: 'nonce of 12 bytes', input: { ...input, payloadNonce: hex(payloadNonce.subarray(4)) }, expect: invalid },
      { id: 'nothing', input: { fileKey: '', payloadNonce: '' }, expect: invalid },
    ],
  };
}
