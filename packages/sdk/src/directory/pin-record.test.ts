import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { limits } from '@latchkey/protocol/wire';
import type { VerifiedIdentity } from '../signing/types.ts';
import { encodeRecordBody } from '../sync/record-body.ts';
import { formatPin } from './pin-record.ts';

const address = canonicalAddress('mallory@example.org');

function versions(notes: readonly string[]): readonly VerifiedIdentity[] {
  return notes.map((note) => ({ note }) as VerifiedIdentity);
}

function notesOf(notes: readonly string[]): readonly string[] {
  return (formatPin(address, versions(notes)) as unknown as { readonly notes: readonly string[] }).notes;
}

test('a pin holds the newest 32 versions', () => {
  const notes = Array.from({ length: 40 }, (_, version) => `${version}`.padEnd(11_000, 'x'));
  assert.deepEqual(notesOf(notes), notes.slice(-32));
});

test('a pin can be written however long somebody makes the notes of his versions', () => {
  // A note has at most so many characters, each with three bytes at most in UTF-8.
  for (const filler of ['x', '\\', '\u2014']) {
    const notes = Array.from({ length: 40 }, (_, version) => `${version}`.padEnd(limits.MAX_NOTE_CHARS, filler));
    const kept = notesOf(notes);
    assert.ok(kept.length >= 1 && kept.length < 32, filler);
    assert.deepEqual(kept, notes.slice(-kept.length), filler);
    assert.ok(encodeRecordBody(formatPin(address, versions(notes))).length < limits.MAX_RECORD_BYTES / 1.5, filler);
    assert.deepEqual(notesOf(kept), kept, filler);
  }
});
