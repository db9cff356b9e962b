/** Completion scripts for three shells, made from the command table. Nothing in them runs latchkey. */
import { commands, commonOptions, versionOption } from '../commands.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';

export function formatBashCompletion(): string {
  const cases = commands.map((command) => {
    const options = optionsOf(command);
    const fileOptions = options.filter((option) => option.value === 'FILE').flatMap(spellings);
    const valueOptions = options
      .filter((option) => option.value !== undefined && option.value !== 'FILE')
      .flatMap(spellings);
    const words = command.operand?.words;
    const plain =
      words !== undefined
        ? `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`
        : command.operand?.name !== 'FILE'
          ? 'COMPREPLY=()'
          : '_latchkey_files "$word"';
    return [
      `    ${command.name})`,
      ...(fileOptions.length === 0
        ? []
        : [`      case $before in ${fileOptions.join('|')}) _latchkey_files "$word"; return ;; esac`]),
      ...(valueOptions.length === 0 ? [] : [`      case $before in ${valueOptions.join('|')}) return ;; esac`]),
      '      case $word in',
      `        -*) COMPREPLY=($(compgen -W '${options.flatMap(spellings).join(' ')}' -- "$word")) ;;`,
      `        *) ${plain} ;;`,
      '      esac',
      '      ;;',
    ].join('\n');
  });
  return `# bash completion for latchkey
_latchkey_files() {
  local IFS=$'\\n'
  compopt -o filenames
  COMPREPLY=($(compgen -f -- "$1"))
}
_latchkey() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      -*) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $command in
    '')
      case $word in
        -*) COMPREPLY=($(compgen -W '${[...commonOptions, versionOption].flatMap(spellings).join(' ')}' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W '${commands.map((command) => command.name).join(' ')}' -- "$word")) ;;
      esac
      ;;
${cases.join('\n')}
  esac
}
complete -F _latchkey latchkey
`;
}

export function formatZshCompletion(): string {
  const argumentsOf = (command: CommandSpec): string =>
    [
      ...optionsOf(command).map((option) => {
        const says = zshText(option.says);
        const value = option.value === undefined ? '' : option.value === 'FILE' ? ':file:_files' : `:${option.value}:`;
        const names = spellings(option);
        const stem = option.many === true ? `'*'` : names.length > 1 ? `'(${names.join(' ')})'` : '';
        return names.length > 1
          ? `${stem}{${names.join(',')}}'[${says}]${value}'`
          : `${stem}'${names.join('')}[${says}]${value}'`;
      }),
      ...(command.operand === undefined
        ? []
        : [
            command.operand.words === undefined
              ? command.operand.name === 'FILE'
                ? "'1:file:_files'"
                : `'1:${command.operand.name}:'`
              : `'1:${command.operand.name}:(${command.operand.words.join(' ')})'`,
          ]),
    ].join(' \\\n        ');
  return `#compdef latchkey
_latchkey() {
  local -a names
  names=(
${commands.map((command) => `    '${command.name}:${zshText(command.summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${commands.map((command) => `    ${command.name})\n      _arguments -s \\\n        ${argumentsOf(command)}\n      ;;`).join('\n')}
  esac
}
if [ "$funcstack[1]" = _latchkey ]; then
  _latchkey "$@"
else
  compdef _latchkey latchkey
fi
`;
}

export function formatFishCompletion(): string {
  const line = (condition: string, option: OptionSpec): string =>
    [
      `complete -c latchkey -n '${condition}' -l ${option.name}`,
      ...(option.short === undefined ? [] : [`-s ${option.short}`]),
      ...(option.value === undefined ? [] : [option.value === 'FILE' ? '-r -F' : '-x']),
      `-d '${fishText(option.says)}'`,
    ].join(' ');
  return [
    '# fish completion for latchkey',
    'complete -c latchkey -f',
    ...commands.map(
      (command) => `complete -c latchkey -n __fish_use_subcommand -a ${command.name} -d '${fishText(command.summary)}'`,
    ),
    line('__fish_use_subcommand', versionOption),
    ...commonOptions.map((option) => line('true', option)),
    ...commands.flatMap((command) => {
      const here = `__fish_seen_subcommand_from ${command.name}`;
      const { operand } = command;
      return [
        ...command.options.map((option) => line(here, option)),
        ...(operand === undefined
          ? []
          : [
              operand.words === undefined
                ? operand.name === 'FILE'
                  ? `complete -c latchkey -n '${here}' -F`
                  : `complete -c latchkey -n '${here}' -f`
                : `complete -c latchkey -n '${here}' -a '${operand.words.join(' ')}'`,
            ]),
      ];
    }),
    '',
  ].join('\n');
}

function optionsOf(command: CommandSpec): readonly OptionSpec[] {
  return [...command.options, ...commonOptions];
}

function spellings(option: OptionSpec): readonly string[] {
  return option.short === undefined ? [`--${option.name}`] : [`-${option.short}`, `--${option.name}`];
}

/** For single quotes inside `_arguments` and `_describe`, where brackets and colons mean something. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, (sign) => `\\${sign}`);
}

function fishText(text: string): string {
  return text.replace(/['\\]/g, (sign) => `\\${sign}`);
}
