import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519Key, mldsa44Key } from '../../test/platform-key.ts';
import { formatNote } from './format-note.ts';
import { parseNote } from './parse-note.ts';
import { signNote } from './sign-note.ts';
import { verifyNote, type NoteVerifier } from './verify-note.ts';

const text = 'latchkey/example/v1\nsaid once\n';
const ed25519 = ed25519Key('latchkey/one');
const mldsa44 = mldsa44Key('latchkey/one');
const stranger = ed25519Key('example.org/stranger');
const signed = await signNote({ text, signatures: [] }, [ed25519, mldsa44]);

test('both halves verify after the way over bytes', async () => {
  const verdict = await verifyNote(parseNote(formatNote(signed)), [mldsa44, ed25519], 'all');
  assert.deepEqual(verdict, { verified: true, signedBy: [mldsa44.key, ed25519.key], unknown: [] });
});

test('a changed text is refused by each half alone', async () => {
  const note = { ...signed, text: text.replace('once', 'twice') };
  for (const half of [ed25519, mldsa44]) {
    const verdict = await verifyNote(note, [half], 'any');
    assert.deepEqual(verdict, { verified: false, reason: 'signature_wrong', key: half.key });
  }
});

test('with all, a missing half refuses the note and is named', async () => {
  const half = await signNote({ text, signatures: [] }, [ed25519]);
  const verdict = await verifyNote(half, [ed25519, mldsa44], 'all');
  assert.deepEqual(verdict, { verified: false, reason: 'signature_missing', key: mldsa44.key });
});

test('with any, one known key is enough and the others are not claimed', async () => {
  const half = await signNote({ text, signatures: [] }, [ed25519]);
  const verdict = await verifyNote(half, [mldsa44, ed25519], 'any');
  assert.deepEqual(verdict, { verified: true, signedBy: [ed25519.key], unknown: [] });
});

test('unknown lines are ignored and kept, in every place', async () => {
  const note = await signNote(await signNote({ text, signatures: [] }, [stranger]), [ed25519]);
  const verdict = await verifyNote(note, [ed25519], 'all');
  assert.deepEqual(verdict, { verified: true, signedBy: [ed25519.key], unknown: [note.signatures[0]] });
});

test('a note that only strangers signed is refused', async () => {
  const note = await signNote({ text, signatures: [] }, [stranger]);
  for (const verifiers of [[ed25519], []]) {
    const verdict = await verifyNote(note, verifiers, 'any');
    assert.deepEqual(verdict, { verified: false, reason: 'signature_missing', key: null });
  }
  const verdict = await verifyNote(note, [], 'all');
  assert.deepEqual(verdict, { verified: false, reason: 'signature_missing', key: null });
});

test('a bad line of a known key refuses the note although another known key signed well', async () => {
  const [good, other] = signed.signatures;
  const bad = { ...other!, signature: other!.signature.map((byte, index) => (index === 7 ? byte ^ 1 : byte)) };
  for (const signatures of [
    [good!, bad],
    [bad, good!],
  ]) {
    const verdict = await verifyNote({ text, signatures }, [ed25519, mldsa44], 'any');
    assert.deepEqual(verdict, { verified: false, reason: 'signature_wrong', key: mldsa44.key });
  }
});

test('a line that shares only the name, or only the key id, is a stranger', async () => {
  const [own] = signed.signatures;
  const noise = new Uint8Array(64);
  const sameName = { keyName: own!.keyName, keyId: own!.keyId ^ 1, signature: noise };
  const sameId = { keyName: 'latchkey/two', keyId: own!.keyId, signature: noise };
  const verdict = await verifyNote({ text, signatures: [sameName, own!, sameId] }, [ed25519], 'all');
  assert.deepEqual(verdict, { verified: true, signedBy: [ed25519.key], unknown: [sameName, sameId] });
});

test('a key made to collide in name and key id is refused with its bad signature', async () => {
  // What an attacker reaches by search: another key under the same name and id.
  const collider = { ...stranger, key: { ...stranger.key, name: ed25519.key.name, keyId: ed25519.key.keyId } };
  const note = await signNote({ text, signatures: [] }, [collider]);
  const verdict = await verifyNote(note, [ed25519], 'any');
  assert.deepEqual(verdict, { verified: false, reason: 'signature_wrong', key: ed25519.key });
});

test('two lines of a known key are refused, equal or not, good or not', async () => {
  const [own] = signed.signatures;
  for (const second of [own!, { ...own!, signature: new Uint8Array(64) }]) {
    const verdict = await verifyNote({ text, signatures: [own!, second] }, [ed25519], 'any');
    assert.deepEqual(verdict, { verified: false, reason: 'signature_repeated', key: ed25519.key });
  }
});

test('two lines of a stranger are kept', async () => {
  const { signatures } = await signNote({ text, signatures: [] }, [stranger]);
  const note = await signNote({ text, signatures: [...signatures, ...signatures] }, [ed25519]);
  const verdict = await verifyNote(note, [ed25519], 'all');
  assert.ok(verdict.verified);
  assert.equal(verdict.unknown.length, 2);
});

test('a signature of another size never reaches the verify function', async () => {
  let asked = 0;
  const yes: NoteVerifier = {
    key: ed25519.key,
    verify: () => {
      asked += 1;
      return true;
    },
  };
  for (const sizeBytes of [63, 65, 2420]) {
    const line = { keyName: ed25519.key.name, keyId: ed25519.key.keyId, signature: new Uint8Array(sizeBytes) };
    const verdict = await verifyNote({ text, signatures: [line] }, [yes], 'any');
    assert.deepEqual(verdict, { verified: false, reason: 'signature_wrong', key: ed25519.key });
  }
  assert.equal(asked, 0);
});

test('only true is a yes, at once or later', async () => {
  const answers: readonly (readonly [unknown, boolean])[] = [
    [true, true],
    [Promise.resolve(true), true],
    [Promise.resolve(false), false],
    [undefined, false],
    [1, false],
  ];
  for (const [answer, expected] of answers) {
    const verifier = { key: ed25519.key, verify: () => answer as boolean };
    assert.equal((await verifyNote(signed, [verifier], 'any')).verified, expected);
  }
});

test('a verifier that is an object with state keeps its this', async () => {
  class Counting implements NoteVerifier {
    readonly key = ed25519.key;
    calls = 0;
    verify(): boolean {
      this.calls += 1;
      return true;
    }
  }
  const counting = new Counting();
  assert.ok((await verifyNote(signed, [counting], 'any')).verified);
  assert.equal(counting.calls, 1);
});

test('two verifiers with one name and key id are a mistake of the caller', async () => {
  await assert.rejects(verifyNote(signed, [ed25519, ed25519], 'any'), { code: 'verifiers_ambiguous' });
});
