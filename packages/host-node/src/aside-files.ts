/**
 * Files that are written aside, under a name of their own beside the final one, until they are whole. They are
 * taken away when the process ends or is told to end; only SIGKILL and a power cut leave one.
 */
import { randomBytes } from 'node:crypto';
import { openSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const present = new Set<string>();

export interface AsideFile {
  readonly path: string;
  readonly fd: number;
}

/** A new file that only its owner can read: `.latchkey-<random>.part`. System errors come through. */
export function createAsideFile(folder: string): AsideFile {
  const path = join(folder, `.latchkey-${randomBytes(8).toString('hex')}.part`);
  const fd = openSync(path, 'wx', 0o600);
  if (present.size === 0) listen();
  present.add(path);
  return { path, fd };
}

/** It has its final name now, or is gone. */
export function forgetAsideFile(path: string): void {
  if (present.delete(path) && present.size === 0) stopListening();
}

function removeAll(): void {
  for (const path of present) rmSync(path, { force: true });
}

function listen(): void {
  process.on('exit', removeAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  removeAll();
  present.clear();
  stopListening();
  // Where nobody else listens, the process ends as it would have ended without us.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
