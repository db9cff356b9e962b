import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TlogError } from '../errors.ts';
import { MAX_CHECKPOINT_CHARS } from '../limits.ts';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint.ts';

// The example of C2SP tlog-checkpoint.
const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

const line = fc.string({
  unit: fc.constantFrom('a', ' ', 'é', '—', '+', '\u{1f511}', '='),
  minLength: 1,
  maxLength: 9,
});
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record(
  {
    origin: line,
    size: fc.oneof(fc.nat(), fc.maxSafeNat()),
    rootHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    extensions: fc.array(line, { maxLength: 3 }),
  },
  { noNullPrototype: true },
);

test("the specification's example is read and written back", () => {
  const parsed = parseCheckpoint(example);
  assert.deepEqual(
    { ...parsed, rootHash: Buffer.from(parsed.rootHash).toString('hex') },
    {
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      rootHash: '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62',
      extensions: [],
    },
  );
  assert.equal(formatCheckpoint(parsed), example);
  assert.deepEqual(parseCheckpoint(`${example}one\ntwo three\n`).extensions, ['one', 'two three']);
});

test('what format writes, parse reads', () => {
  fc.assert(fc.property(checkpoint, (value) => assert.deepEqual(parseCheckpoint(formatCheckpoint(value)), value)));
});

test('a changed text is refused or is what format writes', () => {
  fc.assert(
    fc.property(
      checkpoint,
      fc.nat(),
      fc.constantFrom('', '\n', '0', 'A', '=', ' ', '\r', '\0'),
      (value, place, put) => {
        const text = formatCheckpoint(value);
        const at = place % text.length;
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        try {
          assert.equal(formatCheckpoint(parseCheckpoint(changed)), changed);
        } catch (error) {
          if (!(error instanceof TlogError)) throw error;
          assert.equal(error.code, 'checkpoint_malformed');
        }
      },
    ),
    { numRuns: 1000 },
  );
});

const hash = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
for (const [name, text] of [
  ['nothing', ''],
  ['no newline at the end', `o\n1\n${hash}`],
  ['two lines', 'o\n1\n'],
  ['no origin', `\n1\n${hash}\n`],
  ['an empty extension line', `o\n1\n${hash}\n\n`],
  ['an empty extension line before another', `o\n1\n${hash}\n\nx\n`],
  ['a leading zero', `o\n01\n${hash}\n`],
  ['a sign', `o\n+1\n${hash}\n`],
  ['white space after the size', `o\n1 \n${hash}\n`],
  ['a size past 2^53 − 1', `o\n9007199254740992\n${hash}\n`],
  ['a short hash', 'o\n1\nAAAA\n'],
  ['31 bytes of hash', `o\n1\n${Buffer.alloc(31).toString('base64')}\n`],
  ['33 bytes of hash', `o\n1\n${Buffer.alloc(33).toString('base64')}\n`],
  ['a hash without padding', `o\n1\n${hash.slice(0, -1)}\n`],
  ['a hash with bits to spare', `o\n1\n${hash.slice(0, -2)}J=\n`],
  ['a hash of the other alphabet', `o\n1\n${hash.replace('/', '_')}\n`],
  ['a carriage return', `o\r\n1\n${hash}\n`],
  ['a tab', `o\to\n1\n${hash}\n`],
  ['a control character', `o\u001f\n1\n${hash}\n`],
  ['half a surrogate pair', `o\ud800\n1\n${hash}\n`],
  ['too much', `o\n1\n${hash}\n${'x'.repeat(MAX_CHECKPOINT_CHARS)}\n`],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseCheckpoint(text), { name: 'TlogError', code: 'checkpoint_malformed' });
  });
}

test('the longest text is taken', () => {
  const room = MAX_CHECKPOINT_CHARS - `o\n1\n${hash}\n\n`.length;
  const text = `o\n1\n${hash}\n${'x'.repeat(room)}\n`;
  assert.equal(text.length, MAX_CHECKPOINT_CHARS);
  assert.equal(formatCheckpoint(parseCheckpoint(text)), text);
});

const good: Checkpoint = { origin: 'o', size: 1, rootHash: new Uint8Array(32), extensions: [] };
for (const [name, value] of [
  ['a size below 0', { ...good, size: -1 }],
  ['half a leaf', { ...good, size: 0.5 }],
  ['a hash of 31 bytes', { ...good, rootHash: new Uint8Array(31) }],
  ['an origin of two lines', { ...good, origin: 'o\nx' }],
  ['no origin', { ...good, origin: '' }],
  ['an empty extension line', { ...good, extensions: [''] }],
  ['a control character', { ...good, origin: 'o\u0001' }],
  ['half a surrogate pair', { ...good, origin: '\ud800' }],
  ['too much', { ...good, extensions: ['x'.repeat(MAX_CHECKPOINT_CHARS)] }],
] as const) {
  test(`not written: ${name}`, () => {
    assert.throws(() => formatCheckpoint(value), { name: 'TlogError', code: 'argument_invalid' });
  });
}
