/** ChaCha20-Poly1305 (RFC 8439), SHA-256, HMAC and HKDF (RFC 5869), scrypt (RFC 7914). */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Corpus, CorpusAnswer, CorpusCase } from '../../src/engine/corpus.ts';
import { patternBytes } from './pattern-bytes.ts';

const INVALID = 'throws argument_invalid';
const EMPTY = new Uint8Array(0);

type Fields = Record<string, Uint8Array | number>;

function toCase(id: string, action: string, fields: Fields, expect: CorpusAnswer | Uint8Array): CorpusCase {
  const input: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields))
    input[name] = typeof value === 'number' ? value : bytesToHex(value);
  return { id, action, input, expect: expect instanceof Uint8Array ? bytesToHex(expect) : expect };
}

type AeadFields = Record<'key' | 'nonce' | 'ad' | 'bytes', Uint8Array>;

/** RFC 8439, section 2.8.2. */
const RFC_8439: AeadFields = {
  key: hexToBytes('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'),
  nonce: hexToBytes('070000004041424344454647'),
  ad: hexToBytes('50515253c0c1c2c3c4c5c6c7'),
  bytes: utf8ToBytes(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  ),
};
const RFC_8439_TAG = '1ae10b594f09e26a7e902ecbd0600691';

export function aeadCorpus(): Corpus {
  const cases: CorpusCase[] = [];
  const key = patternBytes('aead key', 32);
  const nonce = patternBytes('aead nonce', 12);
  const sealOf = (fields: AeadFields): Uint8Array =>
    chacha20poly1305(fields.key, fields.nonce, fields.ad).encrypt(fields.bytes);
  const both = (id: string, fields: AeadFields): void => {
    const sealed = sealOf(fields);
    cases.push(toCase(`${id}, seal`, 'aeadSeal', fields, sealed));
    cases.push(toCase(`${id}, open`, 'aeadOpen', { ...fields, bytes: sealed }, fields.bytes));
  };
  if (bytesToHex(sealOf(RFC_8439)).slice(-32) !== RFC_8439_TAG) throw new Error('RFC 8439 is misquoted');
  both('RFC 8439', RFC_8439);
  for (const lengthBytes of [0, 1, 15, 16, 17, 63, 64, 65, 255, 1024, 4097]) {
    const bytes = patternBytes(`aead text ${lengthBytes}`, lengthBytes);
    both(`${lengthBytes} bytes`, { key, nonce, ad: EMPTY, bytes });
    both(`${lengthBytes} bytes and data`, { key, nonce, ad: patternBytes('aead ad', lengthBytes % 37), bytes });
  }
  const good = { key, nonce, ad: patternBytes('aead ad', 20), bytes: patternBytes('aead text', 40) };
  const sealed = sealOf(good);
  const flip = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));
  const refused: readonly (readonly [string, Partial<AeadFields>])[] = [
    ['first byte', { bytes: flip(sealed, 0) }],
    ['last byte of the text', { bytes: flip(sealed, 39) }],
    ['first byte of the tag', { bytes: flip(sealed, 40) }],
    ['last byte of the tag', { bytes: flip(sealed, -1) }],
    ['tag cut to 15 bytes', { bytes: sealed.subarray(0, -1) }],
    ['tag cut to 12 bytes', { bytes: sealed.subarray(0, -4) }],
    ['first byte missing', { bytes: sealed.subarray(1) }],
    ['one byte more', { bytes: concatBytes(sealed, new Uint8Array(1)) }],
    ['tag only', { bytes: sealed.subarray(40) }],
    ['15 bytes', { bytes: sealed.subarray(0, 15) }],
    ['nothing', { bytes: EMPTY }],
    ['other data', { ad: flip(good.ad, 0) }],
    ['no data', { ad: EMPTY }],
    ['longer data', { ad: concatBytes(good.ad, new Uint8Array(1)) }],
    ['other nonce', { nonce: flip(nonce, -1) }],
    ['other key', { key: flip(key, 0) }],
  ];
  for (const [id, change] of refused) {
    cases.push(toCase(`refused: ${id}`, 'aeadOpen', { ...good, bytes: sealed, ...change }, null));
  }
  for (const action of ['aeadSeal', 'aeadOpen']) {
    cases.push(toCase(`${action}: key of 31 bytes`, action, { ...good, key: key.subarray(1) }, INVALID));
    cases.push(toCase(`${action}: nonce of 11 bytes`, action, { ...good, nonce: nonce.subarray(1) }, INVALID));
    cases.push(toCase(`${action}: nonce of 16 bytes`, action, { ...good, nonce: new Uint8Array(16) }, INVALID));
  }
  return { operation: 'chacha20poly1305', cases };
}

