import { SdkError } from '../../errors.ts';

export interface LogFinding {
  /** One of the client's, 1 to 7: docs/spec/12-key-directory.md, "Rules", and docs/spec/14-proving-directory.md. */
  readonly rule: number;
  /** Stable; one for each lie. */
  readonly reason: string;
  /** Id of the vault's record with what a third party can check, 16 bytes; null where nothing is provable. */
  readonly evidence: Uint8Array | null;
}

/** What the key log shows of the own account is not what the own vault holds, or is not shown as it must be. */
export class KeyLogError extends SdkError {
  readonly rule: number;
  readonly reason: string;
  readonly evidence: Uint8Array | null;

  constructor({ rule, reason, evidence }: LogFinding) {
    super('key_log_refused', `the key log does not hold, rule ${rule}: ${reason}`);
    this.rule = rule;
    this.reason = reason;
    this.evidence = evidence;
  }
}
