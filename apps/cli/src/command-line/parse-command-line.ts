import { commands, commonOptions, versionOption } from '../commands.ts';
import { CliError, usageError } from '../errors.ts';
import { quoted } from '../quoted.ts';
import type { CommandSpec, OptionName, OptionSpec } from './command-spec.ts';

export interface CommandLine {
  /** Absent for `latchkey`, `latchkey --help` and `latchkey --version`. */
  readonly command: CommandSpec | undefined;
  /** Values in the order given; a switch has an empty list. */
  readonly options: ReadonlyMap<OptionName, readonly string[]>;
  readonly operands: readonly string[];
}

/** @throws CliError arguments_wrong, secret_in_arguments */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  refuseSecrets(argv);
  const at = argv.findIndex((word) => !word.startsWith('-') || word === '-' || word === '--');
  const leading = at === -1 ? argv : argv.slice(0, at);
  const name = at === -1 ? undefined : argv[at];
  if (name === undefined) {
    const { options } = parseWords(leading, [...commonOptions, versionOption], undefined);
    return { command: undefined, options, operands: [] };
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw unknownCommand(name);
  const rest = argv.slice(at + 1);
  const { options, operands } = parseWords([...leading, ...rest], [...command.options, ...commonOptions], command);
  if (!options.has('help')) checkOperands(command, operands);
  return { command, options, operands };
}

interface Words {
  readonly options: Map<OptionName, string[]>;
  readonly operands: readonly string[];
}

function parseWords(words: readonly string[], known: readonly OptionSpec[], command: CommandSpec | undefined): Words {
  const help = `See 'latchkey ${command === undefined ? '--help' : `${command.name} --help`}'`;
  // [Note: platform without import] in bin/start.mjs.
  const { parseArgs } = process.getBuiltinModule('node:util');
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      known.map((option) => [
        option.name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  });
  const options = new Map<OptionName, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.find((candidate) => candidate.name === token.name && token.rawName !== `-${candidate.name}`);
    if (option === undefined) throw usageError(`There is no option ${quoted(token.rawName)} here`, help);
    const given = options.get(option.name) ?? [];
    if (option.value === undefined) {
      if (token.value !== undefined) {
        throw usageError(
          `${token.rawName} takes no value`,
          option.name === 'passphrase'
            ? 'A passphrase is never an argument: others could read it. It is asked for'
            : help,
        );
      }
    } else {
      const { value } = token;
      if (value === undefined || (!token.inlineValue && value.startsWith('-') && value !== '-')) {
        throw usageError(`${token.rawName} needs a value: ${option.value}`, help);
      }
      if (given.length > 0 && option.many !== true) throw usageError(`${token.rawName} is given twice`, help);
      given.push(value);
    }
    options.set(option.name, given);
  }
  return { options, operands };
}

function checkOperands(command: CommandSpec, operands: readonly string[]): void {
  const help = `See 'latchkey ${command.name} --help'`;
  const { operand: spec, furtherOperand: further } = command;
  const [first] = operands;
  const most = (spec === undefined ? 0 : 1) + (further === undefined ? 0 : further.many ? Infinity : 1);
  if (operands.length > most) {
    const takes = most === 0 ? 'none' : most === 1 ? 'one' : 'two';
    throw usageError(`There are ${operands.length} operands, and ${command.name} takes ${takes}`, help);
  }
  if (spec?.required === true && first === undefined) throw usageError(`${spec.name} is missing`, help);
  if (spec?.words !== undefined && first !== undefined && !spec.words.includes(first)) {
    throw usageError(`${quoted(first)} is none of ${spec.words.join(', ')}`, help);
  }
}

function unknownCommand(name: string): CliError {
  return usageError(
    `There is no command ${quoted(name)}; there are ${commands.map((command) => command.name).join(', ')}`,
    "See 'latchkey --help'",
  );
}

/** Arguments can be read by everyone on the machine while a program runs, and shells keep them in their history. */
function refuseSecrets(argv: readonly string[]): void {
  if (!argv.some((word) => /AGE-SECRET-KEY-/i.test(word))) return;
  throw new CliError('secret_in_arguments', 'usage', {
    message: 'An identity stands among the arguments, where other people on this machine and your shell history see it',
    advice: 'Keep identities in files and give the file with -i; treat this one as known to others and make a new one',
  });
}