export function sha256Corpus(): Corpus {
  const abc = toCase(
    'abc (FIPS 180-4)',
    'sha256',
    { bytes: utf8ToBytes('abc') },
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  const cases = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000].map((lengthBytes) => {
    const bytes = patternBytes('sha256', lengthBytes);
    return toCase(`${lengthBytes} bytes`, 'sha256', { bytes }, sha256(bytes));
  });
  return { operation: 'sha256', cases: [abc, ...cases] };
}

/** RFC 5869, appendix A: secret, salt, info, result. */
const RFC_5869: readonly (readonly [string, string, string, string])[] = [
  [
    '0b'.repeat(22),
    '000102030405060708090a0b0c',
    'f0f1f2f3f4f5f6f7f8f9',
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  ['0b'.repeat(22), '', '', '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'],
];

export function hkdfCorpus(): Corpus {
  const cases = RFC_5869.map(([secret, salt, info, expect], index): CorpusCase => {
    const lengthBytes = expect.length / 2;
    return { id: `RFC 5869 ${index + 1}`, action: 'hkdfSha256', input: { secret, salt, info, lengthBytes }, expect };
  });
  const secret = patternBytes('hkdf secret', 32);
  const salt = patternBytes('hkdf salt', 32);
  const info = utf8ToBytes('latchkey/v1/record');
  for (const lengthBytes of [1, 16, 31, 32, 33, 64, 255 * 32]) {
    const fields = { secret, salt, info, lengthBytes };
    cases.push(toCase(`${lengthBytes} bytes`, 'hkdfSha256', fields, hkdf(sha256, secret, salt, info, lengthBytes)));
  }
  const noSecret = { secret: EMPTY, salt, info, lengthBytes: 32 };
  const more: CorpusCase[] = [
    toCase('empty secret', 'hkdfSha256', noSecret, hkdf(sha256, EMPTY, salt, info, 32)),
    ...[0, -1, 1.5, 255 * 32 + 1].map((lengthBytes) =>
      toCase(`refused: ${lengthBytes} bytes`, 'hkdfSha256', { secret, salt, info, lengthBytes }, INVALID),
    ),
    ...[0, 1, 32, 63, 64, 65, 200].map((keyBytes) => {
      const fields = { key: patternBytes('hmac key', keyBytes), bytes: patternBytes('hmac text', keyBytes * 2) };
      return toCase(`HMAC, key of ${keyBytes} bytes`, 'hmacSha256', fields, hmac(sha256, fields.key, fields.bytes));
    }),
  ];
  return { operation: 'hkdf', cases: [...cases, ...more] };
}

/** RFC 7914, section 12, the one vector with r = 8 and p = 1 that takes little memory. */
const RFC_7914 =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';

export function scryptCorpus(): Corpus {
  const passphrase = utf8ToBytes('pleaseletmein');
  const salt = utf8ToBytes('SodiumChloride');
  const cases = [toCase('RFC 7914', 'scrypt', { passphrase, salt, logN: 14, lengthBytes: 64 }, RFC_7914)];
  for (const logN of [1, 2, 10]) {
    for (const word of [EMPTY, passphrase]) {
      const fields = { passphrase: word, salt: patternBytes('scrypt salt', 16), logN, lengthBytes: 32 };
      const expect = scrypt(word, fields.salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
      cases.push(toCase(`N = 2^${logN}, passphrase of ${word.length} bytes`, 'scrypt', fields, expect));
    }
  }
  for (const logN of [0, -1, 1.5, 23]) {
    cases.push(toCase(`refused: N = 2^${logN}`, 'scrypt', { passphrase, salt, logN, lengthBytes: 32 }, INVALID));
  }
  for (const lengthBytes of [0, 65]) {
    cases.push(toCase(`refused: ${lengthBytes} bytes`, 'scrypt', { passphrase, salt, logN: 1, lengthBytes }, INVALID));
  }
  return { operation: 'scrypt', cases };
}
