import { hostname } from 'node:os';
import type { Invocation } from './invocation.ts';

/** What the owner calls this machine. */
export function deviceName(invocation: Invocation): string {
  return invocation.value('device') ?? hostname();
}
