// The launcher under the oldest Node it must know, where there is one besides the pinned.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { it } from 'node:test';

const launcher = join(import.meta.dirname, 'launch.mjs');
const root = join(import.meta.dirname, '../..');

/** The first `node` on the PATH that is older than 24, or null. */
function oldNode(): string | null {
  const pinned = realpathSync(process.execPath);
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']) {
    const node = join(folder, 'node');
    if (!existsSync(node) || realpathSync(node) === pinned) continue;
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
    if (Number(/^v(\d+)\./.exec(version)?.[1] ?? 99) < 24) return node;
  }
  return null;
}

it('starts the system from an old Node and goes on under the pinned one', (t) => {
  const node = oldNode();
  if (node === null) {
    t.skip('no Node older than 24 is installed');
    return;
  }
  const PATH = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`;
  const done = spawnSync(node, [launcher, 'start'], { encoding: 'utf8', cwd: root, env: { ...process.env, PATH } });
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /^Latchkey \d/);
});

it('names its programs when asked for another', () => {
  const done = spawnSync(process.execPath, [launcher, 'strat'], { encoding: 'utf8' });
  assert.equal(done.status, 2);
  assert.match(done.stderr, /no program is called strat; there are start, test/);
});
