import { ascii, big, flip, hex, named, padded, seal, sha256 } from './by-the-book.ts';
import type { RecordVector, RecordVectors } from './record-vector.ts';

const PLACE = {
  fileKey: named('file key', 16),
  header: ascii('age-encryption.org/v1\n-> a stanza\n\n--- a MAC\n'),
  payloadNonce: named('payload nonce', 16),
};
type Place = typeof PLACE;
const BODY = named('delivery body', 300);
const DAMAGED = 'throws delivery_damaged';
const INVALID = 'throws argument_invalid';

function sealed(plaintext: Uint8Array): Buffer {
  const headerHash = sha256(PLACE.header);
  const ad = Buffer.concat([ascii('latchkey/v1/delivery'), headerHash, PLACE.payloadNonce]);
  return seal({ secret: PLACE.fileKey, salt: headerHash, info: ascii('latchkey/v1/delivery'), plaintext, ad });
}

function toVector(id: string, change: Partial<Place>, bytes: Uint8Array, expect: string): RecordVector {
  const { fileKey, header, payloadNonce } = { ...PLACE, ...change };
  const place = { fileKey: hex(fileKey), header: hex(header), payloadNonce: hex(payloadNonce) };
  return { id, input: { ...place, sealed: hex(bytes) }, expect };
}

export function deliveryVectors(): RecordVectors {
  const good = sealed(padded(BODY, 1024));
  const plain = padded(BODY, 1024);
  const opened = [0, 1, 300, 1015, 1016].map((lengthBytes) => {
    const body = named('delivery body', lengthBytes);
    return toVector(`body of ${lengthBytes} bytes`, {}, sealed(padded(body, 1024)), hex(body));
  });
  const bytes: readonly (readonly [string, Uint8Array])[] = [
    ['text changed', flip(good, 0)],
    ['tag changed', flip(good, -1)],
    ['one byte less', good.subarray(0, -1)],
    ['one byte more', Buffer.concat([good, Buffer.alloc(1)])],
    ['nothing', Buffer.alloc(0)],
    ['padded to 1,023', sealed(padded(BODY, 1023))],
    ['padded to 1,025', sealed(padded(BODY, 1025))],
    ['padding not zero', sealed(flip(plain, -1))],
    ['first byte after the body not zero', sealed(flip(plain, 308))],
    ['length one beyond the bytes', sealed(Buffer.concat([big(1017, 8), plain.subarray(8)]))],
  ];
  const moved: readonly (readonly [string, Partial<Place>])[] = [
    ['other file key', { fileKey: flip(PLACE.fileKey, 0) }],
    ['other header', { header: flip(PLACE.header, -2) }],
    ['other payload nonce', { payloadNonce: flip(PLACE.payloadNonce, -1) }],
  ];
  return {
    kind: 'delivery',
    cases: [
      ...opened,
      ...bytes.map(([id, changed]) => toVector(id, {}, changed, DAMAGED)),
      ...moved.map(([id, change]) => toVector(id, change, good, DAMAGED)),
      toVector('file key of 15 bytes', { fileKey: PLACE.fileKey.subarray(1) }, good, INVALID),
      toVector('payload nonce of 12 bytes', { payloadNonce: PLACE.payloadNonce.subarray(4) }, good, INVALID),
    ],
  };
}
