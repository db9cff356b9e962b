// Counts what a run of node:test reports: leaves only, a suite is not a test.
import type { TestsStream } from 'node:test';

export interface Skip {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

export interface Tally {
  passed: number;
  failed: number;
  readonly skipped: Skip[];
  /** By file: how long its process ran. */
  readonly seconds: Map<string, number>;
}

/** Listens to `stream` and fills in the returned tally until the stream ends. */
export function tally(stream: TestsStream, showPath: (file: string) => string): Tally {
  const counts: Tally = { passed: 0, failed: 0, skipped: [], seconds: new Map() };
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    const skip = event.skip ?? event.todo;
    if (skip === undefined || skip === false) {
      counts.passed += 1;
    } else {
      const reason = typeof skip === 'string' && skip !== '' ? skip : 'no reason was given';
      counts.skipped.push({ file: showPath(event.file ?? ''), name: event.name, reason });
    }
  });
  stream.on('test:fail', (event) => {
    // A suite that fails because a test in it failed would count twice; one whose own hook failed counts.
    const cause = event.details.error as { failureType?: string };
    if (cause.failureType !== 'subtestsFailed') counts.failed += 1;
  });
  stream.on('test:summary', ({ file, duration_ms: milliseconds }) => {
    if (file !== undefined) counts.seconds.set(showPath(file), milliseconds / 1000);
  });
  return counts;
}
