import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder with other people's vectors, which lives beside the repository, or null where it is absent.
 * `LATCHKEY_VECTORS` names another one.
 */
export function sharedVectors(): string | null {
  const folder =
    process.env['LATCHKEY_VECTORS'] ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : null;
}
