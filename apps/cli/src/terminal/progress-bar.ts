/** One line on standard error, while a person watches: how far, how fast, how long still. */

export interface ProgressState {
  readonly doneBytes: number;
  readonly totalBytes: number | null;
}

export interface ProgressBar {
  readonly show: (state: ProgressState) => void;
  /** Draws the last state again, so that a standstill is seen. */
  readonly redraw: () => void;
  /** Takes the line away. Safe to call twice. */
  readonly end: () => void;
}

interface ProgressOptions {
  readonly verb: string;
  readonly columns: number;
  readonly colour: boolean;
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

/** Work that is over before this needs no bar. */
const quietMs = 250;
export const redrawMs = 100;
const clearLine = '\r\u001b[K';

export function makeProgressBar({ verb, columns, colour, write, nowMs }: ProgressOptions): ProgressBar {
  let last: ProgressState | undefined;
  // Counted from the first sign of progress: waiting for a passphrase or for the other end of a pipe is no work.
  let startMs = 0;
  let drawnMs = 0;
  let shown = false;

  const draw = (): void => {
    const now = nowMs();
    if (last === undefined || now - drawnMs < redrawMs) return;
    drawnMs = now;
    shown = true;
    write(`${clearLine}${formatProgress(verb, last, { elapsedMs: now - startMs, columns, colour })}`);
  };
  return {
    show(state) {
      if (last === undefined) {
        startMs = nowMs();
        drawnMs = startMs + quietMs - redrawMs;
      }
      last = state;
      draw();
    },
    redraw: draw,
    end() {
      if (shown) write(clearLine);
      shown = false;
      last = undefined;
    },
  };
}

interface LineOptions {
  readonly elapsedMs: number;
  readonly columns: number;
  readonly colour: boolean;
}

export function formatProgress(verb: string, state: ProgressState, options: LineOptions): string {
  const { doneBytes, totalBytes } = state;
  const seconds = Math.max(options.elapsedMs, 1) / 1000;
  const perSecond = doneBytes / seconds;
  const rate = `${formatBytes(perSecond)}/s`;
  if (totalBytes === null || totalBytes === 0)
    return `${verb} ${formatBytes(doneBytes)}, ${rate}`.slice(0, options.columns - 1);
  const share = Math.min(doneBytes / totalBytes, 1);
  const leftSeconds = perSecond > 0 ? (totalBytes - doneBytes) / perSecond : Number.POSITIVE_INFINITY;
  const tail = ` ${String(Math.floor(share * 100)).padStart(3)} %  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}, ${rate}, ${formatTimeLeft(leftSeconds)} left`;
  const width = Math.min(24, options.columns - verb.length - tail.length - 4);
  if (width < 4) return `${verb}${tail}`.slice(0, options.columns - 1);
  const full = Math.round(share * width);
  const bar = '='.repeat(full);
  return `${verb} [${options.colour ? `\u001b[32m${bar}\u001b[39m` : bar}${' '.repeat(width - full)}]${tail}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.floor(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[unit] ?? ''}`;
}

function formatTimeLeft(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds > 359_999) return 'long';
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
