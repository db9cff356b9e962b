import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ed25519Cosigner,
  ed25519Key,
  mldsa44Cosigner,
  platformVerify,
  type PlatformKey,
} from '../../test/platform-key.ts';
import { formatNote } from '../note/format-note.ts';
import { parseNote } from '../note/parse-note.ts';
import { signNote } from '../note/sign-note.ts';
import { withSignatures } from '../note/with-signatures.ts';
import { allNoteTypes, ed25519CosignatureType, logTypes } from '../note/signature-type.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { verifyNote } from '../note/verify-note.ts';
import { cosign } from './cosign.ts';
import { cosignatureTime } from './cosignature-time.ts';
import { cosignatureVerifier, noteVerifier } from './cosignature-verifier.ts';
import { cosignedMessage } from './cosigned-message.ts';

const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const log = ed25519Key('example.com/behind-the-sofa');
const classical = ed25519Cosigner('witness.example.com/w1');
const hybrid = mldsa44Cosigner('witness.example.com/w2');
const note = await signNote({ text, signatures: [] }, [log]);

test('the Ed25519 message is the one of the specification', () => {
  const message = Buffer.from(cosignedMessage(classical.key, text, 1_679_315_147)).toString();
  assert.equal(message, `cosignature/v1\ntime 1679315147\n${text}`);
});

test('the ML-DSA-44 message is the structure of the specification, byte by byte', () => {
  const message = Buffer.from(cosignedMessage(hybrid.key, text, 1_679_315_147)).toString('hex');
  const expected = [
    '737562747265652f76310a00', // label
    `16${Buffer.from('witness.example.com/w2').toString('hex')}`, // cosigner_name
    '00000000641850cb', // timestamp
    `1b${Buffer.from('example.com/behind-the-sofa').toString('hex')}`, // log_origin
    '0000000000000000', // start
    '00000000013e2dc3', // end
    '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62', // hash
  ].join('');
  assert.equal(message, expected);
});

test('names and origins of 1 to 255 bytes are signed, and no key of another type', () => {
  const under = (name: string, origin: string): Uint8Array =>
    cosignedMessage(verifierKey(name, hybrid.key.type, hybrid.key.publicKey), text.replace(/^.*/, origin), 1);
  const fixed = 12 + 1 + 8 + 1 + 8 + 8 + 32;
  assert.equal(under('w', 'o').length, fixed + 2);
  assert.equal(under('w'.repeat(255), 'o'.repeat(255)).length, fixed + 510);
  for (const [name, origin] of [
    ['w'.repeat(256), 'o'],
    ['w', 'o'.repeat(256)],
  ] as const) {
    assert.throws(() => under(name, origin), { code: 'argument_invalid' });
  }
  assert.throws(() => cosignedMessage(log.key, text, 1), { code: 'argument_invalid', message: /0x04 or 0x06/ });
});

for (const cosigner of [classical, hybrid]) {
  test(`${cosigner.key.type.name}: a line verifies where it was made, and nowhere else`, async () => {
    const line = await cosign(note, cosigner, 1_679_315_147);
    assert.equal(cosignatureTime(line), 1_679_315_147);
    const cosigned = parseNote(formatNote(withSignatures(note, [line])));
    const verifiers = [log, cosigner].map(({ key }) => noteVerifier(key, platformVerify));
    const verdict = await verifyNote(cosigned, verifiers, 'all');
    assert.ok(verdict.verified);
    assert.deepEqual(verdict.signedBy, [log.key, cosigner.key]);

    for (const [name, changedText, signature] of [
      ['another size', text.replace('163', '164'), line.signature],
      ['another root', text.replace('CsUY', 'DsUY'), line.signature],
      ['another log', text.replace('sofa', 'soda'), line.signature],
      ['an extension line', `${text}x\n`, line.signature],
      ['no checkpoint', 'example.com/behind-the-sofa\n', line.signature],
      ['another time', text, retimed(line.signature, 1_679_315_148n)],
      ['a time past 2^63', text, retimed(line.signature, 2n ** 63n + 1_679_315_147n)],
      ['a byte less', text, line.signature.slice(0, -1)],
      ['the signature alone', text, line.signature.slice(8)],
    ] as const) {
      const changed = { text: changedText, signatures: [{ ...line, signature }] };
      const refused = await verifyNote(changed, [cosignatureVerifier(cosigner)], 'all');
      assert.ok(!refused.verified, name);
      assert.equal(refused.reason, 'signature_wrong', name);
    }
  });

  test(`${cosigner.key.type.name}: a signature over the text alone is no cosignature`, async () => {
    const signature = Buffer.concat([Buffer.alloc(8), await cosigner.sign(Buffer.from(text))]);
    const line = { keyName: cosigner.key.name, keyId: cosigner.key.keyId, signature };
    const verdict = await verifyNote({ text, signatures: [line] }, [cosignatureVerifier(cosigner)], 'all');
    assert.ok(!verdict.verified);
  });

  test(`${cosigner.key.type.name}: the key is written and read`, () => {
    const key = parseVerifierKey(formatVerifierKey(cosigner.key), allNoteTypes);
    assert.deepEqual(key, cosigner.key);
    // Not among those of Latchkey's own notes.
    assert.throws(() => parseVerifierKey(formatVerifierKey(cosigner.key)), { code: 'verifier_key_malformed' });
  });
}

