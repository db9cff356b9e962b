/** The examples for operators: taken by the programs that they are for, and writing down nobody's address. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../src/config/read-config.ts';

const deploy = join(import.meta.dirname, '../deploy');
const needs = (name: string): { skip: string | false } => ({
  skip: spawnSync(name, ['-h']).error === undefined ? false : `${name} is not installed`,
});
const text = (name: string): string => readFileSync(join(deploy, name), 'utf8');

test('systemd takes the unit, and finds its sandbox closed', needs('systemd-analyze'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-unit-'));
  try {
    const unit = join(folder, 'latchkey-server.service');
    writeFileSync(unit, text('latchkey-server.service'));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    assert.equal(verified.status, 0, verified.stderr);
    assert.doesNotMatch(verified.stderr, /latchkey-server\.service:[0-9]+:/);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=25', unit], {
      encoding: 'utf8',
    });
    assert.equal(judged.status, 0, judged.stdout.slice(-400) + judged.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nginx takes its part', needs('nginx'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-nginx-'));
  try {
    const keys = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-days',
      '1',
    ];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    assert.equal(spawnSync('openssl', ['req', '-x509', ...keys, ...files]).status, 0);
    const site = text('nginx.conf')
      .replace(/\/etc\/ssl\/latchkey\/fullchain\.pem/, join(folder, 'cert.pem'))
      .replace(/\/etc\/ssl\/latchkey\/privkey\.pem/, join(folder, 'key.pem'));
    const whole = `pid ${folder}/pid; error_log stderr; events {}\nhttp { ${site} }\n`;
    writeFileSync(join(folder, 'nginx.conf'), whole);
    const tested = spawnSync('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' });
    // Older ones say "http2" in the listen line.
    if (/unknown directive "http2"/.test(tested.stderr)) {
      writeFileSync(join(folder, 'nginx.conf'), whole.replace('http2 on;', ''));
      const again = spawnSync('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' });
      assert.equal(again.status, 0, again.stderr);
    } else assert.equal(tested.status, 0, tested.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no proxy writes down or hands on who calls', () => {
  const nginx = text('nginx.conf').replaceAll(/#.*$/gm, '');
  assert.match(nginx, /access_log off;/);
  assert.match(nginx, /error_log \/dev\/null emerg;/);
  assert.doesNotMatch(nginx, /\$remote_addr|\$proxy_add_x_forwarded_for|log_format/);
  const caddy = text('Caddyfile').replaceAll(/#.*$/gm, '');
  assert.doesNotMatch(caddy, /\blog\b/);
  assert.match(caddy, /header_up -X-Forwarded-For/);
});

test('the settings are read', () => {
  const { config } = readConfig({ flags: {}, env: {}, file: join(deploy, 'latchkey-server.toml') });
  assert.deepEqual([config.origin, config.metricsPort], ['https://mail.example.org', 7701]);
});
