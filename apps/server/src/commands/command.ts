import type { ReadConfig } from '../config/read-config.ts';

export interface CommandInput {
  readonly read: ReadConfig;
  readonly operands: readonly string[];
  readonly out: string | null;
  readonly version: string;
}

export interface Command {
  readonly name: string;
  readonly operands: readonly string[];
  readonly summary: string;
  /** @returns the exit code */
  run(input: CommandInput): Promise<number>;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
