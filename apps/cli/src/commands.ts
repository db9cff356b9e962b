import type { CommandSpec, OptionSpec } from './command-line/command-spec.ts';
import { accountCommands } from './command-table/account-commands.ts';
import { fileCommands } from './command-table/file-commands.ts';
import { mailCommands } from './command-table/mail-commands.ts';
import { programCommands } from './command-table/program-commands.ts';

/** Taken by every command, before or after its name. */
export const commonOptions: readonly OptionSpec[] = [
  { name: 'json', says: 'Tell the outcome as one JSON object; on standard error where standard output carries data.' },
  { name: 'quiet', short: 'q', says: 'No progress and no notes; errors and warnings are still told.' },
  { name: 'help', short: 'h', says: 'Show this help.' },
];

export const versionOption: OptionSpec = { name: 'version', short: 'V', says: 'Show the version.' };

export const commands: readonly CommandSpec[] = [
  ...mailCommands,
  ...accountCommands,
  ...fileCommands,
  ...programCommands,
];
