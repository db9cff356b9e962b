/** How the key log of this account stands, for `doctor` and settings (docs/spec/14-proving-directory.md, "What a person sees"). */
import { evaluatePolicy, parseNote } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import { readKeptHead } from '../directory/key-log/kept-head.ts';
import { openLog, readLogPin, type LogPin } from '../directory/key-log/log-pin.ts';
import { isOutside } from '../directory/key-log/outsiders.ts';
import { SdkError } from '../errors.ts';
import { HOUR_SECONDS } from '../hours.ts';
import type { Client } from './types.ts';

export interface WitnessState {
  /** Of its key. */
  readonly name: string;
  /** Not under the operator's own domain. */
  readonly isOutside: boolean;
  /** When it signed the newest head; null where it has not. */
  readonly signedSeconds: number | null;
}

export interface KeyLogState {
  readonly domain: string;
  /** SHA-256 of the trust policy, 32 bytes: as on card and kit. */
  readonly policyHash: Uint8Array;
  readonly from: LogPin['from'];
  /** The newest head that this account has verified; null before the first. */
  readonly head: {
    readonly indexSize: number;
    readonly keysSize: number;
    /** Of the witness that completes the quorum, or of the log itself where nobody is asked. Null: nobody says. */
    readonly signedSeconds: number | null;
    readonly seenSeconds: number;
  } | null;
  /** All whom the policy names. */
  readonly witnesses: readonly WitnessState[];
  /**
   * `fresh`; `late`: signed more than two hours ago, where an hour is the rule; `standing`: more than a day ago, and
   * nobody is written to: the log is closed, or its witnesses are away; `none`: nothing was verified yet.
   */
  readonly age: 'fresh' | 'late' | 'standing' | 'none';
  /** Why the look of just now was refused, or did not come about; null where it was good. */
  readonly problem: { readonly code: string; readonly rule: number | null; readonly reason: string | null } | null;
}

const LATE_SECONDS: number = 2 * HOUR_SECONDS;
const STANDING_SECONDS: number = 24 * HOUR_SECONDS;

/** Looks anew. Null where this account has never seen a key log. @throws what the vault throws */
export async function keyLogState(client: Client): Promise<KeyLogState | null> {
  const { host, vault, directory, address } = client;
  const problem = await directory.resolve([address]).then(() => null, problemOf);
  const pin = await readLogPin(vault);
  if (pin === null) return null;
  const { domain, policy: text, from } = pin;
  const kept = await readKeptHead(vault);
  const { index, verifySignature } = openLog(host.engine, pin);
  const note = kept === null ? null : parseNote(utf8.decode(kept.checkpoint));
  const verdict = note === null ? null : await evaluatePolicy(index.policy, { note, verifySignature });
  const signed = new Map((verdict?.witnesses ?? []).map(({ key, timeSeconds }) => [key.name, timeSeconds]));
  const names = [...new Set(index.policy.witnesses.map(({ key }) => key.name))];
  const nowSeconds = Math.floor(host.clock.nowMs() / 1_000);
  const signedSeconds = verdict?.kthTimeSeconds ?? null;
  return {
    domain,
    policyHash: await host.engine.sha256(utf8.decode(text)),
    from,
    head:
      kept === null
        ? null
        : { indexSize: kept.index.size, keysSize: kept.keys.size, signedSeconds, seenSeconds: kept.seenSeconds },
    witnesses: names.map((name) => ({
      name,
      isOutside: isOutside(name, domain),
      signedSeconds: signed.get(name) ?? null,
    })),
    age: kept === null ? 'none' : ageOf(nowSeconds - (signedSeconds ?? kept.seenSeconds)),
    problem,
  };
}

function ageOf(seconds: number): KeyLogState['age'] {
  if (seconds > STANDING_SECONDS) return 'standing';
  return seconds > LATE_SECONDS ? 'late' : 'fresh';
}

function problemOf(error: unknown): KeyLogState['problem'] {
  if (error instanceof KeyLogError) return { code: error.code, rule: error.rule, reason: error.reason };
  if (error instanceof SdkError) return { code: error.code, rule: null, reason: null };
  throw error;
}
