import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { browserMissing, findBrowser, outsideProgram, serveFiles, sharedVectors } from '../src/index.ts';

const variables = ['PATH', 'LATCHKEY_CHROMIUM', 'LATCHKEY_VECTORS'];
let folder = '';
let before: Record<string, string | undefined> = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-outside-'));
  before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
});
afterEach(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(folder, { recursive: true });
});

async function program(name: string, mode: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, mode);
  return path;
}

test('a program is found where the path says, if it can be run', async () => {
  const path = await program('there', 0o755);
  await program('no-program', 0o644);
  await mkdir(join(folder, 'a-folder'));
  process.env['PATH'] = `relative:${folder}`;
  assert.equal(outsideProgram('there'), path);
  for (const name of ['no-program', 'a-folder', 'absent']) assert.equal(outsideProgram(name), null, name);
});

test('a browser that is named is the only one looked at', async () => {
  const path = await program('chromium', 0o755);
  process.env['LATCHKEY_CHROMIUM'] = path;
  assert.equal(findBrowser('chromium'), path);
  assert.equal(browserMissing('chromium'), false);
  process.env['LATCHKEY_CHROMIUM'] = join(folder, 'typing-error');
  assert.equal(findBrowser('chromium'), null);
  assert.match(String(browserMissing('chromium')), /chromium is not installed/);
});

test('vectors are a folder or nothing', async () => {
  process.env['LATCHKEY_VECTORS'] = folder;
  assert.equal(sharedVectors(), folder);
  process.env['LATCHKEY_VECTORS'] = join(folder, 'absent');
  assert.equal(sharedVectors(), null);
  process.env['LATCHKEY_VECTORS'] = await program('a-file', 0o644);
  assert.equal(sharedVectors(), null);
});

test('a server gives its files with their types and headers, and nothing else', async () => {
  const files = new Map([
    ['/index.html', '<!doctype html>'],
    ['/a.js', 'export {};'],
    ['/b.bin', 'b'],
  ]);
  const server = await serveFiles(files, { 'x-test': 'yes' });
  try {
    assert.match(server.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    const expected = {
      '/': 'text/html; charset=utf-8',
      '/a.js': 'text/javascript; charset=utf-8',
      '/b.bin': 'application/octet-stream',
    };
    for (const [path, type] of Object.entries(expected)) {
      const response = await fetch(server.origin + path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), type, path);
      assert.equal(response.headers.get('x-test'), 'yes');
      assert.equal(await response.text(), files.get(path === '/' ? '/index.html' : path));
    }
    assert.equal((await fetch(`${server.origin}/favicon.ico`)).status, 204);
    assert.equal((await fetch(`${server.origin}/../absent`)).status, 404);
  } finally {
    await server.close();
  }
  await assert.rejects(fetch(server.origin));
});
