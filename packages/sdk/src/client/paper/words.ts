/** How facts of a sheet are written for people. */
import { hex } from '@scure/base';

const SECONDS_TO_MS = 1_000;
const GROUP_CHARS = 4;

/** `2026-11-23`, in UTC. */
export function formatDate(seconds: number): string {
  return new Date(seconds * SECONDS_TO_MS).toISOString().slice(0, 10);
}

/** A whole hash in groups that an eye can follow. */
export function formatHash(hash: Uint8Array): string {
  return hex.encode(hash).replaceAll(new RegExp(`.{${GROUP_CHARS}}(?!$)`, 'g'), '$& ');
}

export function formatPolicy(policy: Uint8Array | null): string {
  return policy === null ? 'none published' : formatHash(policy);
}
