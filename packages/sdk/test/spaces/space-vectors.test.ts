import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { changeLeaf } from '../../src/sync/change-leaf.ts';
import { decodeHead, encodeHead } from '../../src/sync/head.ts';
import { EMPTY_TREE, LogTree } from '../../src/sync/log-tree.ts';
import { SpaceKeys } from '../../src/sync/space-keys.ts';
import {
  allSpaceVectors,
  type HeadCase,
  type LogCase,
  type NameCase,
  SPACE_VECTORS_FOLDER,
  type SpaceVectors,
  vectorsText,
} from './generate.ts';

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const textOf = (kind: string): string => readFileSync(join(SPACE_VECTORS_FOLDER, `${kind}.json`), 'utf8');
const casesOf = (kind: string): unknown => (JSON.parse(textOf(kind)) as SpaceVectors<unknown>).cases;

test('the files are what the generator writes, and no others', () => {
  for (const vectors of allSpaceVectors()) assert.equal(textOf(vectors.kind), vectorsText(vectors));
  const kinds = allSpaceVectors().map(({ kind }) => `${kind}.json`);
  assert.deepEqual(readdirSync(SPACE_VECTORS_FOLDER).toSorted(), kinds.toSorted());
});

test('change-log', async () => {
  const tree = new LogTree(nodeEngine, EMPTY_TREE);
  const cases = casesOf('change-log') as readonly LogCase[];
  for (const { id, change, leaf, root } of cases) {
    if (change !== null) {
      const { record, version, epoch, hash } = change;
      const made = await changeLeaf(nodeEngine, { record: fromHex(record), version, epoch, hash: fromHex(hash) });
      assert.equal(toHex(made), leaf, id);
      await tree.append(made);
    }
    assert.equal(toHex(await tree.root()), root, id);
  }
  assert.ok(cases.length > 10);
});

test('heads', async () => {
  const cases = casesOf('heads') as readonly HeadCase[];
  for (const { id, secrets, space, encoded, head } of cases) {
    const known = new Map(secrets.map(({ epoch, secret }) => [epoch, fromHex(secret)]));
    const keysOf = (epoch: number): SpaceKeys =>
      new SpaceKeys(nodeEngine, { space: fromHex(space), epoch, secrets: known });
    const decoded = await decodeHead(keysOf(4), fromHex(encoded));
    const shown = decoded && { ...decoded, device: toHex(decoded.device), root: toHex(decoded.root) };
    assert.deepEqual(shown, head, id);
    if (decoded === null) continue;
    const epoch = Number.parseInt(encoded.slice(2, 10), 16);
    assert.equal(toHex(await encodeHead(keysOf(epoch), decoded)), encoded, id);
  }
  assert.equal(cases.filter(({ head }) => head !== null).length, 3);
});

test('names', async () => {
  for (const { id, firstEpochSecret, space, label, bytes, name } of casesOf('names') as readonly NameCase[]) {
    const secrets = new Map([
      [9, new Uint8Array(32)],
      [2, fromHex(firstEpochSecret)],
    ]);
    const keys = new SpaceKeys(nodeEngine, { space: fromHex(space), epoch: 9, secrets });
    assert.equal(toHex(await keys.name(label, fromHex(bytes))), name, id);
  }
});
