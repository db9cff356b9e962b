/**
 * The first job: the app's own files, by the list of hashes that the build put into this worker. All of a build or
 * nothing of it: a page never runs half of one and half of another, and it opens without a network. It is no protection
 * from an operator who sends another worker (docs/spec/16-web.md, "What a browser cannot promise").
 */
export interface Shell {
  /** Names the build. */
  readonly build: string;
  /** Path → hash, as `integrity` takes it. */
  readonly files: Readonly<Record<string, string>>;
  /** Those of the files that few people need: kept when they are first used. */
  readonly later: readonly string[];
  /** The page, without which nothing else is asked for. */
  readonly page: string;
}

const BEGINNING = 'latchkey-shell-';

export async function keepShell(shell: Shell): Promise<void> {
  const cache = await caches.open(BEGINNING + shell.build);
  const atOnce = Object.keys(shell.files).filter((path) => !shell.later.includes(path));
  await Promise.all(atOnce.map(async (path) => cache.put(path, await fetchFile(shell, path))));
}

/** Those of other builds. */
export async function dropOldShells({ build }: Shell): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(BEGINNING) && name !== BEGINNING + build) await caches.delete(name);
  }
}

/** Null where it is none of the app's files. */
export async function fromShell(shell: Shell, request: Request): Promise<Response | null> {
  const { build, files, later, page } = shell;
  const { pathname } = new URL(request.url);
  const path = request.mode === 'navigate' && (pathname === page || pathname === `${page}index.html`) ? page : pathname;
  if (files[path] === undefined) return null;
  const cache = await caches.open(BEGINNING + build);
  const kept = await cache.match(path);
  if (kept !== undefined || !later.includes(path)) return kept ?? null;
  const fetched = await fetchFile(shell, path);
  await cache.put(path, fetched.clone());
  return fetched;
}

/** Of this build or not at all: a file whose hash is another one is refused by the browser. */
async function fetchFile({ files }: Shell, path: string): Promise<Response> {
  const integrity = files[path] ?? '';
  const response = await fetch(path, { integrity, cache: 'no-cache', credentials: 'omit', redirect: 'error' });
  if (!response.ok) throw new TypeError('a file of the app is missing');
  return response;
}
