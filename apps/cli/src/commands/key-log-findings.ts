/** What `doctor` says of the key log of the account on this machine. */
import { keyEvidence, keyLogState, SdkError, type KeyLogState } from '@latchkey/sdk/client';
import { formatInstant } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { withAccount } from '../with-account.ts';

export interface KeyLogFindings {
  /** Null: this account has never seen a key log. */
  readonly state: KeyLogState | null;
  readonly evidence: readonly {
    readonly id: string;
    readonly reason: string;
    readonly address: string;
    readonly seen: string;
  }[];
}

/** Null where there is no account, or a locked one. */
export async function keyLogFindings(): Promise<KeyLogFindings | null> {
  try {
    return await withAccount(
      async (client) => {
        const state = await keyLogState(client);
        const evidence = await keyEvidence(client);
        return {
          state,
          evidence: evidence.map(({ id, reason, address, seenSeconds }) => ({
            id: Buffer.from(id).toString('hex'),
            reason,
            address,
            seen: formatInstant(seenSeconds),
          })),
        };
      },
      { checksKeys: false },
    );
  } catch (error) {
    if (error instanceof SdkError && noAccount.has(error.code)) return null;
    throw error;
  }
}

const noAccount: ReadonlySet<string> = new Set(['profile_missing', 'profile_locked', 'lock_out_unfinished']);

/** For programs. */
export function keyLogFacts({ state, evidence }: KeyLogFindings): Readonly<Record<string, unknown>> {
  if (state === null) return { log: null, evidence };
  const { head, witnesses, policyHash, ...rest } = state;
  return {
    log: {
      ...rest,
      policyHash: Buffer.from(policyHash).toString('hex'),
      head:
        head === null
          ? null
          : {
              ...head,
              signedSeconds: undefined,
              seenSeconds: undefined,
              signed: instant(head.signedSeconds),
              seen: formatInstant(head.seenSeconds),
            },
      witnesses: witnesses.map(({ name, isOutside, signedSeconds }) => ({
        name,
        isOutside,
        signed: instant(signedSeconds),
      })),
    },
    evidence,
  };
}

/** Nothing that a person has to look into. */
export function isKeyLogSound({ state, evidence }: KeyLogFindings): boolean {
  return evidence.length === 0 && (state === null || (state.problem?.rule ?? null) === null);
}

export function keyLogText({ state, evidence }: KeyLogFindings): readonly string[] {
  if (state === null) return ['Key log', '  none: keys are pinned at first use'];
  const { domain, policyHash, from, head, witnesses, problem } = state;
  return [
    `Key log of ${domain}`,
    `  policy ${Buffer.from(policyHash).toString('hex')}, ${origins[from]}`,
    head === null
      ? '  no head was verified yet'
      : `  newest head ${head.keysSize} leaves, signed ${instant(head.signedSeconds) ?? 'at no time that anybody says'}, ${ages[state.age]}`,
    ...witnesses.map(
      ({ name, isOutside, signedSeconds }) =>
        `  witness ${printable(name)}${isOutside ? '' : ' (the operator’s own)'}: ${signedSeconds === null ? 'MISSING from the newest head' : formatInstant(signedSeconds)}`,
    ),
    ...(witnesses.some(({ isOutside }) => isOutside)
      ? []
      : ["  No outside witness. This server's operator could show you a false key for a new contact: compare words."]),
    ...(problem === null
      ? []
      : [
          `  REFUSED just now: ${problem.rule === null ? problem.code : `rule ${problem.rule}, ${problem.reason ?? ''}`}`,
        ]),
    ...evidence.map(({ id, reason, address, seen }) => `  EVIDENCE ${id.slice(0, 8)} ${seen} ${reason} ${address}`),
  ];
}

const ages: Readonly<Record<KeyLogState['age'], string>> = {
  fresh: 'fresh',
  late: 'LATE: an hour is the rule',
  standing: 'STANDS STILL: the log is closed or its witnesses are away; nobody new can be written to',
  none: '',
};

const origins: Readonly<Record<KeyLogState['from'], string>> = {
  hash: 'by invitation, card or kit',
  first_use: 'trusted on first use',
  file: 'from a file got elsewhere',
  owner: 'changed by you',
};

function instant(seconds: number | null): string | null {
  return seconds === null ? null : formatInstant(seconds);
}
