import { formatHelp, formatOverview } from '../command-line/help-text.ts';
import { commands } from '../commands.ts';
import type { Invocation } from '../invocation.ts';

export function help({ operand, report }: Invocation): Promise<void> {
  const command = commands.find((candidate) => candidate.name === operand);
  const text = command === undefined ? formatOverview() : formatHelp(command);
  report.answer({ facts: { help: text }, text });
  return Promise.resolve();
}
