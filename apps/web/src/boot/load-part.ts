/**
 * What the build makes of `import()`: a part that is loaded later, with its hash. Integrity-Policy refuses scripts whose
 * hash nobody named; a preloaded module is taken from where the preload put it, and is not fetched again.
 */
type Parts = Readonly<Record<string, readonly (readonly [file: string, integrity: string])[]>>;

let parts: Parts | null = null;

function loadPart(name: string): Promise<unknown> {
  const file = new URL(name, import.meta.url);
  parts ??= JSON.parse(document.querySelector('#parts')?.textContent ?? '{}') as Parts;
  const needed = parts[file.pathname] ?? [];
  return Promise.all(needed.map(preload)).then(() => import(/* @vite-ignore */ file.href));
}

function preload([file, integrity]: readonly [string, string]): Promise<void> {
  if (document.querySelector(`link[href="${file}"]`) !== null) return Promise.resolve();
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.crossOrigin = 'anonymous';
  link.integrity = integrity;
  link.href = file;
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      // So that it is tried again.
      link.remove();
      reject(new Error('a part of the app could not be loaded'));
    });
    document.head.append(link);
  });
}

Object.assign(globalThis, { latchkeyPart: loadPart });
