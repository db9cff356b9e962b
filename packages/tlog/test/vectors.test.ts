import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { platformVerifier } from './platform-key.ts';

interface NoteSource {
  readonly name: string;
  readonly note?: string;
  readonly noteBase64?: string;
}

interface ParseVectors {
  readonly accept: readonly (NoteSource & {
    readonly text: string;
    readonly signatures: readonly { readonly keyName: string; readonly keyId: string; readonly signature: string }[];
  })[];
  readonly reject: readonly (NoteSource & { readonly code: string })[];
}

interface VerifyCase {
  readonly name: string;
  readonly note: string;
  readonly verifierKeys: readonly string[];
  readonly need: 'all' | 'any';
}

interface VerifyVectors {
  readonly accept: readonly (VerifyCase & { readonly signedBy: readonly number[] })[];
  readonly reject: readonly (VerifyCase & { readonly reason: string })[];
}

interface KeyVectors {
  readonly accept: readonly Readonly<
    Record<'name' | 'verifierKey' | 'keyName' | 'keyId' | 'type' | 'publicKey', string>
  >[];
  readonly reject: readonly Readonly<Record<'name' | 'verifierKey' | 'code', string>>[];
}

const parsing = vectors('parse') as ParseVectors;
const verifying = vectors('verify') as VerifyVectors;
const keys = vectors('verifier-keys') as KeyVectors;

for (const vector of parsing.accept) {
  test(`note accepted: ${vector.name}`, () => {
    const note = parseNote(noteBytes(vector));
    assert.equal(note.text, vector.text);
    const signatures = note.signatures.map(({ keyName, keyId, signature }) => ({
      keyName,
      keyId: keyId.toString(16).padStart(8, '0'),
      signature: Buffer.from(signature).toString('base64'),
    }));
    assert.deepEqual(signatures, vector.signatures);
    assert.deepEqual(Buffer.from(formatNote(note)), Buffer.from(noteBytes(vector)));
  });
}

for (const vector of parsing.reject) {
  test(`note refused: ${vector.name}`, () => {
    assert.throws(() => parseNote(noteBytes(vector)), { name: 'TlogError', code: vector.code });
  });
}

for (const vector of verifying.accept) {
  test(`note verified: ${vector.name}`, async () => {
    const known = vector.verifierKeys.map((line) => parseVerifierKey(line));
    const verdict = await verifyNote(parseNote(Buffer.from(vector.note)), known.map(platformVerifier), vector.need);
    assert.ok(verdict.verified);
    assert.deepEqual(
      verdict.signedBy,
      vector.signedBy.map((place) => known[place]),
    );
  });
}

for (const vector of verifying.reject) {
  test(`note not verified: ${vector.name}`, async () => {
    const known = vector.verifierKeys.map((line) => platformVerifier(parseVerifierKey(line)));
    const verdict = await verifyNote(parseNote(Buffer.from(vector.note)), known, vector.need);
    assert.ok(!verdict.verified);
    assert.equal(verdict.reason, vector.reason);
  });
}

for (const vector of keys.accept) {
  test(`verifier key accepted: ${vector.name}`, () => {
    const key = parseVerifierKey(vector.verifierKey);
    assert.equal(key.name, vector.keyName);
    assert.equal(key.keyId, Number.parseInt(vector.keyId, 16));
    assert.equal(key.type.name, vector.type);
    assert.equal(Buffer.from(key.publicKey).toString('base64'), vector.publicKey);
    assert.equal(formatVerifierKey(key), vector.verifierKey);
  });
}

for (const vector of keys.reject) {
  test(`verifier key refused: ${vector.name}`, () => {
    assert.throws(() => parseVerifierKey(vector.verifierKey), { name: 'TlogError', code: vector.code });
  });
}

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../vectors/notes/${name}.json`, import.meta.url), 'utf8'));
}

function noteBytes(source: NoteSource): Uint8Array {
  return source.noteBase64 === undefined ? Buffer.from(source.note ?? '') : Buffer.from(source.noteBase64, 'base64');
}
