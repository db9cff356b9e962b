import type { ByteSink } from '@latchkey/sdk/by-hand';
import { CliError } from '../errors.ts';

const limitBytes = 1_048_576;

/**
 * Holds what was opened back until all of it was checked, and lets only plain text through to the terminal:
 * a sender could otherwise move the cursor, set the title or paste commands by escape sequences.
 */
export function textSink(terminal: ByteSink): ByteSink {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  return {
    write(bytes) {
      heldBytes += bytes.length;
      if (heldBytes > limitBytes) return Promise.reject(refusal('is larger than 1 MiB'));
      held.push(Uint8Array.from(bytes));
      return Promise.resolve();
    },
    async commit() {
      const whole = Buffer.concat(held);
      if (!isPlainText(whole)) throw refusal('is not plain text');
      await terminal.write(whole);
      await terminal.commit();
    },
    discard() {
      held = [];
      return terminal.discard();
    },
  };
}

export function isPlainText(bytes: Uint8Array): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return false;
  }
  return !/(?![\t\n\r])[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text);
}

function refusal(fault: string): CliError {
  return new CliError('binary_to_terminal', 'usage', {
    message: `Standard output is a terminal, and the opened file ${fault}`,
    advice: "Name a file with -o, or force it with '-o -'",
  });
}
