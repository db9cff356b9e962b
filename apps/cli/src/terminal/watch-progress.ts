import type { Progress } from '@latchkey/sdk/by-hand';
import type { Reporter } from '../reporter.ts';
import { makeProgressBar, redrawMs } from './progress-bar.ts';

export interface Watch {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

/** A bar where a person looks at standard error and nothing else is written to the same terminal. */
export function watchProgress(
  report: Reporter,
  about: { readonly verb: string; readonly outputOnTerminal: boolean },
): Watch {
  if (!report.watched || about.outputOnTerminal) return { show: () => undefined, end: () => undefined };
  const { NO_COLOR: noColour, TERM: terminal } = process.env;
  if (terminal === 'dumb') return { show: () => undefined, end: () => undefined };
  const bar = makeProgressBar({
    verb: about.verb,
    columns: process.stderr.columns || 80,
    colour: noColour === undefined || noColour === '',
    write: (text) => process.stderr.write(text),
    nowMs: () => performance.now(),
  });
  const timer = setInterval(bar.redraw, redrawMs);
  timer.unref();
  return {
    show: bar.show,
    end() {
      clearInterval(timer);
      bar.end();
    },
  };
}
