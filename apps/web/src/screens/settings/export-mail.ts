/** All mail of the open account in one file that other programs read. */
import { ask } from '../../app/line.ts';
import { mboxEntry } from './mbox-entry.ts';

export interface ExportedMail {
  readonly file: Blob;
  readonly saved: number;
  /** Could not be opened, or not be fetched. */
  readonly failed: number;
}

/** One message after the other: only one of them is in memory at a time, the browser keeps the rest of the file. */
export async function exportMail(
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ExportedMail | null> {
  const rows = await ask('list', { folder: 'all' });
  let file = new Blob([], { type: 'application/mbox' });
  let failed = 0;
  for (const [at, row] of rows.toReversed().entries()) {
    if (signal.aborted) return null;
    onProgress(at, rows.length);
    try {
      const message = await ask('exportEml', { id: row.id }, { signal });
      file = new Blob([file, mboxEntry(message, row.summary.from, row.summary.dateSeconds)], { type: file.type });
    } catch {
      failed += 1;
    }
  }
  return signal.aborted ? null : { file, saved: rows.length - failed, failed };
}
