/** The man page in man(7), made from the command table. */
import { commands, commonOptions, versionOption } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';

export function formatManual(version: string): string {
  return [
    `.TH LATCHKEY 1 "" "latchkey ${roffText(version)}" "User Commands"`,
    '.SH NAME',
    'latchkey \\- mail and files that only their owners can open',
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [
      '.PP',
      `.B latchkey ${command.name}`,
      ...(command.synopsis === '' ? [] : [roffLine(command.synopsis)]),
    ]),
    '.SH DESCRIPTION',
    roffLine(
      'latchkey seals files with age: post-quantum by default, and open to every other age program. Nothing leaves this machine.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(formatCommand),
    '.SH COMMON OPTIONS',
    ...[...commonOptions, versionOption].flatMap(formatOption),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap((entry) => ['.TP', `.B ${entry.code}`, roffLine(entry.means)]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR',
    roffLine('If set and not empty, progress is shown without colour.'),
    '.TP',
    '.B LATCHKEY_NO_COMPILE_CACHE',
    roffLine('If set and not empty, nothing is kept to make the next start faster.'),
    '.TP',
    '.B LATCHKEY_DEBUG',
    roffLine(
      'If set and not empty, an error is followed by the place in the program where it arose, for a bug report.',
    ),
    '.SH FILES',
    '.TP',
    '.I $XDG_CACHE_HOME/latchkey',
    roffLine(
      'Compiled program code, by default in ~/.cache/latchkey. It can be deleted at any time and holds nothing of yours.',
    ),
    '.SH SEE ALSO',
    '.BR age (1)',
    '',
  ].join('\n');
}

function formatCommand(command: CommandSpec): readonly string[] {
  return [
    `.SS latchkey ${command.name}`,
    roffLine(`${command.summary}.`),
    ...command.description.flatMap((paragraph) => ['.PP', roffLine(paragraph)]),
    ...command.options.flatMap(formatOption),
    '.PP',
    command.examples.length === 1 ? 'Example:' : 'Examples:',
    ...command.examples.flatMap((example) => [
      '.PP',
      roffLine(example.says),
      '.PP',
      '.RS 4',
      '.nf',
      roffLine(example.line),
      '.fi',
      '.RE',
    ]),
  ];
}

function formatOption(option: OptionSpec): readonly string[] {
  const names =
    option.short === undefined
      ? `\\-\\-${roffText(option.name)}`
      : `\\-${option.short}\\fR, \\fB\\-\\-${roffText(option.name)}`;
  return [
    '.TP',
    `\\fB${names}\\fR${option.value === undefined ? '' : ` \\fI${roffText(option.value)}\\fR`}`,
    roffLine(option.says),
  ];
}

/** A whole line: a dot or quote at its start would be a request. */
function roffLine(text: string): string {
  return roffText(text).replace(/^[.']/, '\\&$&');
}

function roffText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga')
    .replaceAll('…', '...');
}
