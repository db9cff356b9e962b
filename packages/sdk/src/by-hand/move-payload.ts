import { SdkError } from '../errors.ts';
import type { ByHandHost, PayloadJob } from './ports.ts';

/**
 * Lets the host move the payload in its own way; null where it has none for this job.
 * @returns plaintext bytes
 * @throws SdkError stopped
 */
export async function movePayload(
  { payloads }: ByHandHost,
  direction: 'seal' | 'open',
  job: PayloadJob,
): Promise<number | null> {
  const result = await payloads?.[direction](job);
  if (result === undefined || result.outcome === 'not_taken') return null;
  if (result.outcome === 'stopped') throw new SdkError('stopped', 'stopped before the end');
  return result.plaintextBytes;
}
