import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDisguised } from './disguised-link.ts';

test('a link whose words name another host is told', () => {
  assert.ok(isDisguised('https://bank.example.org/login', 'https://evil.example.net/login'));
  assert.ok(isDisguised('bank.example.org', 'https://bank.example.org.evil.example.net/'));
  assert.ok(isDisguised('see (bank.example.org)', 'http://bank.example.org@evil.example.net/'));
  assert.ok(isDisguised('bank.example.org', 'https://bаnk.example.org/'));
  assert.ok(isDisguised('bank.example.org', 'https://%'));
});

test('an honest link is not', () => {
  for (const [words, url] of [
    ['https://www.example.org/a', 'https://example.org/b'],
    ['example.org', 'https://www.example.org/'],
    ['Our report', 'https://example.net/report'],
    ['Write to me', 'mailto:bob@example.org'],
    ['version 1.2.3', 'https://example.org/'],
  ] as const) {
    assert.ok(!isDisguised(words, url), words);
  }
});
