/** An account that nobody uses locks itself, also when the browser was closed meanwhile. */
import type { WebHost } from '@latchkey/host-web';
import { lock } from '@latchkey/sdk/client';

const DEFAULT_MINUTES = 60;
const MAX_MINUTES = 10_080;
const USED = 'app/used';
const MINUTES = 'app/idle-minutes';

export async function noteUse(host: WebHost): Promise<void> {
  await writeNumber(host, USED, host.clock.nowMs());
}

/** Since 1970-01-01T00:00:00Z; 0 where nobody has. */
export async function lastUse(host: WebHost): Promise<number> {
  return (await readNumber(host, USED)) ?? 0;
}

export async function idleMinutes(host: WebHost): Promise<number> {
  return (await readNumber(host, MINUTES)) ?? DEFAULT_MINUTES;
}

export async function setIdleMinutes(host: WebHost, minutes: number): Promise<void> {
  await writeNumber(host, MINUTES, Math.min(MAX_MINUTES, Math.max(1, Math.round(minutes))));
}

/** A clock that went back counts as time gone by. @returns whether it is locked now */
export async function lockIfIdle(host: WebHost): Promise<boolean> {
  const idleMs = host.clock.nowMs() - (await lastUse(host));
  if (idleMs >= 0 && idleMs < (await idleMinutes(host)) * 60_000) return false;
  await lock(host);
  return true;
}

async function readNumber(host: WebHost, file: string): Promise<number | null> {
  const bytes = await host.files.read('device', file);
  return bytes === null ? null : Number(new TextDecoder().decode(bytes));
}

function writeNumber(host: WebHost, file: string, value: number): Promise<void> {
  return host.files.write('device', file, new TextEncoder().encode(String(value)));
}
