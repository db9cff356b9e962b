import type { CommandSpec, OptionName } from './command-line/command-spec.ts';
import type { Reporter } from './reporter.ts';

/** One parsed command line, as a command receives it. */
export interface Invocation {
  readonly command: CommandSpec;
  has(option: OptionName): boolean;
  /** The last value given. */
  value(option: OptionName): string | undefined;
  values(option: OptionName): readonly string[];
  /** The first operand. */
  readonly operand: string | undefined;
  readonly operands: readonly string[];
  readonly report: Reporter;
}
