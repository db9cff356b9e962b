/** Rule 8: what an owner publishes is done when it is proved to stand in the key log (docs/spec/14-proving-directory.md). */
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import type { OwnRefusal } from '../directory/key-log/own-history.ts';
import type { Directory } from '../directory/types.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { CanonicalAddress } from '@latchkey/protocol';

/** A new leaf is visible within ten seconds; a server that is asked for longer has a fault, or hides it. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Good to be repeated: what is not visible yet is asked for again by the next call. `until`: what the log shows as long as
 * what was published is not there.
 *
 * @throws KeyLogError: somebody else's keys stand under this address, or this account's do not; what the wire throws
 */
export async function provePublished(
  { clock }: { readonly clock: Clock },
  { address, directory }: { readonly address: CanonicalAddress; readonly directory: Directory },
  { until }: { readonly until?: OwnRefusal } = {},
): Promise<void> {
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      await directory.resolve([address]);
      return;
    } catch (error) {
      if (!isNotYet(error, until) || waitedMs >= PATIENCE_MS) throw error;
    }
    await clock.sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

function isNotYet(error: unknown, until: OwnRefusal | undefined): boolean {
  if (error instanceof KeyLogError) return error.reason === 'own_history_missing' || error.reason === until;
  if (error instanceof RefusedError) return error.wire === 'head_missing';
  return error instanceof SdkError && error.code === 'space_busy';
}
