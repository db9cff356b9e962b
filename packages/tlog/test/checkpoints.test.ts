import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedVectors } from '@latchkey/testkit';
import { parseCheckpoint } from '../src/checkpoint/checkpoint.ts';
import { EMPTY_ROOT, leafHash } from '../src/merkle/hash.ts';
import { RunningTree } from '../src/merkle/running-tree.ts';
import { verifyConsistency } from '../src/merkle/verify-consistency.ts';
import { verifyInclusion } from '../src/merkle/verify-inclusion.ts';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { parseVerifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { decodeEntryBundle, encodeEntryBundle } from '../src/tiles/entry-bundle.ts';
import { growTree, treeRoot } from '../src/tiles/grow-tree.ts';
import type { HashTiles } from '../src/tiles/hash-tiles.ts';
import { proveConsistency, proveInclusion } from '../src/tiles/prove.ts';
import { formatTilePath } from '../src/tiles/tile-path.ts';
import { platformVerifier } from './platform-key.ts';

// The key under which tessera publishes its test log (`testdata/build_log.sh` there).
const log = parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');

test('the sixteen checkpoints of another log verify as notes', async (t) => {
  const folder = sharedVectors();
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  for (let size = 0; size < 16; size += 1) {
    const bytes: Buffer = readFileSync(join(folder, 'tlog/log', `checkpoint.${size}`));
    const note = parseNote(bytes);
    assert.deepEqual(note.text.split('\n').slice(0, 2), ['example.com/log/testdata', String(size)]);
    assert.deepEqual(Buffer.from(formatNote(note)), bytes);
    assert.ok((await verifyNote(note, [platformVerifier(log)], 'all')).verified);
    const changed = { ...note, text: note.text.replace(`\n${size}\n`, `\n${size + 1}\n`) };
    assert.ok(!(await verifyNote(changed, [platformVerifier(log)], 'all')).verified);
  }
});

test("another log's tiles and entries give its roots, and proofs between all its sizes", async (t) => {
  const folder = sharedVectors();
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  const file = (path: string): Uint8Array => readFileSync(join(folder, 'tlog/log', path));
  const tiles: HashTiles = {
    readTile: (level, index, width) => Promise.resolve(file(formatTilePath({ level, index, width }))),
  };
  const heads = Array.from({ length: 16 }, (_, size) => parseCheckpoint(parseNote(file(`checkpoint.${size}`)).text));
  const running = new RunningTree();
  for (const [size, head] of heads.entries()) {
    assert.equal(head.size, size);
    assert.deepEqual(await treeRoot(size, tiles), head.rootHash);
    if (size === 0) continue;
    const bundle = file(formatTilePath({ level: 'entries', index: 0, width: size }));
    const entries = decodeEntryBundle(bundle, { width: size });
    assert.deepEqual(Buffer.from(encodeEntryBundle(entries)), bundle);
    const leafHashes = entries.map((entry) => leafHash(entry));
    const tile = file(formatTilePath({ level: 0, index: 0, width: size }));
    assert.deepEqual(Buffer.concat(leafHashes), tile);
    running.append(leafHashes[size - 1] ?? EMPTY_ROOT);
    assert.deepEqual(running.rootHash(), head.rootHash);
    const grown = await growTree({ oldSize: size - 1, tiles, leafHashes: leafHashes.slice(-1) });
    assert.deepEqual(grown.rootHash, head.rootHash);
    assert.deepEqual(Buffer.from(grown.tiles[0]?.bytes ?? []), tile);

    for (const [index, hash] of leafHashes.entries()) {
      const proof = await proveInclusion({ index, size }, tiles);
      assert.ok(verifyInclusion({ leafHash: hash, index, size, proof, root: head.rootHash }));
    }
    for (const old of heads.slice(0, size + 1)) {
      const proof = await proveConsistency({ oldSize: old.size, newSize: size }, tiles);
      const claim = { oldSize: old.size, oldRoot: old.rootHash, newSize: size, newRoot: head.rootHash, proof };
      assert.ok(verifyConsistency(claim), `${old.size} → ${size}`);
    }
  }
});
