import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { commands } from '../src/commands.ts';
import { exitCodes } from '../src/exit-codes.ts';
import { sandbox } from './sandbox.ts';

const missing = (name: string): string | false => (outsideProgram(name) === null ? `${name} is not installed` : false);

describe('the man page', () => {
  it('is set by groff without a warning', { skip: missing('groff') }, (t) => {
    const ran = sandbox(t).sh('latchkey manual | groff -man -Tutf8 -ww -z');
    assert.deepEqual([ran.status, ran.err], [0, '']);
  });

  it(
    'is shown by man without a warning, with every command, option, example and exit code',
    { skip: missing('man') },
    (t) => {
      const box = sandbox(t);
      const ran = box.sh('latchkey manual > latchkey.1 && MANWIDTH=600 man --warnings -E UTF-8 -l latchkey.1 | col -b');
      assert.deepEqual([ran.status, ran.err], [0, '']);
      const text = ran.out.replaceAll('‐', '-').replaceAll(/ +/g, ' ');
      for (const { name, options, examples, synopsis } of commands) {
        assert.ok(text.includes(`latchkey ${name} ${synopsis}`.trim()), name);
        for (const option of options) assert.ok(text.includes(`--${option.name}`), option.name);
        for (const { line } of examples) assert.ok(text.includes(line), line);
      }
      for (const { code, means } of exitCodes) assert.match(text, new RegExp(`\\n ${code}\\s+${means.slice(0, 20)}`));
    },
  );
});

describe('help', () => {
  it('of every command has usage, options, examples and exit codes, in 80 columns but for examples', (t) => {
    const box = sandbox(t);
    for (const { name, examples } of commands) {
      const { status, out, err } = box.run([name, '--help']);
      assert.deepEqual([status, err], [0, '']);
      for (const heading of ['Usage: latchkey', 'Options:', 'Examples:', 'Exit codes:'])
        assert.ok(out.includes(`\n${heading}`), `${name} ${heading}`);
      for (const { line } of examples) assert.ok(out.includes(`\n    ${line}\n`), line);
      for (const line of out.split('\n'))
        assert.ok(line.length <= 80 || examples.some((example) => line.trim() === example.line), line);
      assert.equal(box.run(['help', name]).out, out);
    }
  });
  it('without a command lists all, and is an error where none was asked for', (t) => {
    const box = sandbox(t);
    const { out } = box.run(['--help']);
    for (const { name, summary } of commands) assert.match(out, new RegExp(`\\n  ${name} +${summary}\\n`));
    for (const { code, means } of exitCodes) assert.match(out, new RegExp(`\\n  ${code} +${means.slice(0, 30)}`));
    assert.equal(box.run(['help']).out, out);
    const bare = box.run([]);
    assert.deepEqual([bare.status, bare.out, bare.err], [2, '', out]);
  });
});
