import { SdkError } from '../../errors.ts';
import { mayPass } from '../transfers/server-line.ts';

/** Whether trying the same again later cannot help. What has no code of ours is a fault, and says nothing. */
export function isFinal(error: unknown): boolean {
  if (!isCoded(error) || mayPass(error)) return false;
  return !(error instanceof SdkError) || (error.code !== 'stopped' && error.code !== 'outbox_taken');
}

function isCoded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code);
}
