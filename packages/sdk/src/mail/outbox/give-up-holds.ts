import { limits, ROUTES } from '@latchkey/protocol/wire';
import { RefusedError } from '../../errors.ts';
import { callOptions, patientWire, type ServerLine } from '../transfers/server-line.ts';

/** Gives up claims. Those that are not there are no mistake. */
export async function removeHolds(line: ServerLine, holds: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < holds.length; at += limits.MAX_WRITES) {
    const some = holds.slice(at, at + limits.MAX_WRITES);
    await patientWire(line).call(ROUTES.holdsRemove, { holds: some }, callOptions(line, {}));
  }
}

/** Gives uploads up that are still running. */
export async function abortUploads(line: ServerLine, uploads: readonly Uint8Array[]): Promise<void> {
  for (const upload of uploads) {
    try {
      await patientWire(line).call(ROUTES.uploadsAbort, { upload }, callOptions(line, {}));
    } catch (error) {
      if (!(error instanceof RefusedError && error.wire === 'not_found')) throw error;
    }
  }
}
