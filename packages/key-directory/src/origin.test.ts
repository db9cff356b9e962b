import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { logOrigin, type LogIdentity } from './origin.ts';

const key = (fill: number, length = 32): Uint8Array => new Uint8Array(length).fill(fill);
const good: LogIdentity = { domain: 'example.org', log: 'keys', logKeys: [key(1)], vrfPublicKey: key(2), format: 1 };

test('an origin is the hash of the specification', () => {
  const hash = (keys: readonly Uint8Array[]): string =>
    createHash('sha256')
      .update('latchkey/v1/log\0')
      .update(Buffer.concat(keys))
      .update(key(2))
      .update('\u0001')
      .digest('base64url');
  assert.equal(logOrigin(good), `example.org/latchkey/keys/${hash([key(1)]).slice(0, 22)}`);
  const hybrid = [key(1), key(3, 1312)];
  assert.equal(
    logOrigin({ ...good, domain: 'mail.example-2.org', log: 'index', logKeys: hybrid }),
    `mail.example-2.org/latchkey/index/${hash(hybrid).slice(0, 22)}`,
  );
});

test('whatever changes, the origin changes', () => {
  const origins = [
    good,
    { ...good, domain: 'example.com' },
    { ...good, log: 'index' as const },
    { ...good, logKeys: [key(9)] },
    { ...good, logKeys: [key(1), key(1, 1312)] },
    { ...good, vrfPublicKey: key(9) },
    { ...good, format: 2 },
  ].map(logOrigin);
  assert.equal(new Set(origins).size, origins.length);
});

test('what is no domain, key or format gives no origin', () => {
  const refused = { name: 'KeyDirectoryError', code: 'argument_invalid' };
  for (const bad of [
    { domain: '' },
    { domain: 'Example.org' },
    { domain: 'exa mple.org' },
    { domain: 'example.org/latchkey' },
    { domain: '-example.org' },
    { domain: 'example.org.' },
    { domain: 'a'.repeat(254) },
    { logKeys: [] },
    { logKeys: [key(1, 31)] },
    { logKeys: [key(1), key(1, 32)] },
    { logKeys: [key(1), key(1, 1312), key(1)] },
    { vrfPublicKey: key(1, 33) },
    { format: 0 },
    { format: 256 },
    { format: 1.5 },
  ]) {
    assert.throws(() => logOrigin({ ...good, ...bad }), refused, JSON.stringify(bad));
  }
  for (const domain of ['a', 'ab', 'a.b']) assert.ok(logOrigin({ ...good, domain }).startsWith(`${domain}/`));
  assert.match(logOrigin({ ...good, domain: 'a'.repeat(253), format: 255 }), /^a{253}\/latchkey\/keys\//u);
});
