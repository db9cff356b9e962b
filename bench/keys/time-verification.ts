/** A sender's side, in Node or in a page: whole verifications of what was shown, one after the other. */
import { openDirectory, verifyHead, verifyLookup, vrfVerifier } from '../../packages/key-directory/src/verify.ts';
import { vrfInput } from '../../packages/key-directory/src/index.ts';
import { parsePolicy, type VerifySignature } from '../../packages/tlog/src/index.ts';
import type { LargePin, Shown } from './large-directory.ts';
import type { Sample, Samples } from './samples.ts';

/** Medians, milliseconds. */
export interface VerificationTimes {
  /** Head and look-up of somebody new. */
  readonly firstTimeMs: number;
  /** Of that the VRF. */
  readonly vrfMs: number;
  /** A new head, grown by a day, and one contact whose index is pinned. */
  readonly knownMs: number;
  /** Of that the contact alone: the head is verified once, however many contacts a look asks for. */
  readonly knownLookupMs: number;
}

export interface TimingOptions {
  readonly rounds: number;
  /** Milliseconds: of the clock, or of the processor. */
  readonly now: () => number;
}

export async function timeVerification(
  samples: Samples,
  verifySignature: VerifySignature,
  { rounds, now }: TimingOptions,
): Promise<VerificationTimes> {
  const taken: Record<keyof VerificationTimes, number[]> = {
    firstTimeMs: [],
    vrfMs: [],
    knownMs: [],
    knownLookupMs: [],
  };
  for (let round = -1; round < rounds; round++) {
    // A new directory has seen nobody.
    const fresh = open(samples.pin, verifySignature);
    const vrf = vrfVerifier(samples.pin.vrfPublicKey);
    for (const person of samples.people) {
      const started = now();
      const { index } = await verify(fresh, { person, shown: person.firstTime, previous: null, index: null, now });
      const firstTimeMs = now() - started;
      const vrfStarted = now();
      vrf.verify(vrfInput(person.label), person.firstTime.lookup.vrfProof);
      const vrfMs = now() - vrfStarted;
      const knownStarted = now();
      // As in a process that has seen nobody yet: what it knows is what the pin says.
      const known = { person, shown: person.known, previous: samples.earlier, index, now };
      const { lookupMs } = await verify(open(samples.pin, verifySignature), known);
      // The first round warms up.
      if (round === -1) continue;
      taken.firstTimeMs.push(firstTimeMs);
      taken.vrfMs.push(vrfMs);
      taken.knownMs.push(now() - knownStarted);
      taken.knownLookupMs.push(lookupMs);
    }
  }
  return {
    firstTimeMs: middle(taken.firstTimeMs),
    vrfMs: middle(taken.vrfMs),
    knownMs: middle(taken.knownMs),
    knownLookupMs: middle(taken.knownLookupMs),
  };
}

type Opened = ReturnType<typeof openDirectory>;

function open({ domain, logKey, vrfPublicKey, policy }: LargePin, verifySignature: VerifySignature): Opened {
  return openDirectory({ domain, logKeys: [logKey], vrfPublicKey, policy: parsePolicy(policy), verifySignature });
}

interface ToVerify {
  readonly person: Sample;
  readonly shown: Shown;
  readonly previous: Samples['earlier'] | null;
  /** As pinned; null for somebody new. */
  readonly index: Uint8Array | null;
  readonly now: TimingOptions['now'];
}

async function verify(
  directory: Opened,
  { person, shown, previous, index, now }: ToVerify,
): Promise<{ lookupMs: number; index: Uint8Array }> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const head = await verifyHead(directory, shown.head, { previous, nowSeconds });
  if (head.refused) throw new Error(head.reason);
  const started = now();
  const known = index === null ? null : { version: 0, position: person.position, index };
  const found = verifyLookup(head, { label: person.label, known }, shown.lookup);
  if (found.refused || !found.found) throw new Error('an honest answer is refused');
  return { lookupMs: now() - started, index: found.index };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