test('the same bytes as a log key and as a witness are two keys', () => {
  const asWitness = verifierKey(log.key.name, ed25519CosignatureType, log.key.publicKey);
  assert.notEqual(asWitness.keyId, log.key.keyId);
  const id = (key: VerifierKey): string => key.keyId.toString(16).padStart(8, '0');
  const mixed = formatVerifierKey(asWitness).replace(id(asWitness), id(log.key));
  assert.throws(() => parseVerifierKey(mixed, allNoteTypes), { code: 'verifier_key_malformed' });
  assert.deepEqual(
    logTypes.map(({ identifier }) => [...identifier]),
    [[1], [6]],
  );
});

test('Ed25519 signs extension lines, ML-DSA-44 refuses to', async () => {
  const extended = { text: `${text}more\n`, signatures: [] };
  const line = await cosign(extended, classical, 1);
  const verifiers = [cosignatureVerifier(classical)];
  assert.ok((await verifyNote({ ...extended, signatures: [line] }, verifiers, 'all')).verified);
  assert.ok(!(await verifyNote({ text, signatures: [line] }, verifiers, 'all')).verified);
  await assert.rejects(cosign(extended, hybrid, 1), { code: 'argument_invalid' });
});

test('what cannot be cosigned throws', async () => {
  const short: PlatformKey = { ...classical, sign: () => new Uint8Array(63) };
  const longName = mldsa44Cosigner('w'.repeat(256));
  const longOrigin = { text: text.replace('sofa', 's'.repeat(255)), signatures: [] };
  await assert.rejects(cosign({ text: 'no checkpoint\n', signatures: [] }, classical, 1), {
    code: 'checkpoint_malformed',
  });
  await assert.rejects(cosign(note, classical, -1), { code: 'argument_invalid' });
  await assert.rejects(cosign(note, classical, 0.5), { code: 'argument_invalid' });
  await assert.rejects(cosign(note, short, 1), { code: 'argument_invalid' });
  await assert.rejects(cosign(note, log, 1), { code: 'argument_invalid' });
  await assert.rejects(cosign(note, longName, 1), { code: 'argument_invalid' });
  await assert.rejects(cosign(longOrigin, hybrid, 1), { code: 'argument_invalid' });
  assert.throws(() => cosignatureVerifier(log), { code: 'argument_invalid' });
  // The longest name and the longest origin fit.
  const edge = mldsa44Cosigner('w'.repeat(255));
  const edgeText = text.replace('example.com/behind-the-sofa', 'o'.repeat(255));
  assert.equal((await cosign({ text: edgeText, signatures: [] }, edge, 0)).signature.length, 2428);
});

test('a line has a time, or it is no cosignature', () => {
  const timed = (time: bigint): { signature: Uint8Array } => ({ signature: retimed(new Uint8Array(72), time) });
  assert.equal(cosignatureTime(timed(0n)), 0);
  assert.equal(cosignatureTime(timed(2n ** 53n - 1n)), Number.MAX_SAFE_INTEGER);
  assert.throws(() => cosignatureTime(timed(2n ** 53n)), { name: 'TlogError', code: 'cosignature_malformed' });
  assert.throws(() => cosignatureTime({ signature: new Uint8Array(8) }), { code: 'cosignature_malformed' });
  // The time of a line that another implementation made.
  const outside = Buffer.from('AAAAAGb+pM8=', 'base64');
  assert.equal(cosignatureTime({ signature: Buffer.concat([outside, Buffer.alloc(64)]) }), 1_727_964_367);
});

function retimed(signature: Uint8Array, seconds: bigint): Uint8Array {
  const changed = signature.slice();
  new DataView(changed.buffer).setBigUint64(0, seconds);
  return changed;
}
