import type { ClientHost } from '../ports.ts';
import type { RecordEdit, Space } from '../sync/types.ts';
import { mayPass } from './transfers/server-line.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;

/**
 * Writes after a cut line again: the same edits, which are found where they were written after all.
 *
 * @throws what `Space.write` throws
 */
export async function writePatiently(
  { clock }: Pick<ClientHost, 'clock'>,
  space: Space,
  edits: readonly RecordEdit[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await space.write(edits);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !mayPass(error)) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
