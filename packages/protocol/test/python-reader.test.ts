import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';

interface StatementVectors {
  readonly accept: readonly Readonly<Record<'name' | 'text' | 'hash', string>>[];
  readonly reject: readonly Readonly<Record<'name' | 'base' | 'find' | 'replace', string>>[];
}

test('a reader in Python, written from the specification, says the same of every vector', (t) => {
  const python = outsideProgram('python3');
  if (python === null) return t.skip('python3 is not installed');
  const cases = vectorCases();
  assert.ok(cases.length > 200);
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-statements-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cases.forEach(({ text }, index) => writeFileSync(join(folder, String(index)), text));
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(import.meta.dirname, 'readers/read_statement.py'), ...cases.map((_, index) => join(folder, String(index)))],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  cases.forEach(({ name, hash }, index) => {
    if (hash === null) assert.match(lines[index] ?? '', /^refused: /, name);
    else assert.equal(lines[index], hash, name);
  });
});

function vectorCases(): { name: string; text: string; hash: string | null }[] {
  const folder = join(import.meta.dirname, '../../../vectors/statements');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.flatMap((file) => {
    const { accept, reject } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as StatementVectors;
    const texts = new Map(accept.map(({ name, text }) => [name, text]));
    return [
      ...accept.map(({ name, text, hash }) => ({ name: `${file}: ${name}`, text, hash })),
      ...reject.map(({ name, base, find, replace }) => ({
        name: `${file}: ${name}`,
        text: (texts.get(base) ?? '').replace(find, () => replace),
        hash: null,
      })),
    ];
  });
}
