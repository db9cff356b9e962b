import { hkdfSync } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { bech32 } from '@scure/base';
import { identityToRecipient } from 'age-encryption';
import { ascii, big, hex, named, sha256 } from '../records/by-the-book.ts';
import type { AccountVector, AccountVectors } from './account-vector.ts';

const ENTROPY = named('kit entropy', 32);
const ADDRESS = 'alice@example.org';
const INVALID = 'throws argument_invalid';

/** BIP-39's own vectors for 32 bytes, as its authors published them. */
const PUBLISHED: readonly (readonly [entropy: string, words: string])[] = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  [
    '7f'.repeat(32),
    `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`,
  ],
  [
    '80'.repeat(32),
    `${'letter advice cage absurd amount doctor acoustic avoid '.repeat(2)}letter advice cage absurd amount doctor acoustic bless`,
  ],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
];
const [, WINNER] = PUBLISHED[1] ?? ['', ''];

function words(id: string, text: string, expect: AccountVector['expect']): AccountVector {
  return { id, input: { text }, expect };
}

const unknown = (position: number): AccountVector['expect'] => ({ outcome: 'unknown_word', position });
const count = (found: number): AccountVector['expect'] => ({ outcome: 'wrong_count', words: found });
const CHECKSUM = { outcome: 'checksum_wrong' };

export function kitWordsVectors(): AccountVectors {
  const entropy = '7f'.repeat(32);
  const parts = WINNER.split(' ');
  return {
    kind: 'kit-words',
    cases: [
      ...PUBLISHED.map(([value, text]) =>
        words(`published ${value.slice(0, 2)}`, text, { outcome: 'kit', entropy: value }),
      ),
      words('capitals', WINNER.toUpperCase(), { outcome: 'kit', entropy }),
      words('lines and spaces', `\r\n ${parts.join(' \n\t')}\u00a0`, { outcome: 'kit', entropy }),
      words('nothing', '', count(0)),
      words('white space', ' \n ', count(0)),
      words('23 words', parts.slice(1).join(' '), count(23)),
      words('25 words', `${WINNER} legal`, count(25)),
      words('twelve words of another wallet', `${'abandon '.repeat(11)}about`, count(12)),
      words('joined by commas', parts.join(','), count(1)),
      words('first word unknown', `latchkey ${parts.slice(1).join(' ')}`, unknown(1)),
      words('last word unknown', `${parts.slice(0, 23).join(' ')} titles`, unknown(24)),
      words('two unknown: the first', parts.with(4, 'wav').with(9, 'winer').join(' '), unknown(5)),
      words('four letters of a word', parts.with(0, 'lega').join(' '), unknown(1)),
      words('a capital that is no ASCII letter', parts.with(2, 'than\u212a').join(' '), unknown(3)),
      words('last word is another', parts.with(23, 'year').join(' '), CHECKSUM),
      words('two words changed places', parts.with(0, 'winner').with(1, 'legal').join(' '), CHECKSUM),
    ],
  };
}

function derived(info: Uint8Array | string, lengthBytes = 32, entropy: Uint8Array = ENTROPY): Buffer {
  return Buffer.from(hkdfSync('sha256', entropy, Buffer.alloc(0), info, lengthBytes));
}

async function keys(id: string, entropy: Uint8Array, generation: number): Promise<AccountVector> {
  const rescue = derived('latchkey/v1/kit-seal', 32, entropy);
  const rescueIdentity = bech32.encode('age-secret-key-pq-', bech32.toWords(rescue)).toUpperCase();
  const seeds = derived('latchkey/v1/kit-sign', 64, entropy);
  const ed25519Seed = seeds.subarray(0, 32);
  const mldsa44Seed = seeds.subarray(32);
  const hash = sha256(ed25519.getPublicKey(ed25519Seed), ml_dsa44.keygen(Uint8Array.from(mldsa44Seed)).publicKey);
  const kekInfo = Buffer.concat([ascii('latchkey/v1/kit-kek'), ascii(ADDRESS), big(generation, 4)]);
  return {
    id,
    input: { entropy: hex(entropy), address: ADDRESS, generation },
    expect: {
      rescueIdentity,
      rescueRecipient: await identityToRecipient(rescueIdentity),
      kek: hex(derived(kekInfo, 32, entropy)),
      ed25519Seed: hex(ed25519Seed),
      mldsa44Seed: hex(mldsa44Seed),
      recoveryKeysHash: hex(hash),
      recoveryKeyName: `latchkey/${hash.toString('base64url').slice(0, 22)}`,
    },
  };
}

function refused(id: string, change: { entropy?: Uint8Array; address?: string; generation?: number }): AccountVector {
  const { entropy = ENTROPY, address = ADDRESS, generation = 1 } = change;
  return { id, input: { entropy: hex(entropy), address, generation }, expect: INVALID };
}

export async function kitKeysVectors(): Promise<AccountVectors> {
  return {
    kind: 'kit-keys',
    cases: [
      await keys('kit', ENTROPY, 1),
      await keys('another kit', named('another kit entropy', 32), 1),
      await keys('generation 0', ENTROPY, 0),
      await keys('generation 2^32 - 1', ENTROPY, 0xffff_ffff),
      refused('entropy of 16 bytes', { entropy: ENTROPY.subarray(16) }),
      refused('entropy of 33 bytes', { entropy: named('kit entropy', 33) }),
      refused('address with a space', { address: 'alice @example.org' }),
      refused('generation below 0', { generation: -1 }),
      refused('generation above 2^32 - 1', { generation: 2 ** 32 }),
    ],
  };
}
