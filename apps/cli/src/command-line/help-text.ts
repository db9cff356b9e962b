import { commands, commonOptions, versionOption } from '../commands.ts';
import { exitCode, exitCodes, type ExitName } from '../exit-codes.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';

const widthColumns = 80;

export function formatOverview(): string {
  return [
    'latchkey - mail and files that only their owners can open',
    '',
    'Usage: latchkey COMMAND [OPTIONS] [FILE]',
    '',
    'Commands:',
    ...table(commands.map((command) => [command.name, command.summary])),
    '',
    'Options:',
    ...table([...commonOptions, versionOption].map(optionRow)),
    '',
    'Exit codes:',
    ...table(exitCodes.map((entry) => [String(entry.code), entry.means])),
    '',
    "Each command has its own help with examples: 'latchkey seal --help'.",
    '',
  ].join('\n');
}

export function formatHelp(command: CommandSpec): string {
  return [
    `latchkey ${command.name} - ${lowerFirst(command.summary)}`,
    '',
    ...usageLines(command),
    '',
    ...command.description.flatMap((paragraph) => [...wrapLines(paragraph, widthColumns), '']),
    'Options:',
    ...table([...command.options, ...commonOptions].map(optionRow)),
    '',
    'Examples:',
    ...command.examples.flatMap((example) => [
      ...wrapLines(example.says, widthColumns - 2).map(indent),
      `    ${example.line}`,
    ]),
    '',
    'Exit codes:',
    ...table(exitsOf(command).map((entry) => [String(entry.code), entry.means])),
    '',
  ].join('\n');
}

export function exitsOf(command: CommandSpec): readonly (typeof exitCodes)[number][] {
  const always: readonly ExitName[] = ['ok', 'internal', 'usage'];
  const names = [...always, ...command.exits];
  return exitCodes
    .filter((entry) => names.includes(entry.name))
    .toSorted((a, b) => exitCode(a.name) - exitCode(b.name));
}

export function optionRow(option: OptionSpec): readonly [string, string] {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return [`${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`, option.says];
}

/** Wrapped like the rest, and further lines stand under the first word after the command. */
function usageLines({ name, synopsis }: CommandSpec): readonly string[] {
  const start = `Usage: latchkey ${name} `;
  // An option and its value stay together.
  const words = synopsis.replace(/(--?[a-z-]+) ([A-Z]+)/g, '$1\u00a0$2');
  return wrapLines(words, widthColumns - start.length).map((line, index) =>
    `${index === 0 ? start : ' '.repeat(start.length)}${line.replaceAll('\u00a0', ' ')}`.trimEnd(),
  );
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const left = Math.max(...rows.map(([term]) => term.length)) + 4;
  return rows.flatMap(([term, says]) =>
    wrapLines(says, widthColumns - left).map((line, index) => `  ${(index === 0 ? term : '').padEnd(left - 2)}${line}`),
  );
}

function wrapLines(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function indent(line: string): string {
  return `  ${line}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
