import { formatBashCompletion, formatFishCompletion, formatZshCompletion } from '../command-line/completion-script.ts';
import type { Invocation } from '../invocation.ts';

export function completion({ operand, report }: Invocation): Promise<void> {
  const text =
    operand === 'bash' ? formatBashCompletion() : operand === 'zsh' ? formatZshCompletion() : formatFishCompletion();
  report.answer({ facts: { shell: operand, script: text }, text });
  return Promise.resolve();
}
