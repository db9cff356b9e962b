import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

const program = join(import.meta.dirname, 'mutate.ts');

const source = `
export function isPort(value: number): boolean {
  return value > 0 && value < 65536;
}
`;
const strongTest = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPort } from './is-port.ts';
test('the edges', () => {
  assert.deepEqual([0, 1, 65535, 65536].map(isPort), [false, true, true, false]);
});
`;
/** Looks at the middle only: faults at the edges go unnoticed. */
const weakTest = strongTest.replace('[0, 1, 65535, 65536]', '[-5, 80, 443, 70000]');

interface Report {
  readonly failures: readonly string[];
  readonly scores: readonly { readonly mutants: number; readonly noticed: number; readonly reviewed: number }[];
  readonly targets: readonly {
    readonly outcomes: readonly {
      readonly verdict: string;
      readonly mutant: { readonly was: string; readonly now: string };
    }[];
  }[];
}

interface Tree {
  readonly source?: string;
  readonly tests: string;
  readonly reviewed?: readonly object[];
  readonly tables?: { readonly sources: readonly string[] };
  readonly args?: readonly string[];
  /** A folder to use once more; else each run has one of its own. */
  readonly root?: string;
}

/** Runs the program over a small repository of its own. */
function mutate(
  t: TestContext,
  { tests, args = [], reviewed = [], ...tree }: Tree,
): { code: number | null; stderr: string; report: Report } {
  const root = tree.root ?? mkdtempSync(join(tmpdir(), 'latchkey-mutate-'));
  if (tree.root === undefined) t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'src/is-port.ts'), tree.source ?? source);
  writeFileSync(join(root, 'src/is-port.test.ts'), tests);
  writeFileSync(join(root, 'reviewed.json'), JSON.stringify(reviewed));
  writeFileSync(
    join(root, 'targets.json'),
    JSON.stringify([{ name: 'port', room: 'net', sources: ['src/*.ts'], tests: ['src/*.test.ts'], ...tree.tables }]),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--root', root, '--targets', 'targets.json', '--reviewed', 'reviewed.json', '--json', ...args],
    { encoding: 'utf8', env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  assert.equal(readFileSync(join(root, 'src/is-port.ts'), 'utf8'), tree.source ?? source, 'the tree is never touched');
  const report: Report = JSON.parse(stdout.startsWith('{') ? stdout : 'null');
  return { code: status, stderr, report };
}

function verdictsOf({ targets }: Report): readonly string[] {
  return targets.flatMap(({ outcomes }) =>
    outcomes.map(({ mutant, verdict }) => `${mutant.was} → ${mutant.now}: ${verdict}`),
  );
}

test('tests that look at the edges notice every fault', (t) => {
  const { code, report } = mutate(t, { tests: strongTest });
  assert.deepEqual(verdictsOf(report).toSorted(), [
    '&& → ||: killed',
    '0 → 1: killed',
    '65536 → 65535: killed',
    '65536 → 65537: killed',
    '< → <=: killed',
    '> → >=: killed',
  ]);
  assert.deepEqual(report.failures, []);
  assert.equal(code, 0);
});

test('weak tests let faults through, and the floor makes the run fail', (t) => {
  const { code, report } = mutate(t, { tests: weakTest });
  assert.deepEqual(verdictsOf(report).toSorted(), [
    '&& → ||: killed',
    '0 → 1: survived',
    '65536 → 65535: survived',
    '65536 → 65537: survived',
    '< → <=: survived',
    '> → >=: survived',
  ]);
  assert.deepEqual(report.failures, ['target port: 16.6 % is below the floor of 90 %']);
  assert.equal(code, 1);
});

test('the floor can be set', (t) => {
  assert.equal(mutate(t, { tests: weakTest, args: ['--floor', '16'] }).code, 0);
  assert.equal(mutate(t, { tests: weakTest, args: ['--floor', '17'] }).code, 1);
});

test('an endless loop counts as noticed', (t) => {
  const loop = 'export function isPort(value: number): boolean {\n  while (value !== value) {}\n  return true;\n}\n';
  const tests = weakTest.replace('[false, true, true, false]', '[true, true, true, true]');
  const { report } = mutate(t, { source: loop, tests, args: ['--floor', '50'] });
  assert.deepEqual(verdictsOf(report), ['!== → ===: timed-out', 'return true; → ;: killed', 'true → false: killed']);
});

test('a loop that eats memory counts as noticed, and is stopped soon', (t) => {
  const greedy = [
    'export function isPort(value: number): boolean {',
    '  const kept: Uint8Array[] = [];',
    '  while (value !== value) kept.push(new Uint8Array(8_000_000).fill(1));',
    '  return kept.length === 0;',
    '}\n',
  ].join('\n');
  const tests = weakTest.replace('[false, true, true, false]', '[true, true, true, true]');
  const { report } = mutate(t, { source: greedy, tests, args: ['--floor', '1'] });
  assert.ok(verdictsOf(report).includes('!== → ===: overgrown'), verdictsOf(report).join('\n'));
});

test('a second run takes what the first found, and runs anew what a change touches', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-mutate-'));
  t.after(() => rmSync(root, { recursive: true }));
  const first = mutate(t, { tests: weakTest, root });
  assert.match(first.stderr, /^port: 1 of 6 mutants noticed \(16.6 %\), 0 known from before$/m);
  const kept = join(root, '.build/mutate/verdicts.jsonl');
  assert.equal(readFileSync(kept, 'utf8').split('\n').length, 7);

  // A run that was cut in the middle of a line: all but that line counts.
  writeFileSync(kept, readFileSync(kept, 'utf8').slice(0, -20));
  const second = mutate(t, { tests: weakTest, root });
  assert.match(second.stderr, /, 5 known from before$/m);
  assert.deepEqual(verdictsOf(second.report), verdictsOf(first.report));
  assert.match(mutate(t, { tests: weakTest, root }).stderr, /, 6 known from before$/m);

  assert.match(mutate(t, { tests: strongTest, root }).stderr, /^port: 6 of 6 .*, 0 known from before$/m);
  assert.match(mutate(t, { tests: strongTest, root, args: ['--fresh'] }).stderr, /, 0 known from before$/m);
});

test('tests that fail without a fault, or that are none, make the run worth nothing', (t) => {
  const failing = mutate(t, { tests: strongTest.replace('[false, true', '[true, true') });
  assert.match(failing.report.failures.join(), /^target port: the tests fail without a fault/);
  assert.equal(failing.code, 1);
  const none = mutate(t, { tests: "import './is-port.ts';" });
  assert.match(none.report.failures.join(), /^target port: the test files hold no test that passes/);
  assert.equal(none.code, 1);
});

const edge = {
  file: 'src/is-port.ts',
  line: 'return value > 0 && value < 65536;',
  reason: 'planted by the test of the tool',
};

test('a reviewed mutant does not count', (t) => {
  const reviewed = [
    { ...edge, was: '>', now: '>=' },
    { ...edge, was: '0', now: '1' },
    { ...edge, was: '<', now: '<=' },
    { ...edge, was: '65536', now: '65537' },
    { ...edge, was: '65536', now: '65535' },
  ];
  const { code, report } = mutate(t, { tests: weakTest, reviewed });
  assert.deepEqual(report.scores, [{ name: 'port', mutants: 1, noticed: 1, reviewed: 5 }]);
  assert.equal(code, 0);
});

test('a reviewed mutant that is gone, or that the tests notice, is an error', (t) => {
  const gone = mutate(t, {
    tests: strongTest,
    reviewed: [{ ...edge, line: 'return value > 1;', was: '>', now: '>=' }],
  });
  assert.match(
    gone.report.failures.join(),
    /^reviewed list: no such mutant any more: src\/is-port.ts: return value > 1;/,
  );
  assert.equal(gone.code, 1);
  const noticed = mutate(t, { tests: strongTest, reviewed: [{ ...edge, was: '>', now: '>=' }] });
  assert.match(noticed.report.failures.join(), /^reviewed list: noticed after all: /);
  assert.equal(noticed.code, 1);
  const unexplained = mutate(t, { tests: strongTest, reviewed: [{ ...edge, was: '>', now: '>=', reason: 'equal' }] });
  assert.match(unexplained.stderr, /a reason of at least 20 characters is needed/);
  assert.notEqual(unexplained.code, 0);
});

test('a room without targets and a glob that finds nothing are errors', (t) => {
  const { code, stderr } = mutate(t, { tests: strongTest, args: ['--room', 'moon'] });
  assert.match(stderr, /no target in room moon; there are net/);
  assert.equal(code, 2);
  const renamed = mutate(t, { tests: strongTest, tables: { sources: ['src/is-harbour.ts'] } });
  assert.match(renamed.stderr, /target port: sources src\/is-harbour.ts finds no file/);
  assert.equal(renamed.code, 1);
});

test('--list runs nothing', (t) => {
  const { code, stderr } = mutate(t, { tests: 'throw new Error();', args: ['--list'] });
  assert.match(stderr, /^6 mutants$/m);
  assert.equal(code, 0);
});
