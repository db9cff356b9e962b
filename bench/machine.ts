import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a figure depends on, without the name of the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  /** Processes that wanted a core in the minute before: more than 0.5 means that others were at work. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
