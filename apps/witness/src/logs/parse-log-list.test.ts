import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import {
  ed25519CosignatureType,
  ed25519NoteType,
  formatVerifierKey,
  mldsa44CosignatureType,
  verifierKey,
} from '@latchkey/tlog';
import { parseLogList } from './parse-log-list.ts';

const key = (name: string): string => {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return formatVerifierKey(verifierKey(name, ed25519NoteType, new Uint8Array(Buffer.from(x, 'base64url'))));
};
const one = key('log.example/one');
const second = key('log.example/one');
const two = key('log.example/two');

test('log lines, comments and white space are read; two keys of one name are one log', () => {
  const logs = parseLogList(`# who\n\n  log\t${one}   https://log.example/one/ \nlog ${two}\nlog ${second}\n`);
  assert.deepEqual(
    logs.map(({ origin, keys, url }) => [origin, keys.map(formatVerifierKey), url]),
    [
      ['log.example/one', [one, second], 'https://log.example/one'],
      ['log.example/two', [two], null],
    ],
  );
  assert.deepEqual(parseLogList(''), []);
});

test('whatever does nothing is refused, and the line is named', () => {
  const rejects: Readonly<Record<string, string>> = {
    'a witness line': 'witness w key',
    'a quorum line': 'quorum none',
    'no key': 'log',
    'four words': `log ${one} https://log.example more`,
    'a broken key': `log ${one.slice(0, -2)}`,
    'plain http': `log ${one} http://log.example`,
    'a query': `log ${one} https://log.example/?x=1`,
    'a password': `log ${one} https://a:b@log.example/`,
    'no URL': `log ${one} log.example`,
    'a key twice': `log ${one}\nlog ${one}`,
    'two URLs': `log ${one} https://log.example/a\nlog ${second} https://log.example/b`,
    'another capital': `Log ${one}`,
  };
  for (const [why, text] of Object.entries(rejects)) {
    assert.throws(
      () => parseLogList(`# one line before\n${text}`),
      { code: 'logs_malformed', message: /line [23]/ },
      why,
    );
  }
  assert.throws(() => parseLogList('#'.repeat(1_048_577)), { code: 'logs_malformed' });
});

test('http goes to this machine only', () => {
  for (const url of ['http://localhost:1/kt', 'http://127.0.0.1/kt', 'http://[::1]:7/kt', 'https://log.example/kt']) {
    assert.equal(parseLogList(`log ${one} ${url}`)[0]?.url, url);
  }
  for (const url of ['http://127.evil.example', 'http://localhost.evil.example', 'ftp://localhost', 'file:///etc']) {
    assert.throws(() => parseLogList(`log ${one} ${url}`), { code: 'logs_malformed' }, url);
  }
});

test('a log may sign with ML-DSA-44 beside, as a witness does, but not with a witness key of Ed25519', () => {
  const beside = formatVerifierKey(
    verifierKey('log.example/one', mldsa44CosignatureType, new Uint8Array(1312).fill(9)),
  );
  assert.equal(parseLogList(`log ${one}\nlog ${beside}`)[0]?.keys.length, 2);
  const cosigner = formatVerifierKey(
    verifierKey('log.example/one', ed25519CosignatureType, new Uint8Array(32).fill(9)),
  );
  assert.throws(() => parseLogList(`log ${cosigner}`), { code: 'logs_malformed' });
  assert.throws(() => parseLogList(`log ${key('a'.repeat(256))}`), { message: /255 bytes/ });
});
