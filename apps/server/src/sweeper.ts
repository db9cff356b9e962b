import { describeFault } from './describe-fault.ts';
import type { Services } from './services.ts';

const everyMs = 3_600_000;
const orphanMs = 48 * 3_600_000;

/** Once an hour, beginning soon after the start. @returns a function that ends it */
export function startSweeper(services: Pick<Services, 'store' | 'blobs' | 'log'>): () => void {
  const run = (): void => {
    sweep(services).catch((error: unknown) => services.log.error({ sweep: describeFault(error) }));
  };
  const first = setTimeout(run, 60_000).unref();
  const timer = setInterval(run, everyMs).unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

/** Removes what nobody may or wants to keep any more, then what the database's own files still hold of it. */
export async function sweep({ store, blobs }: Pick<Services, 'store' | 'blobs'>): Promise<void> {
  const files = [...(await store.write('sweepRows', {})).files, ...(await store.write('sweepAccounts', {})).files];
  for (let more = true; more;) {
    const swept = await store.write('sweepBlobs', {});
    files.push(...swept.files);
    more = swept.more;
  }
  for (const file of files) await blobs.remove(file);
  await removeOrphans({ store, blobs });
  store.tidy();
}

/** Files that a crash left between writing them and naming them in a row. */
async function removeOrphans({ store, blobs }: Pick<Services, 'store' | 'blobs'>): Promise<void> {
  for await (const { name, changedMs } of blobs.names()) {
    if (changedMs > store.clock() - orphanMs) continue;
    const blob = await store.db.selectFrom('blob').select('id').where('id', '=', Buffer.from(name, 'hex')).execute();
    if (blob.length > 0) continue;
    const upload = await store.db.selectFrom('upload').select('id').where('file', '=', name).limit(1).execute();
    if (upload.length === 0) await blobs.remove(name);
  }
}
