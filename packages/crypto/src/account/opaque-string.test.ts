import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CryptoError } from '../errors.ts';
import { opaqueString } from './opaque-string.ts';

const unfit = { code: 'password_unfit' };

/** Null where the password is refused. */
function orNull(password: string): string | null {
  try {
    return opaqueString(password);
  } catch (error) {
    assert.ok(error instanceof CryptoError && error.code === 'password_unfit');
    return null;
  }
}

test('the examples of RFC 8265, section 4.3', () => {
  assert.equal(opaqueString('correct horse battery staple'), 'correct horse battery staple');
  assert.equal(opaqueString('Correct Horse Battery Staple'), 'Correct Horse Battery Staple');
  assert.equal(opaqueString('πßå'), 'πßå');
  assert.equal(opaqueString('Jack of ♦s'), 'Jack of ♦s');
  assert.equal(opaqueString('foo\u1680bar'), 'foo bar');
  assert.throws(() => opaqueString(''), unfit);
  assert.throws(() => opaqueString('my cat is a \u0009by'), unfit);
});

test('context: what looks like something else is taken only where its script is', () => {
  const taken = [
    'col·lega',
    '\u0375\u03b1',
    '\u05d0\u05f3',
    '\u05d0\u05f4',
    '・ア',
    'あ・',
    '中・',
    '٠١٢',
    '۰۱۲',
    'l·l·l',
  ];
  for (const password of taken) assert.equal(opaqueString(password), password);
  const refused = [
    '·l',
    'l·',
    'l·a',
    'a·l',
    '\u0375',
    '\u0375a',
    'α\u0375',
    '\u05f3',
    'a\u05f3',
    '\u05f3\u05d0',
    'a\u05f4',
  ];
  for (const password of [...refused, '・', 'a・b', '٠۰', '۰a٠', '٩۹', '۹٩']) {
    assert.throws(() => opaqueString(password), unfit, password);
  }
});

test('jamo and exceptions: both ends of each range, and what stands beside it', () => {
  const refused = [0x1100, 0x11ff, 0xa960, 0xa97c, 0xd7b0, 0xd7c6, 0xd7cb, 0xd7fb];
  const exceptions = [0x0640, 0x07fa, 0x302e, 0x302f, 0x3031, 0x3033, 0x3035, 0x303b];
  for (const point of [...refused, ...exceptions]) {
    assert.throws(() => opaqueString(`a${String.fromCodePoint(point)}`), unfit, point.toString(16));
  }
  for (const point of [
    0x10fd, 0x1200, 0xa95f, 0xd7a3, 0x063f, 0x0641, 0x07f9, 0x302d, 0x3030, 0x3036, 0x303a, 0x303c,
  ]) {
    assert.equal(opaqueString(String.fromCodePoint(point)), String.fromCodePoint(point), point.toString(16));
  }
});

test('every space of another script is a space', () => {
  const spaces = '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000';
  for (const space of spaces) assert.equal(opaqueString(`a${space}${space}b`), 'a  b');
});

test('a password in its form stays as it is, and decomposing it on the way changes nothing', () => {
  const typed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  let taken = 0;
  fc.assert(
    fc.property(typed, (password) => {
      const prepared = orNull(password);
      if (prepared === null) return;
      taken++;
      assert.equal(opaqueString(prepared), prepared);
      assert.equal(orNull(password.normalize('NFD')), prepared);
      assert.equal(orNull(password.normalize('NFC')), prepared);
    }),
    { numRuns: 500 },
  );
  assert.ok(taken > 50, `only ${taken} were taken`);
});

test('of any text at all: one form, or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (password) => {
      const prepared = orNull(password);
      if (prepared === null) return;
      assert.equal(prepared.normalize('NFC'), prepared);
      assert.doesNotMatch(prepared, /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
    }),
    { numRuns: 1000 },
  );
});

test('a refusal says why, and nothing of what was typed', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /empty/],
    ['secret\n', /cannot be seen or typed/],
    [`secret${'x'.repeat(1025)}`, /too long/],
    ['secret\ud800', /not a text/],
  ];
  for (const [password, message] of refused) {
    assert.throws(() => opaqueString(password), { code: 'password_unfit', message });
    assert.throws(
      () => opaqueString(password),
      (error: Error) => !error.message.includes('secret'),
    );
  }
});
