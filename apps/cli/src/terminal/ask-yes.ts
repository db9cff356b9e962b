import { createInterface } from 'node:readline/promises';

/** Null where nobody sits there to be asked. Enter alone is no. */
export async function askYes(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  // The terminal's own line editing: Ctrl-C then comes as the signal that ends every command.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
