import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chipLook, isRefused, parseTyped, type Recipient } from './recipient.ts';

test('several addresses are taken as people write and paste them', () => {
  assert.deepEqual(parseTyped('alice@example.org, bob@example.org;carol@example.net\n'), [
    'alice@example.org',
    'bob@example.org',
    'carol@example.net',
  ]);
  assert.deepEqual(parseTyped('<alice@example.org>, '), ['alice@example.org']);
  assert.deepEqual(parseTyped(' ,; '), []);
});

test('nothing looks good that the operator alone vouches for, and nothing refused looks sendable', () => {
  const known = (
    trust: 'first_use' | 'pinned' | 'proved' | 'witnessed' | 'own',
    takes: 'mail' | 'full' = 'mail',
  ): Recipient => ({
    typed: 'bob',
    state: { kind: 'known', address: 'bob@example.org', trust, takes },
  });
  assert.equal(chipLook(known('first_use')).tone, 'care');
  assert.equal(chipLook(known('pinned')).tone, 'plain');
  assert.equal(chipLook(known('proved')).tone, 'plain');
  assert.equal(chipLook(known('witnessed')).tone, 'good');
  assert.ok(isRefused(known('witnessed', 'full')));
  assert.ok(isRefused({ typed: 'x', state: { kind: 'malformed', typed: 'x' } }));
  assert.ok(isRefused({ typed: 'x', state: { kind: 'changed', address: 'x', reason: 'chain_broken' } }));
  assert.equal(chipLook({ typed: 'x', state: null }).tone, 'wait');
  assert.equal(chipLook({ typed: 'x', state: 'failed' }).tone, 'care');
});
