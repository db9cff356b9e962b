import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The path of a program of the machine (`age`, `openssl`, …), or null where it is not installed. */
export function outsideProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    // A relative entry would make the answer depend on the folder a test happens to run in.
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (isRunnable(path)) return path;
  }
  return null;
}

/** True where a file can be run by us. */
export function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
