import { createHash } from 'node:crypto';
import { Refused } from '../store/refused.ts';

/**
 * What the passes of new accounts have served: one delivery each, and its repetitions where a line was cut. In memory only,
 * and no longer than a pass is good. docs/spec/20-reports.md, "New accounts".
 */
export interface NewcomerPasses {
  /**
   * @param pass as it was sent
   * @throws Refused `pass_invalid` where the pass has served somebody else, or another message
   */
  serve(pass: string, recipients: readonly ServedRecipient[]): void;
}

export interface ServedRecipient {
  readonly address: string;
  /** Of the arrival: random for each recipient and message. */
  readonly key: Uint8Array;
}

interface Served {
  readonly atMs: number;
  readonly digests: ReadonlySet<string>;
}

/** A pass is good for its hour and the next. */
const goodForMs = 2 * 3_600_000;
/** About 20 MB; beyond it the oldest is forgotten, and still has no more than its repetitions. */
const maxPasses = 10_000;

export function newcomerPasses(clock: () => number): NewcomerPasses {
  const byPass = new Map<string, Served>();

  function forget(nowMs: number): void {
    for (const [pass, { atMs }] of byPass) {
      if (nowMs - atMs < goodForMs && byPass.size < maxPasses) return;
      byPass.delete(pass);
    }
  }

  return {
    serve(pass, recipients) {
      const digests = new Set(recipients.map((recipient) => digestOf(pass, recipient)));
      const served = byPass.get(pass)?.digests;
      if (served === undefined) {
        const nowMs = clock();
        forget(nowMs);
        byPass.set(pass, { atMs: nowMs, digests });
      } else if (![...digests].every((digest) => served.has(digest))) {
        throw new Refused('pass_invalid');
      }
    },
  };
}

/** Not the address itself: nothing here says who is written to. */
function digestOf(pass: string, { address, key }: ServedRecipient): string {
  return createHash('sha256').update(`${pass}\0`).update(key).update(address).digest('base64url');
}
