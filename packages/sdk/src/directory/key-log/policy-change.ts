/**
 * Another trust policy in the place of the pinned one, by the owner's act (docs/spec/14-proving-directory.md, "Another
 * policy"). Pure: what a server says is compared here with what the owner has got elsewhere.
 */
import { formatVerifierKey, parsePolicy, quorumReached, type Policy, type VerifierKey } from '@latchkey/tlog';
import { openLog, type LogEngine, type LogPin } from './log-pin.ts';

export interface PolicyChange {
  readonly next: Policy;
  /** Witnesses and auditors that only the new one has, and only the old one. */
  readonly added: readonly VerifierKey[];
  readonly dropped: readonly VerifierKey[];
  /** Whoever signs enough for the new one has signed enough for the old one, or as many of the added in their place. */
  readonly isAtLeastAsStrict: boolean;
}

/** Above that, nobody could say what a policy means. */
const MOST_LINES = 14;

/** @throws SdkError `server_differs` for a policy of other logs, or one that guards none; TlogError for none at all */
export function comparePolicies(engine: LogEngine, pinned: LogPin, policy: string): PolicyChange {
  const next = parsePolicy(policy);
  const [old, now] = [openLog(engine, pinned), openLog(engine, { ...pinned, policy })];
  const witnesses = [parsePolicy(pinned.policy).witnesses, next.witnesses] as const;
  const [before, after] = witnesses.map((all) => all.map(({ key }) => key)) as [VerifierKey[], VerifierKey[]];
  const isIn = (keys: readonly VerifierKey[], key: VerifierKey): boolean =>
    keys.some((each) => formatVerifierKey(each) === formatVerifierKey(key));
  const added = after.filter((key) => !isIn(before, key));
  const dropped = before.filter((key) => !isIn(after, key));
  // Of the key log auditors sign nothing: what is left there must be as strict by itself.
  const isAtLeastAsStrict =
    dropped.length === 0 && isStrict(old.index.policy, now.index.policy) && isStrict(old.keys.policy, now.keys.policy);
  return { next, added, dropped, isAtLeastAsStrict };
}

function isStrict(old: Policy, next: Policy): boolean {
  if (next.witnesses.length > MOST_LINES) return false;
  const oldNames = new Map(old.witnesses.map(({ name, key }) => [formatVerifierKey(key), name]));
  for (let set = 0; set < 2 ** next.witnesses.length; set += 1) {
    const signed = next.witnesses.filter((_witness, at) => (set >> at) % 2 === 1);
    if (
      !quorumReached(
        next,
        signed.map(({ name }) => name),
      )
    )
      continue;
    const known = signed.flatMap(({ key }) => oldNames.get(formatVerifierKey(key)) ?? []);
    const isStranger = ({ key }: Policy['witnesses'][number]): boolean => !oldNames.has(formatVerifierKey(key));
    // With all keys that the owner was given: one of two alone would be the weaker of them.
    const halves = new Set(next.witnesses.filter((each) => isStranger(each) && !signed.includes(each)).map(nameOf));
    const whole = signed.filter((each) => isStranger(each)).map(nameOf);
    const strangers = new Set(whole.filter((name) => !halves.has(name)));
    if (!canStandIn(old, known, strangers.size)) return false;
  }
  return true;
}

const nameOf = ({ key }: Policy['witnesses'][number]): string => key.name;

/** Whether the old quorum is reached with so many of its own cosigners more, each with all of its keys. */
function canStandIn(old: Policy, signed: readonly string[], more: number): boolean {
  if (quorumReached(old, signed)) return true;
  if (more === 0) return false;
  const missing = new Set(old.witnesses.filter(({ name }) => !signed.includes(name)).map(({ key }) => key.name));
  return [...missing].some((cosigner) => {
    const own = old.witnesses.filter(({ key }) => key.name === cosigner).map(({ name }) => name);
    return canStandIn(old, [...signed, ...own], more - 1);
  });
}
