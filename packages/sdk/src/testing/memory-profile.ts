import type { Profile, ProfileFile } from '../ports.ts';

export interface MemoryProfile extends Profile {
  /** What lies in it now, for tests that look. */
  readonly files: ReadonlyMap<ProfileFile, Uint8Array>;
}

/** A profile that forgets. Two hosts that share one are two processes of one device. */
export function memoryProfile(): MemoryProfile {
  const files = new Map<ProfileFile, Uint8Array>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    files,
    read: (file) => Promise.resolve(files.get(file)?.slice() ?? null),
    write(file, bytes) {
      files.set(file, bytes.slice());
      return Promise.resolve();
    },
    remove(file) {
      files.delete(file);
      return Promise.resolve();
    },
    exclusively(work) {
      const run = last.then(work, work);
      last = run.catch(() => undefined);
      return run;
    },
  };
}
