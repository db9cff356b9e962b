import { x25519 } from '@noble/curves/ed25519.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Corpus, CorpusCase } from '../../src/engine/corpus.ts';
import { littleEndian } from './ed25519-cases.ts';
import { LOW_ORDER_U } from './hybrid-kem-cases.ts';
import { patternBytes } from './pattern-bytes.ts';

const P = 2n ** 255n - 19n;

/** RFC 7748, section 5.2: scalar, u, result. The third is the first step of the iteration. */
const RFC_7748: readonly (readonly [string, string, string])[] = [
  [
    'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
    'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  ],
  [
    '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
    'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
    '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
  ],
  [
    '0900000000000000000000000000000000000000000000000000000000000000',
    '0900000000000000000000000000000000000000000000000000000000000000',
    '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
  ],
];

export function x25519Corpus(): Corpus {
  const secret = patternBytes('x25519 secret', 32);
  const high = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 31 ? byte | 0x80 : byte));
  const publicKeys: readonly (readonly [string, Uint8Array])[] = [
    ['9', littleEndian(9n)],
    ['9 + p', littleEndian(P + 9n)],
    ['9 with its highest bit set', high(littleEndian(9n))],
    ['18 + p', littleEndian(P + 18n)],
    ['a point of the twist', littleEndian(2n)],
    ['any', patternBytes('x25519 public', 32)],
  ];
  const refused: readonly (readonly [string, Uint8Array])[] = [
    ...LOW_ORDER_U.map((u, index) => [`low order ${index}`, u] as const),
    ...LOW_ORDER_U.map((u, index) => [`low order ${index}, highest bit set`, high(u)] as const),
    ['31 bytes', secret.subarray(1)],
    ['33 bytes', new Uint8Array(33).fill(9)],
    ['nothing', new Uint8Array(0)],
  ];
  const toCase = (id: string, publicKey: Uint8Array, expect: string | null): CorpusCase => ({
    id: `with ${id}`,
    action: 'x25519',
    input: { secretKey: bytesToHex(secret), publicKey: bytesToHex(publicKey) },
    expect,
  });
  return {
    operation: 'x25519',
    cases: [
      ...RFC_7748.map(([secretKey, publicKey, expect], index) => ({
        id: `RFC 7748 ${index + 1}`,
        action: 'x25519',
        input: { secretKey, publicKey },
        expect,
      })),
      ...publicKeys.map(([id, publicKey]) =>
        toCase(id, publicKey, bytesToHex(x25519.getSharedSecret(secret, publicKey))),
      ),
      ...refused.map(([id, publicKey]) => toCase(id, publicKey, null)),
      {
        id: 'public key',
        action: 'x25519PublicKey',
        input: { secretKey: bytesToHex(secret) },
        expect: bytesToHex(x25519.getPublicKey(secret)),
      },
      {
        id: 'secret key of 31 bytes',
        action: 'x25519PublicKey',
        input: { secretKey: '00'.repeat(31) },
        expect: 'throws argument_invalid',
      },
    ],
  };
}
