import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutside } from './outsiders.ts';

test('an operator’s own witness is none from outside, however its name is spelt', () => {
  for (const name of [
    'example.org',
    'example.org/w1',
    'Example.ORG/w1',
    'example.org:8443/w1',
    'example.org./w1',
    'https://example.org/w1',
    'someone@example.org/w1',
    'witness.example.org/w1',
    'a.b.Example.org',
    'ex%61mple.org/w1',
    'ｅxample.org/w1',
    'example。org/w1',
    '/example.org',
  ]) {
    assert.equal(isOutside(name, 'example.org'), false, name);
  }
  // The same people mostly have the domain above.
  assert.equal(isOutside('example.org/w1', 'mail.example.org'), false);
  assert.equal(isOutside('witness.mail.example.org/w1', 'mail.example.org'), false);
  assert.equal(isOutside('localhost/w1', 'localhost'), false);
  assert.equal(isOutside('bücher.example/w1', 'xn--bcher-kva.example'), false);
});

test('somebody else’s is', () => {
  for (const name of [
    'witness.example.net/w1',
    'notexample.org/w1',
    'example.org.example.net/w1',
    'example.net/example.org',
    'org/w1',
    'north.example',
  ]) {
    assert.equal(isOutside(name, 'example.org'), true, name);
  }
  assert.equal(isOutside('witness.example.org/w1', 'mail.example.org'), true);
});
