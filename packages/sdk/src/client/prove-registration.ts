/** Rule 8: an account is made when its own genesis is proved to stand in the key log (docs/spec/14, "Registration"). */
import { chooseDirectory, type ChoiceParts } from '../directory/choose-directory.ts';
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import { RefusedError, SdkError } from '../errors.ts';

/** A new leaf is visible within ten seconds; a server that is asked for longer has a fault, or hides it. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Good to be repeated: what is not visible yet is asked for again by the next call.
 *
 * @throws KeyLogError: somebody else's keys stand under this address, or this account's do not; what the wire throws
 */
export async function proveRegistration(parts: ChoiceParts): Promise<void> {
  const { clock, address } = parts;
  const untilMs = clock.nowMs() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      await chooseDirectory(parts).resolve([address]);
      return;
    } catch (error) {
      if (!isNotYet(error) || clock.nowMs() >= untilMs) throw error;
    }
    await clock.sleep(pauseMs);
  }
}

function isNotYet(error: unknown): boolean {
  if (error instanceof KeyLogError) return error.reason === 'own_history_missing';
  if (error instanceof RefusedError) return error.wire === 'head_missing';
  return error instanceof SdkError && error.code === 'space_busy';
}
