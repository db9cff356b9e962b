import type { ReadConfig } from '../config/read-config.ts';

export interface CommandInput {
  readonly read: ReadConfig;
  readonly operands: readonly string[];
  readonly out: string | null;
  readonly arrivals: string | null;
  readonly secrets: string | null;
  readonly version: string;
  readonly json: boolean;
}

export interface Command {
  readonly name: string;
  readonly operands: readonly string[];
  readonly takes?: readonly ('out' | 'arrivals' | 'secrets')[];
  readonly summary: string;
  /** Takes `--json`: one value, for programs. */
  readonly givesJson?: true;
  /** @returns the exit code */
  run(input: CommandInput): Promise<number>;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
