import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { packRooms, type PackedRoom } from './pack-rooms.ts';

const manifest = {
  name: '@planted/shape',
  version: '0.2.0',
  description: 'A planted room',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=24' },
  exports: { '.': './src/index.ts' },
  dependencies: { '@planted/other': '0.2.0' },
  devDependencies: { 'fast-check': '4.0.0' },
};
const files: Readonly<Record<string, string>> = {
  LICENSE: 'the licence of the house',
  'packages/shape/package.json': JSON.stringify(manifest),
  'packages/shape/README.md': '# shape',
  'packages/shape/LICENSE': 'a licence of its own',
  'packages/shape/src/index.ts': "export { area } from './area.ts';\n",
  'packages/shape/src/area.ts':
    "export function area(side: number): number {\n  void new URL('./area-worker.ts', import.meta.url);\n  return side * side;\n}\n",
  'packages/shape/src/area-worker.ts': 'export const worker: boolean = true;\n',
  'packages/shape/src/area.test.ts': "import './planted-squares.ts';\n",
  'packages/shape/src/planted-squares.ts': 'export const squares: number = 1;\n',
  'packages/inside/package.json': JSON.stringify({ name: '@planted/inside', version: '0.2.0', private: true }),
  'apps/tool/package.json': JSON.stringify({
    ...manifest,
    name: 'planted-tool',
    exports: undefined,
    bin: { 'planted-tool': 'bin/planted-tool' },
  }),
  'apps/tool/README.md': '# tool',
  'apps/tool/bin/planted-tool': '#!/bin/sh\necho planted\n',
  'apps/tool/src/main.ts': 'export const main = (): number => 0;\n',
};

function plant(t: TestContext, changed: Readonly<Record<string, string | null>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-pack-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...files, ...changed })) {
    if (text === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function pack(root: string, out = 'out'): readonly PackedRoom[] {
  return packRooms({ root, stagingDir: join(root, out, 'staging'), packagesDir: join(root, out, 'packages') });
}

const entriesOf = (tarball: string): readonly string[] =>
  spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).stdout.trim().split('\n').toSorted();

test('a tarball holds what its doors lead to, and nothing else', (t) => {
  const root = plant(t);
  const [tool, shape] = pack(root);
  assert.ok(tool && shape);
  assert.equal(shape.name, '@planted/shape');
  assert.equal(shape.tarball, join(root, 'out/packages/planted-shape-0.2.0.tgz'));
  assert.deepEqual(entriesOf(shape.tarball), [
    'package/LICENSE',
    'package/README.md',
    'package/dist/area-worker.d.ts',
    'package/dist/area-worker.js',
    'package/dist/area.d.ts',
    'package/dist/area.js',
    'package/dist/index.d.ts',
    'package/dist/index.js',
    'package/package.json',
  ]);
  assert.deepEqual(entriesOf(tool.tarball), [
    'package/LICENSE',
    'package/README.md',
    'package/bin/planted-tool',
    'package/dist/main.js',
    'package/package.json',
  ]);
  const staging = join(root, 'out/staging');
  assert.deepEqual(JSON.parse(readFileSync(join(staging, 'shape/package.json'), 'utf8')), {
    name: '@planted/shape',
    version: '0.2.0',
    description: 'A planted room',
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=24' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    dependencies: { '@planted/other': '0.2.0' },
  });
  assert.equal(readFileSync(join(staging, 'shape/LICENSE'), 'utf8'), 'a licence of its own');
  assert.equal(readFileSync(join(staging, 'tool/LICENSE'), 'utf8'), 'the licence of the house');
});

test('two packs are byte-equal, whatever the times of the files', (t) => {
  const root = plant(t);
  const first = pack(root, 'first').map(({ sha256 }) => sha256);
  for (const path of Object.keys(files)) utimesSync(join(root, path), 1, 1);
  const second = pack(root, 'second').map(({ sha256 }) => sha256);
  assert.deepEqual(second, first);
  writeFileSync(join(root, 'packages/shape/README.md'), '# another');
  assert.notDeepEqual(
    pack(root, 'third').map(({ sha256 }) => sha256),
    first,
  );
});

test('what is missing stops the packing', (t) => {
  assert.throws(() => pack(plant(t, { 'packages/shape/README.md': null })), /README\.md/);
  assert.throws(() => pack(plant(t, { 'packages/shape/src/area-worker.ts': null })), /area-worker\.ts/);
  const outside = "export { area } from '../../inside/src/area.ts';\n";
  assert.throws(() => pack(plant(t, { 'packages/shape/src/index.ts': outside })), /lies outside src/);
});
