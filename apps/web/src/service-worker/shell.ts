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
  /** The page, without which nothing else is asked for. */
  readonly page: string;
}

const BEGINNING = 'latchkey-shell-';

export async function keepShell({ build, files }: Shell): Promise<void> {
  const cache = await caches.open(BEGINNING + build);
  const entries = Object.entries(files).map(async ([path, integrity]) => {
    const response = await fetch(path, { integrity, cache: 'no-cache', credentials: 'omit', redirect: 'error' });
    if (!response.ok) throw new TypeError('a file of the app is missing');
    await cache.put(path, response);
  });
  await Promise.all(entries);
}

/** Those of other builds. */
export async function dropOldShells({ build }: Shell): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(BEGINNING) && name !== BEGINNING + build) await caches.delete(name);
  }
}

/** Null where it is none of the app's files. */
export async function fromShell({ build, files, page }: Shell, request: Request): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  const path = request.mode === 'navigate' && (pathname === page || pathname === `${page}index.html`) ? page : pathname;
  if (files[path] === undefined) return null;
  const cache = await caches.open(BEGINNING + build);
  return (await cache.match(path)) ?? null;
}
