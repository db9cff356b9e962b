import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { startTestServer, type TestServer } from '../testing/index.ts';

const page = '<!doctype html><title>The app</title>\n';
const script = 'console.log("a part");\n';
let folder: string;
let server: TestServer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-web-app-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'mail-frame.html'), page);
  writeFileSync(join(folder, 'service-worker.js'), script);
  writeFileSync(join(folder, 'assets/part-AAAA.js'), script);
  writeFileSync(join(folder, 'assets/part-AAAA.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, '..', 'latchkey-beside.txt'), 'not of the app');
  server = await startTestServer({ config: { webApp: folder } });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
  rmSync(join(folder, '..', 'latchkey-beside.txt'));
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** As it is typed: a URL of its own would take dots out of the path. */
function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: server.port,
      path,
      headers: { host: `localhost:${server.port}`, ...headers },
    };
    request(options, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(pieces) });
      });
    })
      .on('error', reject)
      .end();
  });
}

test('files come as they lie there, pages and workers under the policy, all others with no more than they need', async () => {
  const { status, headers, body } = await get('/app/');
  assert.equal(status, 200);
  assert.equal(body.toString(), page);
  assert.equal(
    headers['content-security-policy'],
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types latchkey-worker latchkey-mail svelte-trusted-html",
  );
  assert.equal(headers['integrity-policy'], 'blocked-destinations=(script style)');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-cache');
  assert.ok(!('set-cookie' in headers) && !('access-control-allow-origin' in headers));

  const worker = await get('/app/service-worker.js');
  assert.equal(worker.headers['content-security-policy'], headers['content-security-policy']);
  const part = await get('/app/assets/part-AAAA.js');
  assert.equal(part.headers['content-security-policy'], undefined);
  assert.equal(part.headers['cache-control'], 'public, max-age=31536000, immutable');
  for (const answer of [worker, part]) {
    assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
  }
  const frame = String((await get('/app/mail-frame.html')).headers['content-security-policy']);
  assert.ok(
    frame.includes('sandbox allow-same-origin') && !frame.includes('script-src') && !frame.includes('connect-src'),
  );
});

test('whoever takes brotli gets what the build compressed; whoever has it already gets nothing', async () => {
  const { headers, body } = await get('/app/assets/part-AAAA.js', { 'accept-encoding': 'gzip, deflate, br, zstd' });
  assert.equal(headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(body).toString(), script);
  assert.equal((await get('/app/', { 'accept-encoding': 'br' })).headers['content-encoding'], undefined);
  const again = await get('/app/', { 'if-none-match': String((await get('/app/')).headers['etag']) });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
});

test('nothing but the files of the folder is there, and what changes in it later changes nothing', async () => {
  for (const path of [
    '/app/nothing.js',
    '/app/../latchkey-beside.txt',
    '/app/%2e%2e/latchkey-beside.txt',
    '/app/..%2flatchkey-beside.txt',
    '/app/assets/../../latchkey-beside.txt',
    '/app/assets',
    '/app/assets/part-AAAA.js.br',
    '/app/index.html%00',
    '/app//index.html',
    '/app/__proto__',
  ]) {
    const { status, body } = await get(path);
    assert.equal(status, 404, path);
    assert.ok(!body.includes('not of the app'));
  }
  writeFileSync(join(folder, 'assets/part-AAAA.js'), 'changed');
  assert.equal((await get('/app/assets/part-AAAA.js?anything')).body.toString(), script);
});

test('the machine’s other name leads to the one that logins are bound to', async () => {
  const { status, headers } = await get('/app/?x', { host: `127.0.0.1:${server.port}` });
  assert.equal(status, 307);
  assert.equal(headers['location'], `${server.origin}/app/`);
  assert.equal((await get('/app/', { host: 'elsewhere.example' })).status, 200);
  const bare = await get('/app');
  assert.deepEqual([bare.status, bare.headers['location']], [308, '/app/']);
});

test('a folder without an app is told at the start; without one there is nothing under /app/', async () => {
  await assert.rejects(startTestServer({ config: { webApp: join(folder, 'assets') } }), { code: 'config_malformed' });
  await assert.rejects(startTestServer({ config: { webApp: join(folder, 'none') } }), { code: 'config_malformed' });
  const other = await startTestServer();
  try {
    assert.equal((await fetch(`${other.origin}/app/`)).status, 404);
  } finally {
    await other.stop();
  }
});
