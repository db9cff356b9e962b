import { formatManual } from '../command-line/manual-page.ts';
import type { Invocation } from '../invocation.ts';
import { version } from '../version.ts';

export function manual({ report }: Invocation): Promise<void> {
  const text = formatManual(version());
  report.answer({ facts: { manual: text }, text });
  return Promise.resolve();
}
