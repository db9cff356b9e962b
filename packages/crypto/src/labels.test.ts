import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Label, LABELS } from './labels.ts';

const room = join(import.meta.dirname, '..');
const all: readonly Label[] = Object.values(LABELS);

/** Pairs of one function of which the one begins the other; equal ones among them. */
function confusable(labels: readonly Label[]): string[] {
  return labels.flatMap((one, index) =>
    labels
      .filter((other, at) => at !== index && other.use === one.use && other.text.startsWith(one.text))
      .map((other) => `${one.use}: ${one.text} ${other.text}`),
  );
}

test('no label for one function begins or equals another', () => {
  assert.deepEqual(confusable(all), []);
  const planted = { text: 'latchkey/v1/kek', use: 'hkdf', bytes: new Uint8Array(0) } as const;
  assert.equal(confusable([...all, planted]).length, 2);
  assert.equal(confusable([...all, { ...planted, text: 'latchkey/v1/kekx' }]).length, 1);
});

test('labels are printable, versioned and stand in their bytes; what is hashed ends with a zero byte', () => {
  for (const { text, use, bytes } of all) {
    assert.match(text, /^latchkey\/v1\/[a-z]+(-[a-z]+)*\0?$/);
    assert.equal(Buffer.from(bytes).toString('latin1'), text);
    if (use === 'sha256') assert.ok(text.endsWith('\0'), text);
  }
});

test('the specification holds the same table', () => {
  const specification = readFileSync(join(room, '../../docs/spec/04-records.md'), 'utf8');
  const rows = [...specification.matchAll(/^\| `(latchkey\/v1\/[^`]+)`\s*\| (sha256|hkdf|ad)\s*\| (\S.*)\|$/gm)];
  const listed = rows.map(([, text, use]) => `${use}: ${text}`);
  assert.deepEqual(listed.toSorted(), all.map(({ text, use }) => `${use}: ${text.replace('\0', '\\0')}`).toSorted());
});

test('no other file of this room makes a label of its own', () => {
  for (const file of globSync('src/**/*.ts', { cwd: room })) {
    if (file === 'src/labels.ts' || file.endsWith('.test.ts')) continue;
    assert.doesNotMatch(readFileSync(join(room, file), 'utf8'), /['"`]latchkey\/v1/, file);
  }
});
