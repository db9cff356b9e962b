// Plain JavaScript that the oldest supported Node (20) can run: it installs what the lock file says when that
// has changed, and goes on under the pinned Node. npm's pre-scripts are no use for this: `ignore-scripts`
// switches them off too. See docs/decisions/0005-node-through-the-registry.md.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');
const neededMajor = 24;

const programs = {
  start: ['tools/start/start.ts'],
  test: ['tools/test-run/run.ts'],
  check: ['tools/check/check.ts'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--write', '.', '--log-level', 'warn'],
  soak: ['tools/test-run/soak.ts'],
  mutate: ['tools/mutate/mutate.ts'],
  bench: ['bench/run.ts'],
  pack: ['tools/pack/pack.ts'],
  release: ['tools/release/release.ts'],
};

const [name, ...rest] = process.argv.slice(2);
const program = programs[name];
if (program === undefined) {
  console.error(`launch: no program is called ${name}; there are ${Object.keys(programs).join(', ')}`);
  process.exit(2);
}

installIfChanged();
const node = nodeToUse();
const child = spawn(node, [join(root, program[0]), ...program.slice(1), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (cause) => {
  console.error(`launch: ${node} could not be started: ${cause.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));

function installIfChanged() {
  const stamp = join(root, 'node_modules/.latchkey-installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing what package-lock.json lists, inside this folder (about half a minute) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const done = spawnSync(command, [...args, 'ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    console.error('launch: npm ci failed; its messages stand above. Is the package registry reachable?');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** The Node that package-lock.json pins; one's own where the registry has none for this machine. */
function nodeToUse() {
  const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) < neededMajor) {
    console.error(
      `launch: Latchkey needs Node ${neededMajor} or newer, and there is no pinned one for ${process.platform} ${process.arch}. ` +
        `This is Node ${process.versions.node}: install a newer one and try again.`,
    );
    process.exit(1);
  }
  return process.execPath;
}
