/** Everything the command tells: notes, warnings, outcomes and errors, for people or as one JSON object. */
import type { Explained } from './explain-error.ts';
import { jsonLine } from './json-line.ts';

export interface Reporter {
  readonly json: boolean;
  /** A person is there to watch progress. */
  readonly watched: boolean;
  /** Something true that nobody needs in order to go on; silent with --quiet. */
  note(sentence: string): void;
  /** Something the owner should know; told with --quiet too. */
  warn(code: string, sentence: string): void;
  /** Data for standard output, whatever the form of the outcome. */
  say(text: string, encoding?: 'utf8' | 'latin1'): void;
  /** Once, at the end of a command. `text` goes to standard output, where a program expects the answer. */
  answer(outcome: Outcome): void;
  fail(error: Explained): void;
}

export interface Outcome {
  readonly facts: Readonly<Record<string, unknown>>;
  /** For people, on standard output. Absent where there is nothing to read. */
  readonly text?: string;
  /** Standard output carries a file: the JSON object goes to standard error. */
  readonly outputCarriesData?: boolean;
}

export function makeReporter(options: { readonly json: boolean; readonly quiet: boolean }): Reporter {
  const { json, quiet } = options;
  const warnings: { readonly code: string; readonly message: string }[] = [];
  return {
    json,
    // Asked only by what has progress to show: the stream itself takes 8 ms to set up.
    get watched() {
      return !json && !quiet && process.stderr.isTTY;
    },
    note(sentence) {
      if (!json && !quiet) writeAll(2, `latchkey: ${sentence}.\n`);
    },
    warn(code, sentence) {
      if (json) warnings.push({ code, message: `${sentence}.` });
      else writeAll(2, `latchkey: Warning: ${sentence}. [${code}]\n`);
    },
    say(text, encoding = 'utf8') {
      writeAll(1, text, { needed: true, encoding });
    },
    answer({ facts, text, outputCarriesData }) {
      if (json) {
        const all = warnings.length === 0 ? facts : { ...facts, warnings };
        writeAll(outputCarriesData === true ? 2 : 1, jsonLine(all));
      } else if (text !== undefined) writeAll(1, text);
    },
    fail({ code, exit, message, advice, exitCode }) {
      if (json) writeAll(2, jsonLine({ error: { code, exit, exitCode, message: `${message}. ${advice}.` } }));
      else writeAll(2, `latchkey: ${message}. ${advice}. [${code}]\n`);
    },
  };
}

/** Written before the process ends, whatever the descriptor is: a pipe may be full for a moment. */
interface Writing {
  /** Whether it matters that nobody reads it any more. */
  readonly needed?: boolean;
  readonly encoding?: 'utf8' | 'latin1';
}

function writeAll(descriptor: number, text: string, { needed = false, encoding = 'utf8' }: Writing = {}): void {
  // [Note: platform without import] in bin/start.mjs.
  const { writeSync } = process.getBuiltinModule('node:fs');
  const bytes = Buffer.from(text, encoding);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      // Nobody listens any more; the exit code still tells.
      if (descriptor === 2 || (code === 'EPIPE' && !needed)) return;
      throw cause;
    }
  }
}
