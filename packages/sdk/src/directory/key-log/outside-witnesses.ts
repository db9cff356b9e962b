/** Who has signed a head besides the operator, and since when a hold may count by their word. */
import type { Directory as KeyDirectory, VerifiedHead } from '@latchkey/key-directory/verify';
import { quorumReached } from '@latchkey/tlog';
import { isOutside } from './outsiders.ts';

export interface OutsideWitnesses {
  /** Key names, each once. Empty: nobody outside has signed. */
  readonly names: readonly string[];
  /**
   * The newest time from which on those outside complete the quorum, whatever those inside say; null where the quorum
   * can do without them. It is not the operator's to choose.
   */
  readonly seconds: number | null;
}

export function outsideWitnesses(
  { index: { origin, policy } }: KeyDirectory,
  { indexWitnesses }: VerifiedHead,
): OutsideWitnesses {
  const domain = origin.slice(0, origin.indexOf('/'));
  const isInside = (name: string): boolean => !isOutside(name, domain);
  const outside = indexWitnesses.filter(({ key }) => !isInside(key.name));
  const inside = policy.witnesses.filter(({ key }) => isInside(key.name)).map(({ name }) => name);
  const names = [...new Set(outside.map(({ key }) => key.name))];
  if (quorumReached(policy, inside)) return { names, seconds: null };
  const times = outside.map(({ timeSeconds }) => timeSeconds).toSorted((one, other) => other - one);
  const seconds = times.find((time) =>
    quorumReached(policy, [
      ...inside,
      ...outside.filter(({ timeSeconds }) => timeSeconds >= time).map(({ name }) => name),
    ]),
  );
  return { names, seconds: seconds ?? null };
}

export interface LookTimes {
  /** By which holds end: neither this machine's clock nor the witnesses' are to be ahead. */
  readonly nowSeconds: number;
  /** By which holds begin: the later of what this machine and the witnesses say. */
  readonly seenSeconds: number;
}

/** @param nowSeconds by this machine's clock */
export function lookTimes(witnessSeconds: number | null, nowSeconds: number): LookTimes {
  if (witnessSeconds === null) return { nowSeconds, seenSeconds: nowSeconds };
  return { nowSeconds: Math.min(nowSeconds, witnessSeconds), seenSeconds: Math.max(nowSeconds, witnessSeconds) };
}
