// Node 24 is the floor; the next major must do as well. The primitives and the vectors run under it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'node-26');
const node = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);

it('runs the primitives and the age vectors under Node 26', { timeout: 300_000 }, (t) => {
  if (!existsSync(node)) {
    // Its own lock file, so that nobody who only uses Latchkey downloads a second Node.
    const npm = process.env['npm_execpath'];
    const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
    spawnSync(command, [...args, 'ci', '--loglevel=error'], { cwd: folder, stdio: 'ignore' });
  }
  if (!existsSync(node)) {
    t.skip(`Node 26 for ${process.platform} ${process.arch} could not be installed`);
    return;
  }
  const files = globSync(['packages/crypto/src/engine-node/*.test.ts', 'packages/crypto/src/age/*vector*.test.ts'], {
    cwd: root,
  });
  assert.ok(files.length > 1, files.join());
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // What is JavaScript alone is the same under every Node: the engine that stands on the platform is what may change.
  const args = ['--test', '--test-reporter=tap', '--test-skip-pattern=engine noble', ...files];
  const done = spawnSync(node, args, { cwd: root, env, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout.slice(-4000) + done.stderr.slice(-2000));
  assert.match(done.stdout, /^# pass [1-9]/m);
});
