/** Rule 7 of an account: the own history, and where nobody outside replays the key log, the log itself. */
import type { StopSignal } from '../ports.ts';
import { hasOutsideAuditor, type TailEffort } from '../directory/tail/tail-effort.ts';
import { KeyLogTail, type TailOptions, type TailReport } from '../directory/tail/tail-key-log.ts';
import { TailCopy } from '../directory/tail/tail-place.ts';
import { openLog, readLogPin } from '../directory/key-log/log-pin.ts';
import type { Client } from './types.ts';

export type { TailEffort, TailReport };
export type { TailedHead } from '../directory/tail/replay-heads.ts';
export type { TailedLeaf } from '../directory/tail/read-leaves.ts';

export interface KeyTailOptions extends TailOptions {
  /** Also where outside auditors replay the log. */
  readonly always?: boolean;
  /** Nothing is done within so many seconds after the last whole check of this device. */
  readonly notWithinSeconds?: number;
  readonly signal?: StopSignal;
}

export interface KeyCheck {
  /** `own`: the own history is the vault's, and outside auditors replay the log. `tailed`: it was read here as well. */
  readonly checked: 'nothing' | 'own' | 'tailed';
  /** Leaves and heads that were read; null where nothing was. */
  readonly report: TailReport | null;
}

export interface KeyTail {
  /**
   * Good to be called again and again: it goes on where it stopped.
   *
   * @throws KeyLogError: the own history is not the vault's, or the log is not what it has signed (the evidence is kept);
   * what the wire throws, but `stopped` while it reads
   */
  check(options: KeyTailOptions): Promise<KeyCheck>;
}

/** One for a process: what was replayed stays in memory. */
export function keyTail({ host, wire, vault, address, directory }: Client): KeyTail {
  const { engine, cache, clock } = host;
  let tail: KeyLogTail | null = null;
  const nothing = { checked: 'nothing', report: null } as const;
  return {
    async check({ always = false, notWithinSeconds = 0, ...options }) {
      const pinned = notWithinSeconds === 0 ? null : await readLogPin(vault);
      if (pinned !== null) {
        const { place } = await TailCopy.open(host, openLog(engine, pinned).keys.origin);
        const ageSeconds = Math.floor(clock.nowMs() / 1_000) - place.seconds;
        if (ageSeconds >= 0 && ageSeconds < notWithinSeconds) return nothing;
      }
      const look = await directory.ownLook();
      if (look === null) return nothing;
      if (!always && hasOutsideAuditor(look.directory)) {
        await TailCopy.touch(host, look.directory.keys.origin);
        return { checked: 'own', report: null };
      }
      tail ??= new KeyLogTail({ engine, wire, vault, address, cache, clock });
      return { checked: 'tailed', report: await tail.readUpTo(look, options) };
    },
  };
}
