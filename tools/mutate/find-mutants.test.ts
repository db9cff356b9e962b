import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMutant, findMutants } from './find-mutants.ts';

const faultsOf = (text: string): readonly string[] =>
  findMutants('a.ts', text).map((mutant) => applyMutant(text, mutant));

test('each operator has its fault', () => {
  assert.deepEqual(faultsOf('a < b;'), [';', 'a <= b;']);
  assert.deepEqual(faultsOf('let x = a >= b;'), ['let x = a > b;']);
  assert.deepEqual(faultsOf('let x = a === b;'), ['let x = a !== b;']);
  assert.deepEqual(faultsOf('let x = a && b;'), ['let x = a || b;']);
  assert.deepEqual(faultsOf('let x = a % b;'), ['let x = a * b;']);
  assert.deepEqual(faultsOf('let x = a << b;'), ['let x = a >> b;']);
  assert.deepEqual(faultsOf('let x = !a;'), ['let x = a;']);
  assert.deepEqual(faultsOf('let x = i++;'), ['let x = i--;']);
  assert.deepEqual(faultsOf("let x = 'a' + b;"), ["let x = '' + b;"]);
});

test('numbers move by one in both directions, but not below zero', () => {
  assert.deepEqual(faultsOf('let x = 16;').toSorted(), ['let x = 15;', 'let x = 17;']);
  assert.deepEqual(faultsOf('let x = 0;'), ['let x = 1;']);
  assert.deepEqual(faultsOf('let x = 0x10n;').toSorted(), ['let x = 15n;', 'let x = 17n;']);
  assert.deepEqual(faultsOf('let x = 1_000;').toSorted(), ['let x = 1001;', 'let x = 999;']);
});

test('literals turn into their opposite or into nothing', () => {
  assert.deepEqual(faultsOf('let x = true;'), ['let x = false;']);
  assert.deepEqual(faultsOf("let x = 'a';"), ["let x = '';"]);
  assert.deepEqual(faultsOf("let x = '';"), ["let x = 'x';"]);
  assert.deepEqual(faultsOf('let x = `a${b}`;'), ["let x = '';"]);
});

test('conditions are negated once', () => {
  assert.deepEqual(faultsOf('while (a) b();'), ['while (!(a)) b();', 'while (a) ;']);
  assert.deepEqual(faultsOf('let x = a ? b : c;'), ['let x = !(a) ? b : c;']);
  assert.deepEqual(faultsOf('if (a !== b) c();'), ['if (a === b) c();', 'if (a !== b) ;']);
});

test('guards, calls and constant results are deleted', () => {
  assert.deepEqual(faultsOf('function f() { await check(a); }'), ['function f() { ; }']);
  assert.deepEqual(faultsOf('function f() { throw a; }'), ['function f() { ; }']);
  assert.deepEqual(faultsOf('function f() { return null; }'), ['function f() { ; }']);
  assert.deepEqual(faultsOf('function f() { return a; }'), []);
  assert.deepEqual(faultsOf('class A extends B { constructor() { super(); } }'), []);
});

test('regular expressions lose their ends, counts and classes', () => {
  assert.deepEqual(faultsOf('let x = /^[a-z]{2,4}$/;').toSorted(), [
    'let x = /[a-z]{2,4}$/;',
    'let x = /^[^a-z]{2,4}$/;',
    'let x = /^[a-z]{2,4}/;',
    'let x = /^[a-z]{2,5}$/;',
    'let x = /^[a-z]{3,4}$/;',
  ]);
  assert.deepEqual(faultsOf('let x = /[^a]+/u;').toSorted(), ['let x = /[^a]*/u;', 'let x = /[a]+/u;']);
});

test('types, module names, property names and messages stay, codes of errors do not', () => {
  assert.deepEqual(faultsOf("import { a } from './a.ts'; type A = 'b' | 1; interface C { d: true }"), []);
  assert.deepEqual(faultsOf("let x = { 'a-b': c } as Record<'a-b', 1>;"), []);
  assert.deepEqual(faultsOf("let x = new FooError('code', 'a message');"), ["let x = new FooError('', 'a message');"]);
  assert.deepEqual(faultsOf("function f() { throw refused('a message'); }"), ['function f() { ; }']);
  assert.deepEqual(faultsOf("function f() { throw refused('code'); }"), [
    'function f() { ; }',
    "function f() { throw refused(''); }",
  ]);
});

test('a regular expression that would fall apart is left out', () => {
  assert.deepEqual(faultsOf('let x = /^+a{2}/;'), []);
  assert.deepEqual(faultsOf('let x = /^a{2}$/;').toSorted(), [
    'let x = /^a{2}/;',
    'let x = /^a{3}$/;',
    'let x = /a{2}$/;',
  ]);
});

test('a mutant knows its place', () => {
  const [mutant] = findMutants('a.ts', 'let y;\n  let x = a < b; // why\n');
  assert.deepEqual(mutant, {
    file: 'a.ts',
    mutator: 'comparison',
    start: 19,
    end: 20,
    was: '<',
    now: '<=',
    line: 2,
    lineText: 'let x = a < b; // why',
  });
});
