import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddress, isOrigin, requireAddress, requireOrigin } from './address-and-origin.ts';

const ADDRESSES: readonly (readonly [string, boolean])[] = [
  ['alice@example.org', true],
  ['a@b', true],
  ['a.b_c-d9@xn--bcher-kva.example', true],
  [`${'a'.repeat(64)}@${'b'.repeat(189)}`, true],
  [`${'a'.repeat(65)}@example.org`, false],
  [`a@${'b'.repeat(190)}`, false],
  ['', false],
  ['@', false],
  ['@b', false],
  ['a@', false],
  ['a@b@c', false],
  ['Alice@example.org', false],
  ['alice@Example.org', false],
  ['alice+tag@example.org', false],
  ['alice@example_mail.org', false],
  ['älice@example.org', false],
  [' alice@example.org', false],
  ['alice@example.org\n', false],
];

const ORIGINS: readonly (readonly [string, boolean])[] = [
  ['https://example.org', true],
  ['http://localhost:7700', true],
  ['http://[::1]:7700', true],
  ['https://a', true],
  [`https://${'a'.repeat(280)}`, true],
  [`https://${'a'.repeat(281)}`, false],
  ['https://', false],
  ['https:/example.org', false],
  ['https//example.org', false],
  ['httpss://example.org', false],
  ['ftp://example.org', false],
  ['xhttps://example.org', false],
  ['https://Example.org', false],
  ['https://example.org/', false],
  ['https://example.org?a', false],
  ['https://a^b', false],
  ['https://alice@example.org', false],
  ['https://example.org\n', false],
];

test('the outer form of an address', () => {
  for (const [text, good] of ADDRESSES) {
    assert.equal(isAddress(text), good, text);
    if (good) requireAddress(text);
    else assert.throws(() => requireAddress(text), { code: 'argument_invalid' });
  }
});

test('the outer form of an origin', () => {
  for (const [text, good] of ORIGINS) {
    assert.equal(isOrigin(text), good, text);
    if (good) requireOrigin(text);
    else assert.throws(() => requireOrigin(text), { code: 'argument_invalid' });
  }
});
