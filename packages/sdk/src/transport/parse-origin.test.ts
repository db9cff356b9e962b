import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOrigin } from './parse-origin.ts';

test('a server has one name, however it is written', () => {
  const written: readonly [string, string][] = [
    ['https://mail.example.org', 'https://mail.example.org'],
    [' HTTPS://Mail.Example.Org/ ', 'https://mail.example.org'],
    ['https://mail.example.org:443', 'https://mail.example.org'],
    ['https://mail.example.org:8443', 'https://mail.example.org:8443'],
    ['https://192.0.2.1', 'https://192.0.2.1'],
    ['https://[2001:db8::1]:7700', 'https://[2001:db8::1]:7700'],
    ['http://localhost:7700', 'http://localhost:7700'],
    ['http://localhost:80/', 'http://localhost'],
    ['http://127.0.0.1:7700', 'http://127.0.0.1:7700'],
    ['http://127.9.8.7', 'http://127.9.8.7'],
    ['http://[::1]:7700', 'http://[::1]:7700'],
  ];
  for (const [text, origin] of written) assert.equal(parseOrigin(text), origin);
});

test('without TLS only this machine is spoken to, known by its form and by nothing else', () => {
  const others = [
    'http://mail.example.org',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://127.1',
    'http://2130706433',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://192.168.1.1:7700',
  ];
  for (const text of others) {
    const code = text.includes('ffff') ? 'origin_malformed' : 'server_insecure';
    assert.throws(() => parseOrigin(text), { code }, text);
  }
});

test('anything else is no server', () => {
  const none = [
    '',
    'mail.example.org',
    'ftp://mail.example.org',
    'https://',
    'https://mail.example.org/path',
    'https://mail.example.org//',
    'https://mail.example.org?x',
    'https://alice@mail.example.org',
    'https://alice:secret@localhost',
    'https://mail.example.org:0',
    'https://mail.example.org:65536',
    'https://mail.example.org:',
    'https://mail example.org',
    'https://bücher.example',
    'https://-example.org',
    `https://${'a'.repeat(300)}`,
    'http://localhost:7700\n.example.org',
    'http://localhost\\.example.org',
    'http://localhost#.example.org',
  ];
  for (const text of none) assert.throws(() => parseOrigin(text), { code: 'origin_malformed' }, text);
});
