// The launcher under the oldest Node it must know, where there is one besides the pinned.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

it('starts the system from an old Node, goes on under the pinned one, and ends when told to', async (t) => {
  const node = oldNode();
  if (node === null) {
    t.skip('no Node older than 24 is installed');
    return;
  }
  const data = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
  const PATH = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(node, [launcher, 'start', '--data', data], {
    cwd: root,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => {
    child.kill('SIGKILL');
    for (const folder of [data, `${data}-witness`]) rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  for await (const piece of child.stdout) {
    said += String(piece);
    if (said.includes('A witness')) break;
  }
  assert.match(said, /^Latchkey \d+\.\d+\.\d+ serves localhost on http:\/\/127\.0\.0\.1:\d+\//);
  assert.match(said, /^A witness on this machine signs its key log\. Data: \S+-witness$/m);
  child.kill('SIGTERM');
  await once(child, 'exit');
});

it('names its programs when asked for another', () => {
  const done = spawnSync(process.execPath, [launcher, 'strat'], { encoding: 'utf8' });
  assert.equal(done.status, 2);
  assert.match(done.stderr, /no program is called strat; there are start, test/);
});
