import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDate, parseDate } from './message-date.ts';

test('a date is written in one form, and read again', () => {
  const written: readonly (readonly [number, string])[] = [
    [0, 'Thu, 1 Jan 1970 00:00:00 +0000'],
    [Date.UTC(2024, 1, 29, 9, 8, 7) / 1000, 'Thu, 29 Feb 2024 09:08:07 +0000'],
    [253_402_300_799, 'Fri, 31 Dec 9999 23:59:59 +0000'],
  ];
  for (const [seconds, text] of written) {
    assert.equal(formatDate(seconds), text);
    assert.equal(parseDate(text), seconds);
  }
  for (let month = 0; month < 12; month += 1) {
    const seconds = Date.UTC(2026, month, 1) / 1000;
    assert.equal(parseDate(formatDate(seconds)), seconds);
  }
  for (const seconds of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800]) {
    assert.throws(() => formatDate(seconds), { name: 'MimeError', code: 'field_unfit' });
  }
});

test('seconds, zone and weekday may be missing, and comments may be empty', () => {
  const noon = Date.UTC(2026, 10, 23, 10) / 1000;
  for (const date of [
    '23 Nov 2026 10:00 +0000',
    '23 Nov 2026 10:00:00 GMT',
    '23 Nov 2026 10:00 Z',
    '23 Nov 2026 10:00:00 +0000 ()',
    ' Mon,23 Nov 2026 10:00:00 +0000(UTC) ',
    '23 Nov 2026 15:59:00 +0559',
  ]) {
    assert.equal(parseDate(date), noon, date);
  }
  assert.equal(parseDate('3 Nov 2026 00:00:59 +0000'), Date.UTC(2026, 10, 3) / 1000 + 59);
});

test('a day, an hour, a minute or a year that does not exist makes no date', () => {
  assert.equal(parseDate('29 Feb 2024 23:59:59 +0000'), Date.UTC(2024, 1, 29, 23, 59, 59) / 1000);
  for (const date of [
    '29 Feb 2025 10:00:00 +0000',
    '0 Nov 2026 10:00:00 +0000',
    '32 Dec 2026 10:00:00 +0000',
    '99 Dec 2026 10:00:00 +0000',
    '23 Nov 2026 24:00:00 +0000',
    '22 Nov 2026 25:00:00 +0000',
    '30 Nov 2026 48:00:00 +0000',
    '0 Nov 2026 24:00:00 +0000',
    '23 Nov 2026 99:00:00 +0000',
    '23 Nov 2026 10:60:00 +0000',
    '23 Nov 2026 10:00:61 +0000',
    // JavaScript takes years below 100 for years of the twentieth century.
    '23 Nov 0099 10:00:00 +0000',
    '23 Nov 0070 10:00:00 +0000',
    '23 Nov 1969 10:00:00 +0000',
  ]) {
    assert.equal(parseDate(date), null, date);
  }
});
