import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes, formatProgress, makeProgressBar } from './progress-bar.ts';

const mebibyte = 1_048_576;

describe('the line', () => {
  const options = { elapsedMs: 2000, columns: 100, colour: false };
  it('says how far, how fast and how long still', () => {
    const line = formatProgress('Sealing', { doneBytes: 25 * mebibyte, totalBytes: 100 * mebibyte }, options);
    assert.equal(line, 'Sealing [======                  ]  25 %  25 MiB of 100 MiB, 13 MiB/s, 6 s left');
  });
  it('has no share and no time left where nobody knows the size', () => {
    assert.equal(
      formatProgress('Sealing', { doneBytes: 3 * mebibyte, totalBytes: null }, options),
      'Sealing 3.0 MiB, 1.5 MiB/s',
    );
  });
  it('is never wider than the terminal, and colours only the bar', () => {
    for (let columns = 10; columns < 130; columns += 1) {
      const state = { doneBytes: 987_654_321, totalBytes: 123_456_789_012 };
      assert.ok(formatProgress('Sealing', state, { ...options, columns }).length < columns, String(columns));
    }
    const coloured = formatProgress('Sealing', { doneBytes: 1, totalBytes: 1 }, { ...options, colour: true });
    assert.match(coloured, /\[\u001b\[32m=+\u001b\[39m\]/);
  });
  it('keeps to 100 % where more came than was announced', () => {
    assert.match(formatProgress('Opening', { doneBytes: 20, totalBytes: 10 }, options), / 100 % /);
  });
});

describe('the bar', () => {
  const watch = (): { written: string[]; at: (ms: number, doneBytes: number) => void; end: () => void } => {
    const written: string[] = [];
    let now = 0;
    const bar = makeProgressBar({
      verb: 'Sealing',
      columns: 80,
      colour: false,
      write: (text) => written.push(text),
      nowMs: () => now,
    });
    return {
      written,
      at: (ms, doneBytes) => {
        now = ms;
        bar.show({ doneBytes, totalBytes: 1000 });
      },
      end: bar.end,
    };
  };
  it('stays away from short work', () => {
    const { written, at, end } = watch();
    at(10, 500);
    at(240, 1000);
    end();
    assert.deepEqual(written, []);
  });
  it('is drawn at most ten times a second and taken away at the end', () => {
    const { written, at, end } = watch();
    for (let ms = 5000; ms <= 6250; ms += 1) at(ms, ms / 10);
    end();
    end();
    assert.equal(written.length, 12);
    assert.equal(written.at(-1), '\r\u001b[K');
  });
});

it('writes sizes for people', () => {
  assert.deepEqual([0, 1023, 1024, 10_240, 5 * 1024 ** 4, 5000 * 1024 ** 4].map(formatBytes), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '10 KiB',
    '5.0 TiB',
    '5000 TiB',
  ]);
});
