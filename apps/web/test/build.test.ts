/** What the build makes: the same bytes everywhere, and a page that names the hash of all it loads. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { builtFolder } from '../build/built-folder.ts';
import { contentsOf } from '../build/contents-of.ts';

const repository = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-web-build-'));
const there = join(folder, 'there');
/** What tests and `npm start` use, made in this process's zone and locale; without what is the same in brotli. */
let here: ReadonlyMap<string, Uint8Array>;

/** In a process of its own, which may have another zone, locale and umask. */
async function build(root: string, outFolder: string, env: Record<string, string> = {}): Promise<void> {
  const program = `
    process.umask(${env['UMASK'] ?? '0o022'});
    const { buildApp } = await import(${JSON.stringify(join(root, 'apps/web/build/build-app.ts'))});
    await buildApp({ outFolder: ${JSON.stringify(outFolder)}, isCompressed: false });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
}

/** The same source elsewhere; other people's packages are where they are. */
function copySource(to: string): void {
  mkdirSync(join(to, 'node_modules'), { recursive: true });
  symlinkSync(join(repository, 'node_modules/.store'), join(to, 'node_modules/.store'));
  cpSync(join(repository, 'tsconfig.base.json'), join(to, 'tsconfig.base.json'));
  for (const room of ['packages', 'apps/web']) {
    cpSync(join(repository, room), join(to, room), { recursive: true, verbatimSymlinks: true });
  }
}

before(async () => {
  const copy = join(folder, 'a much longer name of a folder', 'repository');
  copySource(copy);
  const kept = await builtFolder();
  here = new Map([...contentsOf(kept.folder)].filter(([name]) => !name.endsWith('.br')));
  await build(copy, there, { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', UMASK: '0o077' });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('two builds in other folders, time zones, locales and umasks are byte-equal', () => {
  const [one, other] = [here, contentsOf(there)];
  assert.deepEqual([...one.keys()], [...other.keys()]);
  for (const [name, bytes] of one) assert.ok(Buffer.from(bytes).equals(other.get(name) ?? Buffer.alloc(0)), name);
});

test('no file holds anything of the machine that built it, or code in a page', () => {
  for (const [name, bytes] of here) {
    const text = Buffer.from(bytes).toString('latin1');
    for (const place of [repository, folder, '/node_modules/', '.store/']) {
      assert.ok(!text.includes(place), `${name} holds ${place}`);
    }
    if (!name.endsWith('.html')) continue;
    assert.doesNotMatch(text, /<script(?![^>]* src=| type="application\/json")|<style| style=| on[a-z]+=/);
  }
});

test('each script and style of the page, and of every part that comes later, stands there with its hash', () => {
  const files = here;
  const page = Buffer.from(files.get('index.html') ?? []).toString();
  const hashOf = (file: string): string => {
    const bytes = files.get(file.replace('/app/', ''));
    assert.ok(bytes !== undefined, file);
    return `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  };
  const named = [...page.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+\.(?:js|css))"[^>]*>/g)];
  assert.ok(named.length >= 2);
  for (const [tag, file = ''] of named) assert.ok(tag.includes(`integrity="${hashOf(file)}"`), file);
  const parts = JSON.parse(/id="parts">(.*)<\/script>/.exec(page)?.[1] ?? '') as Record<string, [string, string][]>;
  assert.ok(Object.keys(parts).length > 5);
  for (const needed of Object.values(parts)) for (const [file, hash] of needed) assert.equal(hash, hashOf(file));
});

test('no import() is left on the page but the one that takes what was preloaded', () => {
  const files = here;
  const page = Buffer.from(files.get('index.html') ?? []).toString();
  // What the page names is what it loads; scripts of workers are not among them.
  const loaded = new Set([...page.matchAll(/\/app\/(assets\/[^"]+\.js)"/g)].map(([, file = '']) => file));
  assert.ok(loaded.size > 5);
  const found = [...loaded].flatMap((file) =>
    [
      ...Buffer.from(files.get(file) ?? [])
        .toString()
        .matchAll(/\bimport\(/g),
    ].map(() => file),
  );
  assert.equal(found.length, 1, found.join());
});

test('the service worker knows the hash of every other file', () => {
  const files = here;
  const worker = Buffer.from(files.get('service-worker.js') ?? []).toString();
  for (const [name, bytes] of files) {
    if (name === 'service-worker.js') continue;
    assert.ok(worker.includes(`sha384-${createHash('sha384').update(bytes).digest('base64')}`), name);
  }
});
