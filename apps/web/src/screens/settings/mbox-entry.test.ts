import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mboxEntry } from './mbox-entry.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (message: string): string =>
  new TextDecoder().decode(mboxEntry(bytes(message), 'alice@example.org', 1_794_475_800));

test('a message gets a line before it and an empty one after it, and its lines end as mbox files have them', () => {
  assert.equal(
    textOf('Subject: x\r\n\r\nFirst\r\nlast'),
    'From alice@example.org Thu Nov 12 09:30:00 2026\nSubject: x\n\nFirst\nlast\n\n',
  );
  assert.equal(textOf('a\n'), 'From alice@example.org Thu Nov 12 09:30:00 2026\na\n\n');
});

test('lines that look like the next message are quoted, so that the quoting can be undone', () => {
  const body = 'From me\r\n>From you\r\n>>From us\r\nFrom\r\nA From b\r\n';
  assert.equal(textOf(body).split('\n').slice(1).join('\n'), '>From me\n>>From you\n>>>From us\nFrom\nA From b\n\n');
});

test('bytes that are no text stay as they are, and a sender cannot put a line in', () => {
  const odd = new Uint8Array([0xff, 0x0d, 0x00, 0x0a]);
  const entry = mboxEntry(odd, 'a@example.org\nFrom b@example.org', 0);
  assert.equal(new TextDecoder('latin1').decode(entry).split('\n').length, 4);
  assert.deepEqual([...entry.subarray(-5)], [0xff, 0x0d, 0x00, 0x0a, 0x0a]);
});
