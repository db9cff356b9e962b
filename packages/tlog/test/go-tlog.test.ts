import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { EMPTY_ROOT, leafHash } from '../src/merkle/hash.ts';
import { growTree } from '../src/tiles/grow-tree.ts';
import { proveConsistency, proveInclusion } from '../src/tiles/prove.ts';
import { buildGo } from './build-go.ts';
import { MemoryTiles } from './memory-tiles.ts';

const OLD = 300;
const SIZE = 700;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

interface Answer {
  readonly Consistency: readonly string[];
  readonly Inclusion: readonly (readonly string[])[];
}

test("Go's sumdb/tlog reads our tiles, makes our proofs and verifies them", async (t) => {
  const built = buildGo(t, 'go-tlog');
  if ('missing' in built) return t.skip(built.missing);
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-tiles-'));
  t.after(() => rmSync(folder, { recursive: true }));

  const leaves = Array.from({ length: SIZE }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
  const store = new MemoryTiles();
  const roots: string[] = [];
  let size = 0;
  for (const next of [1, 2, 3, 255, 256, 257, OLD, 512, 513, SIZE]) {
    const growth = await growTree({ oldSize: size, tiles: store, leafHashes: leaves.slice(size, next) });
    store.keep(growth.tiles);
    roots.push(`${next} ${base64(growth.rootHash)}`);
    size = next;
  }
  for (const [path, bytes] of store.files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }

  const consistency = await proveConsistency({ oldSize: OLD, newSize: SIZE }, store);
  const inclusion = await Promise.all(leaves.map((_, index) => proveInclusion({ index, size: SIZE }, store)));
  const claims = [
    `consistency ${OLD} ${SIZE} ${consistency.map(base64).join(' ')}`,
    ...inclusion.map(
      (path, index) => `inclusion ${index} ${SIZE} ${[leaves[index] ?? EMPTY_ROOT, ...path].map(base64).join(' ')}`,
    ),
  ];
  const run = (lines: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(built.program, [folder, String(OLD), String(SIZE)], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });

  const { status, stdout, stderr } = run([...roots, '', ...claims]);
  assert.equal(status, 0, stderr);
  const theirs = JSON.parse(stdout) as Answer;
  assert.deepEqual(consistency.map(base64), theirs.Consistency);
  assert.deepEqual(
    inclusion.map((path) => path.map(base64)),
    theirs.Inclusion,
  );
  // It does notice what is wrong.
  assert.equal(run([...roots, `consistency ${OLD} ${SIZE} ${consistency.slice(1).map(base64).join(' ')}`]).status, 1);
  assert.equal(run([...roots.slice(0, -1), `${SIZE} ${base64(EMPTY_ROOT)}`]).status, 1);
});
