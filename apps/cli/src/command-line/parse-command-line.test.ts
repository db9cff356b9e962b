import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commands, commonOptions } from '../commands.ts';
import { parseCommandLine, type CommandLine } from './parse-command-line.ts';

const parse = (line: string): CommandLine => parseCommandLine(line.split(' ').filter((word) => word !== ''));
const refusal = (line: string): string => {
  try {
    parse(line);
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error);
    return `${String(error.code)}: ${error.message}`;
  }
  return 'accepted';
};

describe('what is accepted', () => {
  it('takes options before and after the operand, short, grouped, glued and long', () => {
    for (const line of [
      'seal -pa -oout file',
      'seal file -p -a -o out',
      'seal --passphrase --armor --output=out -- file',
    ]) {
      const { command, options, operands } = parse(line);
      assert.equal(command?.name, 'seal');
      assert.deepEqual(operands, ['file']);
      assert.deepEqual(options.get('output'), ['out']);
      assert.ok(options.has('passphrase') && options.has('armor'));
    }
  });
  it('keeps repeated values in their order', () => {
    assert.deepEqual(parse('seal -r age1b -r age1a x').options.get('recipient'), ['age1b', 'age1a']);
  });
  it("takes '-' as value and operand, and what follows '--' as operand", () => {
    const { options, operands } = parse('open -i - -o - -');
    assert.deepEqual([options.get('identity'), options.get('output'), operands], [['-'], ['-'], ['-']]);
    assert.deepEqual(parse('inspect -- -strange').operands, ['-strange']);
  });
  it('takes common options before the command', () => {
    assert.ok(parse('--json -q doctor').options.has('json'));
    assert.ok(parse('--json -q doctor').options.has('quiet'));
  });
  it('gives help without the operand that is otherwise needed', () => {
    assert.ok(parse('inspect --help').options.has('help'));
  });
});

describe('what is refused', () => {
  const cases: readonly [line: string, expected: RegExp][] = [
    ['unknown', /no command 'unknown'/],
    ['--unknown', /no option '--unknown'/],
    ['seal --unknown', /no option '--unknown'/],
    ['seal -x', /no option '-x'/],
    ['seal -o', /-o needs a value/],
    ['seal -o -a', /-o needs a value/],
    ['seal --output --armor', /--output needs a value/],
    ['seal -o a -o b', /-o is given twice/],
    ['seal --armor=yes', /--armor takes no value/],
    ['seal --passphrase=secret', /--passphrase takes no value/],
    ['seal one two', /2 operands/],
    ['inspect', /FILE is missing/],
    ['completion', /SHELL is missing/],
    ['completion tcsh', /'tcsh' is none of bash, zsh, fish/],
    ['doctor now', /takes none/],
    ['seal --version', /no option '--version'/],
  ];
  for (const [line, expected] of cases) {
    it(line, () => {
      assert.match(refusal(line), expected);
      assert.match(refusal(line), /^arguments_wrong/);
    });
  }
  it('a secret, wherever it stands and however it is written, and does not repeat it', () => {
    const secret = 'AGE-SECRET-KEY-PQ-1QQQQQQ';
    for (const line of [
      secret,
      `open -i ${secret}`,
      `seal -r ${secret.toLowerCase()}`,
      `open --identity=${secret} x`,
    ]) {
      assert.match(refusal(line), /^secret_in_arguments/);
      assert.doesNotMatch(refusal(line), /QQQ/i);
    }
  });
  it('control characters do not reach the message', () => {
    assert.doesNotMatch(refusal('\u001b[31mred'), /\u001b/);
  });
});

describe('the table', () => {
  it('names each command, and each option of a command, once', () => {
    const names = commands.map((command) => command.name);
    assert.equal(new Set(names).size, names.length);
    for (const command of commands) {
      const words = [...command.options, ...commonOptions].flatMap(({ name, short }) => [name, short ?? name]);
      const all = [...command.options, ...commonOptions];
      assert.equal(
        new Set(words).size,
        all.length + all.filter((option) => option.short !== undefined).length,
        command.name,
      );
    }
  });
  it('names every command in the operand of help', () => {
    const words = commands.find((command) => command.name === 'help')?.operand?.words;
    assert.deepEqual(
      words,
      commands.map((command) => command.name),
    );
  });
  it('has an example for every command, and each begins or is piped with latchkey', () => {
    for (const command of commands) {
      assert.ok(command.examples.length > 0, command.name);
      for (const { line } of command.examples) assert.match(line, new RegExp(`latchkey ${command.name}`));
    }
  });
  it('shows only options in a synopsis that the command has', () => {
    for (const command of commands) {
      const known = [...command.options, ...commonOptions].flatMap(({ name, short }) => [
        `--${name}`,
        `-${short ?? ''}`,
      ]);
      for (const [word] of command.synopsis.matchAll(/(?<![a-z])--?[a-zA-Z-]+/g))
        assert.ok(known.includes(word), `${command.name}: ${word}`);
    }
  });
});
