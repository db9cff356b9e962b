import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from './read-config.ts';

function withFile<T>(text: string, work: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
  try {
    const file = join(folder, 'server.toml');
    writeFileSync(file, text);
    return work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('flags come before the environment, the environment before the file, and each says where it is from', () => {
  withFile('port = 1\ndomain = "file.example"\nquotaBytes = 5\nbehindProxy = true', (file) => {
    const env = { LATCHKEY_SERVER_PORT: '2', LATCHKEY_SERVER_QUOTA_BYTES: '6', LATCHKEY_HOME: '/elsewhere' };
    const { config, sources } = readConfig({ flags: { port: '3' }, env, file });
    assert.equal(config.port, 3);
    assert.equal(config.quotaBytes, 6);
    assert.equal(config.domain, 'file.example');
    assert.equal(config.behindProxy, true);
    assert.deepEqual(
      [sources.port, sources.quotaBytes, sources.domain, sources.host],
      ['flag', 'environment', 'file', 'default'],
    );
  });
});

test('witnesses of the key log are named in the environment as JSON', () => {
  const witness = [{ url: 'http://127.0.0.1:7711', key: 'name+00000000+AA==' }];
  const env = { LATCHKEY_SERVER_KEY_LOG: JSON.stringify({ witness }), XDG_CONFIG_HOME: '/nonexistent' };
  assert.deepEqual(readConfig({ flags: {}, env, file: null }).config.keyLog.witness, witness);
  for (const text of ['{', '"no table"', '{"wittness":[]}', '{"witness":[{"url":"http://example.org","key":"k"}]}']) {
    const wrong = { ...env, LATCHKEY_SERVER_KEY_LOG: text };
    assert.throws(() => readConfig({ flags: {}, env: wrong, file: null }), /environment: keyLog has a value/);
  }
});

test('an unknown setting and a value that does not fit are errors that name both', () => {
  const wrong: readonly [string, RegExp][] = [
    ['colour = "red"', /file: there is no setting colour/],
    ['port = "80"', /file: port has/],
    ['registration = "perhaps"', /file: registration has/],
    ['domain = "Example.org"', /file: domain has/],
    ['port = ', /is not TOML/],
  ];
  for (const [text, message] of wrong) {
    withFile(text, (file) =>
      assert.throws(() => readConfig({ flags: {}, env: {}, file }), { code: 'config_malformed', message }),
    );
  }
  const env = { LATCHKEY_SERVER_PROT: '1', XDG_CONFIG_HOME: '/nonexistent' };
  assert.throws(() => readConfig({ flags: {}, env, file: null }), /environment: there is no setting prot/);
  assert.throws(() => readConfig({ flags: { port: 'x' }, env: {}, file: null }), /flag: port has/);
  assert.throws(() => readConfig({ flags: {}, env: {}, file: '/nonexistent' }), { code: 'config_malformed' });
});

test('the data folder is never in the clone unless somebody says so', () => {
  const { config } = readConfig({
    flags: {},
    env: { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/nonexistent' },
    file: null,
  });
  assert.equal(config.data, '/d/latchkey-server');
});
