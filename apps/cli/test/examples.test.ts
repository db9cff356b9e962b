import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { fileCommands } from '../src/command-table/file-commands.ts';
import { programCommands } from '../src/command-table/program-commands.ts';
import { onTerminal, terminalMissing } from './pseudo-terminal.ts';
import { makeKey, sandbox, type Sandbox } from './sandbox.ts';

/** What the examples of each command find when they are run in their order. */
const prepared: Readonly<Record<string, (box: Sandbox) => void>> = {
  seal(box) {
    makeKey(box);
    makeKey(box, 'other');
    box.sh('cat my.recipient other.recipient > team.recipients; mkdir photos; echo picture > photos/one');
    box.write('notes.txt', 'notes');
    box.write('letter.txt', 'letter');
  },
  open(box) {
    makeKey(box);
    box.write('letter.pass', 'five words\n');
    const line =
      'mkdir photos && echo picture > photos/one && tar c photos | latchkey seal -R my.recipient > photos.tar.age && rm -r photos; ' +
      'echo notes | latchkey seal -R my.recipient > notes.txt.age; echo letter | latchkey seal --passphrase-file letter.pass > letter.age';
    assert.equal(box.sh(line).status, 0);
  },
  inspect(box) {
    makeKey(box);
    assert.equal(box.sh('echo notes | latchkey seal -R my.recipient > notes.txt.age').status, 0);
  },
};

const asks = [
  { expect: 'assphrase: ', send: 'five words\r' },
  { expect: 'again: ', send: 'five words\r' },
];
const isAsked = (line: string): boolean => / -p\b/.test(line) || line.startsWith('latchkey open -o');

describe('every example of the help does what it says', () => {
  for (const { name, examples } of [...fileCommands, ...programCommands]) {
    const needs = ['tar', 'man'].find((program) =>
      examples.some(({ line }) => line.includes(program) && outsideProgram(program) === null),
    );
    it(
      name,
      {
        skip:
          examples.some(({ line }) => isAsked(line)) && terminalMissing
            ? terminalMissing
            : needs === undefined
              ? false
              : `${needs} is not installed`,
      },
      (t) => {
        const box = sandbox(t);
        prepared[name]?.(box);
        for (const { line } of examples) {
          if (isAsked(line)) {
            const ran = onTerminal(box, line, line.includes('seal') ? asks : asks.slice(0, 1));
            assert.deepEqual([line, ran.status, ran.stepsLeft], [line, 0, 0], ran.screen);
          } else {
            const ran = box.sh(line);
            assert.deepEqual([line, ran.status], [line, 0], ran.err);
          }
        }
        check[name]?.(box);
      },
    );
  }
});

/** What is there afterwards. */
const check: Readonly<Record<string, (box: Sandbox) => void>> = {
  seal(box) {
    assert.equal(box.sh('latchkey open -i my.key notes.txt.age; latchkey open -i my.key notes.asc').out, 'notesnotes');
    assert.equal(
      box.sh('rm -r photos; latchkey open -i other.key photos.tar.age | tar x; cat photos/one').out,
      'picture\n',
    );
    box.write('pass', 'five words');
    assert.equal(box.sh('latchkey open --passphrase-file pass letter.age').out, 'letter');
  },
  open(box) {
    assert.equal(box.sh('cat notes.txt photos/one letter.txt').out, 'notes\npicture\nletter\n');
  },
  keygen(box) {
    box.write('pass', 'five words');
    assert.match(box.sh('latchkey open --passphrase-file pass safe.key.age').out, /^AGE-SECRET-KEY-PQ-1/m);
  },
};
