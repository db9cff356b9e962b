import type { BlobFiles } from '../blobs/blob-files.ts';
import type { Db } from '../store/sqlite.ts';

export interface FileReport {
  readonly problems: readonly string[];
  /** What is not wrong but worth a line. */
  readonly notes: readonly string[];
}

const orphanHours = 48;

/** Blobs' files against their rows, both ways. */
export async function fileProblems(db: Db, blobs: BlobFiles, nowMs: number): Promise<FileReport> {
  const problems: string[] = [];
  const rows = await db.selectFrom('blob').select(['file', 'size_bytes']).where('file', 'is not', null).execute();
  const uploads = await db.selectFrom('upload').select('file').execute();
  const sizes = new Map(rows.map((row) => [row.file ?? '', row.size_bytes]));
  const running = new Set(uploads.map((row) => row.file));
  let [young, old] = [0, 0];
  const seen = new Set<string>();
  for await (const { name, changedMs, sizeBytes } of blobs.names()) {
    seen.add(name);
    const wanted = sizes.get(name);
    if (wanted !== undefined && wanted !== sizeBytes) problems.push(`the file of blob ${name} is cut, or grew`);
    if (wanted !== undefined || running.has(name)) continue;
    if (changedMs > nowMs - orphanHours * 3_600_000) young += 1;
    else old += 1;
  }
  for (const name of sizes.keys()) if (!seen.has(name)) problems.push(`the file of blob ${name} is missing`);
  const unnamed = await db
    .selectFrom('blob')
    .select((select) => [select.fn.countAll<number>().as('found'), select.fn.sum<number>('size_bytes').as('bytes')])
    .where('unnamed_on_day', 'is not', null)
    .executeTakeFirstOrThrow();
  const notes = [
    young > 0
      ? `files that no row names, younger than ${orphanHours} hours (a cut upload; they go by themselves): ${young}`
      : '',
    old > 0
      ? `files that no row names, older than ${orphanHours} hours (the next hourly sweep removes them): ${old}`
      : '',
    unnamed.found > 0
      ? `blobs that nobody holds any more, waiting for removal: ${unnamed.found}, ${unnamed.bytes} bytes`
      : '',
  ];
  return { problems, notes: notes.filter((note) => note !== '') };
}
