import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TlogError } from '../errors.ts';
import { MAX_ADD_CHECKPOINT_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.ts';
import {
  formatCosignatures,
  formatSizeAnswer,
  parseCosignatures,
  parseSizeAnswer,
  witnessCheckpointPath,
} from './witness-answer.ts';

const signature =
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const note = `example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n${signature}`;
// The example of C2SP tlog-witness.
const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

${note}`;

test("the specification's request is read and written back", () => {
  const request = parseAddCheckpoint(Buffer.from(example));
  assert.equal(request.oldSize, 20_852_014);
  assert.equal(request.proof.length, 4);
  assert.equal(request.head.size, 20_852_163);
  assert.equal(request.note.signatures.length, 1);
  assert.equal(Buffer.from(request.checkpoint).toString(), note);
  assert.equal(Buffer.from(formatAddCheckpoint(request)).toString(), example);
});

test('a changed request is refused or is what format writes', () => {
  fc.assert(
    fc.property(fc.nat(example.length - 1), fc.constantFrom('', '\n', '0', 'A', '=', ' ', '\n\n', '\0'), (at, put) => {
      const changed = example.slice(0, at) + put + example.slice(at + 1);
      try {
        assert.equal(Buffer.from(formatAddCheckpoint(parseAddCheckpoint(Buffer.from(changed)))).toString(), changed);
      } catch (error) {
        if (!(error instanceof TlogError)) throw error;
        assert.match(error.code, /^(?:add_checkpoint|note|checkpoint)_malformed$/);
      }
    }),
    { numRuns: 2000 },
  );
});

const hash = `${Buffer.alloc(32).toString('base64')}\n`;
for (const [name, text] of [
  ['nothing', ''],
  ['no checkpoint', 'old 0\n'],
  ['no old size', `${hash}\n${note}`],
  ['another word', `new 0\n\n${note}`],
  ['an old size with a leading zero', `old 00\n\n${note}`],
  ['an old size below 0', `old -1\n\n${note}`],
  ['an old size past 2^53', `old 9007199254740992\n\n${note}`],
  ['a line that is no hash', `old 0\nAAAA\n\n${note}`],
  ['64 hashes', `old 0\n${hash.repeat(64)}\n${note}`],
  ['too much', `old 0\n${'x'.repeat(MAX_ADD_CHECKPOINT_BYTES)}\n\n${note}`],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseAddCheckpoint(Buffer.from(text)), { name: 'TlogError', code: 'add_checkpoint_malformed' });
  });
}

test('63 hashes are taken', () => {
  assert.equal(parseAddCheckpoint(Buffer.from(`old 0\n${hash.repeat(63)}\n${note}`)).proof.length, 63);
});

test('what no request holds is not written', () => {
  const request = parseAddCheckpoint(Buffer.from(example));
  assert.throws(() => formatAddCheckpoint({ ...request, oldSize: -1 }), { code: 'argument_invalid' });
  assert.throws(() => formatAddCheckpoint({ ...request, proof: [new Uint8Array(1)] }), { code: 'argument_invalid' });
  assert.throws(() => formatAddCheckpoint({ ...request, checkpoint: Buffer.from('x\n') }), { code: 'note_malformed' });
  const long = Buffer.from(`${note}${signature.replace(/sofa/, 's'.repeat(MAX_ADD_CHECKPOINT_BYTES))}`);
  assert.throws(() => formatAddCheckpoint({ ...request, checkpoint: long }), { code: 'argument_invalid' });
});

test('cosignature lines are written and read', () => {
  const lines = parseCosignatures(Buffer.from(signature.repeat(2)));
  assert.equal(lines.length, 2);
  assert.equal(lines[0]?.keyName, 'example.com/behind-the-sofa');
  assert.equal(Buffer.from(formatCosignatures(lines)).toString(), signature.repeat(2));
  assert.equal(parseCosignatures(Buffer.from(signature.repeat(MAX_NOTE_SIGNATURES))).length, MAX_NOTE_SIGNATURES);
});

for (const [name, body, code] of [
  ['nothing', Buffer.from(''), 'cosignature_malformed'],
  ['no newline at the end', Buffer.from(signature.slice(0, -1)), 'cosignature_malformed'],
  ['not UTF-8', Buffer.from([0xff, 0x0a]), 'cosignature_malformed'],
  ['too many', Buffer.from(signature.repeat(MAX_NOTE_SIGNATURES + 1)), 'cosignature_malformed'],
  ['too much', Buffer.alloc(MAX_ADD_CHECKPOINT_BYTES + 1), 'cosignature_malformed'],
  ['an empty line', Buffer.from(`${signature}\n`), 'note_malformed'],
  ['a whole note', Buffer.from(note), 'note_malformed'],
] as const) {
  test(`an answer refused: ${name}`, () => {
    assert.throws(() => parseCosignatures(body), { name: 'TlogError', code });
  });
}

test('an answer has one to a hundred lines', () => {
  const [line] = parseCosignatures(Buffer.from(signature));
  assert.ok(line !== undefined);
  assert.throws(() => formatCosignatures([]), { code: 'argument_invalid' });
  const many = Array.from({ length: MAX_NOTE_SIGNATURES + 1 }, () => line);
  assert.throws(() => formatCosignatures(many), { code: 'argument_invalid' });
});

test('a size is a number and a newline', () => {
  assert.equal(formatSizeAnswer(5), '5\n');
  assert.equal(parseSizeAnswer('5\n'), 5);
  for (const text of ['', '5', '05\n', '5\n\n', '-5\n', 'five\n', '5 \n'])
    assert.equal(parseSizeAnswer(text), null, text);
  assert.throws(() => formatSizeAnswer(0.5), { code: 'argument_invalid' });
});

test('a witness shows a log under the hash of its origin', () => {
  // printf example.com | sha256sum
  const expected = 'a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947/checkpoint';
  assert.equal(witnessCheckpointPath('example.com'), expected);
});
