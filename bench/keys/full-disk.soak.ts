/**
 * The server's disk really full, and empty again, 200 times: what it has acknowledged is in the log, what it could not
 * write it says, and no head has a second one.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { onSmallDisk, soakShare, tellSoak, type SmallDisk } from '@latchkey/testkit';
import { parseCheckpoint, parseNote } from '../../packages/tlog/src/index.ts';
import { startTestServer, WireRefused } from '../../apps/server/src/testing/index.ts';
import {
  directoryOf,
  lookedUp,
  nextVersion,
  resolveUntil,
  verifiedHead,
} from '../../apps/server/test/key-log-client.ts';
import { register } from '../../apps/server/test/test-owner.ts';

const MIB = 40;
const MOST_VERSIONS = 200;

const disk = onSmallDisk(import.meta.filename, MIB);
if (disk !== null) tellSoak(await fillAndFree(disk, Math.ceil(200 * soakShare())));

async function fillAndFree({ folder, fill, free }: SmallDisk, rounds: number): Promise<object> {
  const server = await startTestServer({ data: join(folder, 'data') });
  const heads = new Map<string, string>();
  let owner = await register(server.origin, 'full-0@localhost');
  let accepted: string[] = [];
  let refused = 0;
  let taken = 0;
  for (let round = 1; round <= rounds; round++) {
    // In turn: full before the statement is written, and full before the log has grown by it.
    const isLate = round % 2 === 0;
    if (!isLate) fill();
    const next = await nextVersion(owner);
    const update = (): Promise<boolean> =>
      owner.wire.call('directoryUpdate', { statement: next.statement }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof WireRefused && error.code === 'storage_failed') return false;
          throw error;
        },
      );
    const isTaken = await update();
    if (isLate) {
      fill();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    free();
    if (isTaken) taken += 1;
    else {
      refused += 1;
      assert.equal(await update(), true, 'with room again it is taken');
    }
    accepted.push(next.statement);
    owner = next.owner;
    const directory = directoryOf(await owner.wire.call('ktPolicy', {}));
    const resolved = await resolveUntil(owner.wire, owner.address, { versions: accepted.length + 1, withinMs: 60_000 });
    const found = lookedUp(await verifiedHead(directory, resolved), owner.address, resolved.answers[0]);
    assert.ok(!found.refused && found.found);
    const notes = found.versions.map(({ note }) => Buffer.from(note ?? []).toString('utf8'));
    assert.deepEqual(notes.slice(1), accepted);
    for (const note of [resolved.head.indexCheckpoint, resolved.head.indexLeaf.slice(65)]) {
      const { origin, size, rootHash } = parseCheckpoint(parseNote(Buffer.from(note)).text);
      const root = Buffer.from(rootHash).toString('hex');
      assert.equal(heads.get(`${origin} ${size}`) ?? root, root, 'two heads of one size');
      heads.set(`${origin} ${size}`, root);
    }
    if (accepted.length < MOST_VERSIONS) continue;
    owner = await register(server.origin, `full-${round}@localhost`);
    accepted = [];
  }
  await server.stop();
  return { rounds, refused, taken, heads: heads.size };
}
