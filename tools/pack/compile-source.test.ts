import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSource } from './compile-source.ts';

const compile = (text: string): ReturnType<typeof compileSource> =>
  compileSource({ file: 'src/inner/a.ts', text, withDeclarations: true });

test('types go, names end in .js, and what is named is known', () => {
  const { javascript, declarations, needs } = compile(`
import { b, type B } from '../b.ts';
import type { C } from './c.ts';
export { d } from './d.ts';
import words from './words.json' with { type: 'json' };
/** Why. */
export function a(given: B): C {
  return b(given as unknown as C, words);
}
export type E = import('./e.ts').E;
export const later = (): Promise<unknown> => import('./f.ts');
const worker: URL = new URL('./worker.ts', import.meta.url);
void worker;
`);
  assert.doesNotMatch(javascript + declarations, /\.ts['"]/);
  assert.doesNotMatch(javascript, /unknown/);
  assert.match(javascript, /new URL\('\.\/worker\.js', import\.meta\.url\)/);
  assert.match(javascript, /from '\.\.\/b\.js'/);
  assert.match(javascript, /import\('\.\/f\.js'\)/);
  assert.match(declarations ?? '', /\/\*\* Why\. \*\/\nexport declare function a\(given: B\): C;/);
  assert.match(declarations ?? '', /import\(['"]\.\/e\.js['"]\)/);
  assert.deepEqual(needs.toSorted(), [
    'src/b.ts',
    'src/inner/c.ts',
    'src/inner/d.ts',
    'src/inner/e.ts',
    'src/inner/f.ts',
    'src/inner/words.json',
    'src/inner/worker.ts',
  ]);
});

test('a worker may be named for both places', () => {
  const { javascript, needs } = compile(
    "void new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);",
  );
  assert.doesNotMatch(javascript, /worker\.ts/);
  assert.deepEqual(needs, ['src/inner/worker.ts']);
});

test('a name that nobody would change is refused', () => {
  assert.throws(
    () => compile("export const worker: string = 'chunk-worker.ts';"),
    /"chunk-worker\.ts" is not there when packed/,
  );
});

test('an export without a type is refused', () => {
  assert.throws(() => compile('export const a = b();'), /isolatedDeclarations/);
});

test('text that is not TypeScript is refused', () => {
  assert.throws(() => compile('export const = 1;'), /src\/inner\/a\.ts: /);
});
