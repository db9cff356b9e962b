import { isEngineFailure } from './store/sqlite.ts';

/**
 * A fault for the log: what it is called and where it was thrown, never what it says. Messages of faults quote what they were
 * given (`JSON.parse` does), and that may be an address or a token. The database engine's own messages name tables, never values.
 */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return 'not an Error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const engine = isEngineFailure(error) ? `: ${error.message}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at [^\n]*:\d+:\d+\)?$/.test(line));
  return [`${error.name}${code}${engine}`, ...frames.slice(0, 12)].join('\n');
}
