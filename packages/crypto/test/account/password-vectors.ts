import { hkdfSync } from 'node:crypto';
import { ascii, big, hex, named, sha256 } from '../records/by-the-book.ts';
import type { AccountVector, AccountVectors } from './account-vector.ts';

const ACCOUNT_SECRET = named('account secret', 16);
const EXPORT_KEY = named('export key', 64);
const ADDRESS = 'alice@example.org';
const ORIGIN = 'https://mail.example.org';
const UNFIT = 'throws password_unfit';
const INVALID = 'throws argument_invalid';

interface Parts {
  readonly accountSecret: Uint8Array;
  readonly password: string;
  readonly address: string;
  readonly origin: string;
}

const PARTS: Parts = { accountSecret: ACCOUNT_SECRET, password: 'correct horse', address: ADDRESS, origin: ORIGIN };

/** `password` is what was typed, `prepared` its OpaqueString, worked out by hand. */
function inputOf({ accountSecret, address, origin }: Parts, prepared: string): string {
  const secret = Buffer.concat([accountSecret, Buffer.from(prepared, 'utf8')]);
  const salt = sha256(ascii(`${address}\0${origin}`));
  return Buffer.from(hkdfSync('sha256', secret, salt, 'latchkey/v1/opaque', 32)).toString('base64url');
}

function taken(id: string, change: Partial<Parts>, prepared?: string): AccountVector {
  const parts = { ...PARTS, ...change };
  const input = { ...parts, accountSecret: hex(parts.accountSecret) };
  return { id, input, expect: inputOf(parts, prepared ?? parts.password) };
}

function refused(id: string, change: Partial<Parts>, expect = UNFIT): AccountVector {
  const parts = { ...PARTS, ...change };
  return { id, input: { ...parts, accountSecret: hex(parts.accountSecret) }, expect };
}

const AS_TYPED: readonly (readonly [string, string])[] = [
  ['a password', 'correct horse'],
  ['capitals', 'Correct Horse'],
  ['one space', ' '],
  ['spaces at the ends', '  correct  horse '],
  ['signs', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
  ['letters of two bytes', 'пароль'],
  ['letters of three bytes', '密碼'],
  ['a sign of four bytes', '🐎'],
  ['wide letters stay wide', 'ａｂｃ'],
  ['a middle dot between two l', 'col·lega'],
  ['Arabic digits of one kind', '٣٤٥'],
  ['a katakana middle dot with kana', 'ア・'],
  ['1,024 units', 'x'.repeat(1024)],
];

const CHANGED: readonly (readonly [string, string, string])[] = [
  ['no-break space', 'correct\u00a0horse', 'correct horse'],
  ['ideographic space', 'correct\u3000horse', 'correct horse'],
  ['decomposed letters', 'pa\u0308sse\u0301', 'p\u00e4ss\u00e9'],
  ['composed letters', 'p\u00e4ss\u00e9', 'p\u00e4ss\u00e9'],
  ['a letter with another code', '\u212b', '\u00c5'],
  ['decomposed Hangul', '\u1112\u1161\u11ab', '\ud55c'],
];

const UNFIT_PASSWORDS: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['1,025 units', 'x'.repeat(1025)],
  ['a line end', 'correct\nhorse'],
  ['a zero byte', 'correct\0horse'],
  ['delete', 'correct\u007fhorse'],
  ['a control of C1', 'correct\u0085horse'],
  ['half a surrogate pair', 'correct\ud83dhorse'],
  ['a line separator', 'correct\u2028horse'],
  ['unassigned', 'correct\u0378horse'],
  ['private use', 'correct\ue000horse'],
  ['no character', 'correct\uffffhorse'],
  ['a soft hyphen', 'correct\u00adhorse'],
  ['a zero-width space', 'correct\u200bhorse'],
  ['a joiner', 'correct\u200dhorse'],
  ['a variation selector', '\u2764\ufe0f'],
  ['old Hangul jamo alone', '\u1112'],
  ['tatweel', '\u0640'],
  ['a middle dot elsewhere', 'a\u00b7b'],
  ['Arabic digits of both kinds', '\u0663\u06f3'],
  ['a katakana middle dot alone', 'a\u30fbb'],
];

export function passwordInputVectors(): AccountVectors {
  return {
    kind: 'password-input',
    cases: [
      ...AS_TYPED.map(([id, password]) => taken(id, { password })),
      ...CHANGED.map(([id, password, prepared]) => taken(id, { password }, prepared)),
      taken('another account secret', { accountSecret: named('another account secret', 16) }),
      taken('another address', { address: 'bob@example.org' }),
      taken('another origin', { origin: 'http://localhost:7700' }),
      ...UNFIT_PASSWORDS.map(([id, password]) => refused(id, { password })),
      refused('account secret of 15 bytes', { accountSecret: ACCOUNT_SECRET.subarray(1) }, INVALID),
      refused('account secret of 32 bytes', { accountSecret: named('account secret', 32) }, INVALID),
      refused('address with a capital', { address: 'Alice@example.org' }, INVALID),
      refused('address with a zero byte', { address: 'alice@example.org\0' }, INVALID),
      refused('origin with a path', { origin: 'https://mail.example.org/' }, INVALID),
    ],
  };
}

interface KekParts {
  readonly exportKey: Uint8Array;
  readonly accountSecret: Uint8Array;
  readonly address: string;
  readonly generation: number;
}

function kek(id: string, change: Partial<KekParts>, expect?: string): AccountVector {
  const parts: KekParts = {
    exportKey: EXPORT_KEY,
    accountSecret: ACCOUNT_SECRET,
    address: ADDRESS,
    generation: 1,
    ...change,
  };
  const input = { ...parts, exportKey: hex(parts.exportKey), accountSecret: hex(parts.accountSecret) };
  return { id, input, expect: expect ?? kekOf(parts) };
}

function kekOf({ exportKey, accountSecret, address, generation }: KekParts): string {
  const info = Buffer.concat([ascii('latchkey/v1/kek'), ascii(address), big(generation, 4)]);
  const secret = Buffer.concat([exportKey, accountSecret]);
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32)).toString('hex');
}

export function passwordKekVectors(): AccountVectors {
  return {
    kind: 'password-kek',
    cases: [
      kek('key', {}),
      kek('generation 0', { generation: 0 }),
      kek('generation 2^32 - 1', { generation: 0xffff_ffff }),
      kek('another address', { address: 'bob@example.org' }),
      kek('another export key', { exportKey: named('another export key', 64) }),
      kek('another account secret', { accountSecret: named('another account secret', 16) }),
      kek('export key of 63 bytes', { exportKey: EXPORT_KEY.subarray(1) }, INVALID),
      kek('account secret of 17 bytes', { accountSecret: named('account secret', 17) }, INVALID),
      kek('address that is none', { address: 'alice' }, INVALID),
      kek('generation below 0', { generation: -1 }, INVALID),
      kek('generation above 2^32 - 1', { generation: 2 ** 32 }, INVALID),
    ],
  };
}
