import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../test/streams.ts';
import { encodeBase64 } from './base64.ts';
import { textOfBytes } from './bytes.ts';
import { knownStanzas } from './known-stanza.ts';
import type { Stanza } from './stanza.ts';

const BODY = new Uint8Array(32).fill(7);
const text = (lengthBytes: number) => textOfBytes(encodeBase64(new Uint8Array(lengthBytes).fill(9)));
const stanza = (args: readonly string[], body = BODY): Stanza => ({ args, body });

const SOUND: Readonly<Record<string, readonly string[]>> = {
  mlkem768x25519: ['mlkem768x25519', text(1120)],
  X25519: ['X25519', text(32)],
  scrypt: ['scrypt', text(16), '18'],
};

test('known stanzas are taken apart, unknown ones passed over, in their order', () => {
  const known = knownStanzas([stanza(SOUND['X25519']!), stanza(['grease', 'x']), stanza(SOUND['mlkem768x25519']!)]);
  assert.deepEqual(known, [
    { kind: 'X25519', share: new Uint8Array(32).fill(9), body: BODY },
    { kind: 'mlkem768x25519', encapsulation: new Uint8Array(1120).fill(9), body: BODY },
  ]);
  assert.deepEqual(knownStanzas([stanza(SOUND['scrypt']!)]), [
    { kind: 'scrypt', salt: new Uint8Array(16).fill(9), logN: 18, body: BODY },
  ]);
});

test('kinds are told by their exact name', () => {
  for (const name of ['x25519', 'Scrypt', 'MLKEM768X25519', 'X25519 ', 'mlkem768p256tag', 'p256tag'])
    assert.deepEqual(knownStanzas([stanza([name, 'x'])]), []);
});

for (const [kind, args] of Object.entries(SOUND)) {
  test(`${kind}: a stanza with other arguments or another body is refused`, () => {
    const [name = '', share = '', ...more] = args;
    const wrong: Stanza[] = [
      stanza([name]),
      stanza(args.slice(0, -1)),
      stanza([...args, 'more']),
      stanza([name, share.slice(0, -1), ...more]),
      stanza([name, `${share}=`, ...more]),
      stanza([name, text(31), ...more]),
      stanza([name, text(33), ...more]),
      stanza([name, text(1119), ...more]),
      stanza([name, text(1121), ...more]),
      stanza([name, text(15), ...more]),
      stanza([name, text(17), ...more]),
      stanza([name, '', ...more]),
      stanza(args, new Uint8Array(31)),
      stanza(args, new Uint8Array(33)),
      stanza(args, new Uint8Array(0)),
    ];
    for (const one of wrong) assert.throws(() => knownStanzas([one]), hasCode('header_malformed'), one.args.join(' '));
  });
}

test('a work factor is digits without a leading zero', () => {
  const withWork = (logN: string) => knownStanzas([stanza(['scrypt', text(16), logN])]);
  for (const logN of ['', '0', '018', '-1', '+1', '1.0', '1e1', '0x10', '18 ', ' 18', '\u0661', 'NaN'])
    assert.throws(() => withWork(logN), hasCode('header_malformed'), logN);
  assert.deepEqual(
    withWork('1').map((one) => (one.kind === 'scrypt' ? one.logN : null)),
    [1],
  );
  assert.deepEqual(
    withWork(`1${'0'.repeat(400)}`).map((one) => (one.kind === 'scrypt' ? one.logN : null)),
    [Infinity],
  );
});

test('a passphrase stanza stands alone, whatever stands beside it', () => {
  const passphrase = stanza(SOUND['scrypt']!);
  for (const other of [passphrase, stanza(SOUND['X25519']!), stanza(SOUND['mlkem768x25519']!), stanza(['grease'])]) {
    assert.throws(() => knownStanzas([passphrase, other]), hasCode('header_malformed'));
    assert.throws(() => knownStanzas([other, passphrase]), hasCode('header_malformed'));
  }
});
