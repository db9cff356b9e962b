import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ByteSink } from '@latchkey/sdk/by-hand';
import { isPlainText, textSink } from './text-sink.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function recordingSink(): { readonly sink: ByteSink; readonly written: string[] } {
  const written: string[] = [];
  const sink: ByteSink = {
    write: (piece) => Promise.resolve(void written.push(Buffer.from(piece).toString())),
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
  return { sink, written };
}

describe('what may reach a terminal', () => {
  it('text in any script, with tabs and line ends', () => {
    for (const text of ['', 'plain\r\n\ttext\n', 'Grüße, 世界, 🗝️']) assert.ok(isPlainText(bytes(text)), text);
  });
  it('no escape sequence, control, hidden direction change or broken UTF-8', () => {
    for (const text of [
      '\u001b]0;title\u0007',
      'a\u0000b',
      'a\bb',
      '\u009b31m',
      'a\u202eb',
      'a\u2066b',
      '\u2028',
      '\u007f',
    ]) {
      assert.ok(!isPlainText(bytes(text)), JSON.stringify(text));
    }
    assert.ok(!isPlainText(Uint8Array.of(0xff, 0xfe)));
  });
});

describe('the sink', () => {
  it('shows nothing before everything was checked', async () => {
    const { sink, written } = recordingSink();
    const held = textSink(sink);
    const piece = bytes('one ');
    await held.write(piece);
    piece.fill(0x78);
    await held.write(bytes('two'));
    assert.deepEqual(written, []);
    await held.commit();
    assert.deepEqual(written, ['one two']);
  });
  it('refuses what is binary or large, and shows none of it', async () => {
    const { sink, written } = recordingSink();
    const held = textSink(sink);
    await held.write(bytes('fine \u001b[2J'));
    await assert.rejects(held.commit(), { code: 'binary_to_terminal' });
    const large = textSink(sink);
    await large.write(new Uint8Array(1_048_576));
    await assert.rejects(large.write(new Uint8Array(1)), { code: 'binary_to_terminal' });
    assert.deepEqual(written, []);
  });
});
