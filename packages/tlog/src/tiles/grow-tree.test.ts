import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryTiles } from '../../test/memory-tiles.ts';
import { EMPTY_ROOT, leafHash } from '../merkle/hash.ts';
import { RunningTree } from '../merkle/running-tree.ts';
import { growTree, treeRoot } from './grow-tree.ts';
import { tileWidth } from './hash-tiles.ts';
import { proveConsistency, proveInclusion } from './prove.ts';
import { formatTilePath } from './tile-path.ts';

const leaves = Array.from({ length: 70_000 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));

test('a tree of 70,000 leaves has the tiles that the specification counts', async () => {
  const store = new MemoryTiles();
  const growth = await growTree({ oldSize: 0, tiles: store, leafHashes: leaves });
  const paths = growth.tiles.map(({ bytes, ...name }) => {
    assert.equal(bytes.length, name.width * 32);
    return formatTilePath(name);
  });
  assert.equal(paths.filter((path) => /^tile\/0\/[0-9x/]+$/.test(path)).length, 273);
  assert.deepEqual(
    paths.filter((path) => path.includes('.p/') || !path.startsWith('tile/0/')),
    ['tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1'],
  );
});

test('a tree of 256 leaves has a full tile and one hash above it', async () => {
  const growth = await growTree({ oldSize: 0, tiles: new MemoryTiles(), leafHashes: leaves.slice(0, 256) });
  assert.deepEqual(
    growth.tiles.map(({ level, index, width }) => [level, index, width]),
    [
      [0, 0, 256],
      [1, 0, 1],
    ],
  );
  assert.deepEqual(growth.tiles[1]?.bytes, growth.rootHash);
});

test('leaf by leaf and in lots of any size give the same tree', async () => {
  const store = new MemoryTiles();
  const running = new RunningTree();
  let size = 0;
  for (const lot of [1, 1, 1, 0, 200, 52, 1, 1, 255, 257, 600]) {
    const leafHashes = leaves.slice(size, size + lot);
    const growth = await growTree({ oldSize: size, tiles: store, leafHashes });
    for (const leaf of leafHashes) running.append(leaf);
    assert.deepEqual([growth.size, growth.rootHash], [running.size, running.rootHash()]);
    if (lot === 0) assert.deepEqual(growth.tiles, []);
    store.keep(growth.tiles);
    size = growth.size;
  }
});

test('the empty tree reads nothing', async () => {
  const none = { readTile: () => assert.fail('a tile was read') };
  assert.deepEqual(await treeRoot(0, none), EMPTY_ROOT);
  assert.deepEqual(await growTree({ oldSize: 0, tiles: none, leafHashes: [] }), {
    size: 0,
    rootHash: EMPTY_ROOT,
    tiles: [],
  });
  assert.deepEqual(await proveConsistency({ oldSize: 0, newSize: 9 }, none), []);
  assert.deepEqual(await proveConsistency({ oldSize: 9, newSize: 9 }, none), []);
  assert.deepEqual(await proveInclusion({ index: 0, size: 1 }, none), []);
});

test('each tile is read once, and in its width for the size', async () => {
  const store = new MemoryTiles();
  store.keep((await growTree({ oldSize: 0, tiles: store, leafHashes: leaves.slice(0, 700) })).tiles);
  const read: string[] = [];
  const counting = {
    readTile: (level: number, index: number, width: number): Promise<Uint8Array> => {
      read.push(formatTilePath({ level, index, width }));
      return store.readTile(level, index, width);
    },
  };
  await proveInclusion({ index: 600, size: 700 }, counting);
  assert.deepEqual(read.toSorted(), ['tile/0/002.p/188', 'tile/1/000.p/2']);
});

test('a store that gives other bytes than a tile is refused', async () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(31),
    new Uint8Array(2 * 32),
    new Uint8Array(100),
    new Uint8Array(257 * 32),
  ]) {
    const wrong = { readTile: () => Promise.resolve(bytes) };
    await assert.rejects(treeRoot(3, wrong), { name: 'TlogError', code: 'tile_wrong' });
  }
  // A wider version of the tile is the same tile.
  const store = new MemoryTiles();
  store.keep((await growTree({ oldSize: 0, tiles: store, leafHashes: leaves.slice(0, 9) })).tiles);
  const small = new MemoryTiles();
  const three = await growTree({ oldSize: 0, tiles: small, leafHashes: leaves.slice(0, 3) });
  assert.deepEqual(await treeRoot(3, store), three.rootHash);
});

test('what is no size or hash throws', async () => {
  const tiles = new MemoryTiles();
  for (const asked of [
    growTree({ oldSize: -1, tiles, leafHashes: [] }),
    growTree({ oldSize: 0.5, tiles, leafHashes: [] }),
    growTree({ oldSize: Number.MAX_SAFE_INTEGER, tiles, leafHashes: leaves.slice(0, 1) }),
    growTree({ oldSize: 0, tiles, leafHashes: [new Uint8Array(31)] }),
  ]) {
    await assert.rejects(asked, { name: 'TlogError', code: 'argument_invalid' });
  }
  for (const [index, size] of [
    [0, 0],
    [3, 3],
    [-1, 3],
    [0.5, 3],
    [0, 3.5],
  ] as const) {
    assert.throws(() => proveInclusion({ index, size }, tiles), { code: 'argument_invalid' });
  }
  for (const [oldSize, newSize] of [
    [4, 3],
    [-1, 3],
    [0.5, 3],
    [0, 3.5],
  ] as const) {
    assert.throws(() => proveConsistency({ oldSize, newSize }, tiles), { code: 'argument_invalid' });
  }
});

test('a tile is as wide as the tree fills it', () => {
  assert.equal(tileWidth(70_000, { level: 0, index: 272 }), 256);
  assert.equal(tileWidth(70_000, { level: 0, index: 273 }), 112);
  assert.equal(tileWidth(70_000, { level: 0, index: 274 }), 0);
  assert.equal(tileWidth(70_000, { level: 1, index: 1 }), 17);
  assert.equal(tileWidth(70_000, { level: 2, index: 0 }), 1);
  assert.equal(tileWidth(70_000, { level: 3, index: 0 }), 0);
});
