/**
 * A disk that is really full, and empty again, 500 times: the witness signs nothing that it cannot keep, never two heads of
 * one size, and goes on by itself.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onSmallDisk, soakShare, tellSoak, type SmallDisk } from '@latchkey/testkit';
import { openService } from '../src/service.ts';
import { entry, TestLog } from './test-log.ts';

const disk = onSmallDisk(import.meta.filename, 1);
if (disk !== null) tellSoak(await fillAndFree(disk, Math.ceil(500 * soakShare())));

async function fillAndFree({ folder, fill, free }: SmallDisk, rounds: number): Promise<object> {
  const log = new TestLog('log.example/full');
  const data = join(folder, 'data');
  const command = join(import.meta.dirname, '../bin/latchkey-witness');
  const made = spawnSync(command, ['keygen', 'witness.example/full', '--data', data, '--json'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  writeFileSync(join(data, 'logs'), `${log.line}\n`);
  const { cosigner } = openService({ dataDir: data, role: 'witness', logsFile: null, tell: () => {} });
  await log.add(entry('first'));
  assert.equal((await cosigner.addCheckpoint(await log.request(0))).status, 200);
  let size = 1;
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const fork = await log.fork(size);
    await log.add(entry(`honest ${round}`));
    await fork.add(entry(`other ${round}`));
    fill();
    const first = await cosigner.addCheckpoint(await fork.request(size)).then(({ status }) => status, codeOf);
    free();
    const request = await log.request(size);
    if (first !== 'ENOSPC') {
      // It found room: then this branch is the one, and the other one is refused.
      assert.equal(first, 200);
      assert.equal((await cosigner.addCheckpoint(request)).status, 409);
      return { rounds: round, refused, note: 'the disk was not full' };
    }
    refused += 1;
    const { status } = await cosigner.addCheckpoint(request);
    assert.equal(status, 200);
    size += 1;
  }
  return { rounds, refused };
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return cause?.code ?? code ?? String(error);
}
