export interface Flags {
  readonly data: string;
  /** null: the file `logs` in the data folder. */
  readonly logs: string | null;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly role: 'witness' | 'auditor';
  readonly once: boolean;
  readonly json: boolean;
}

export interface CommandInput {
  readonly flags: Flags;
  readonly operands: readonly string[];
  readonly version: string;
}

export interface Command {
  readonly name: string;
  readonly operands: readonly string[];
  readonly summary: string;
  /** The flags that mean something to it, beside `--data`. */
  readonly takes: readonly (keyof Flags)[];
  /** @returns the exit code */
  run(input: CommandInput): Promise<number>;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
