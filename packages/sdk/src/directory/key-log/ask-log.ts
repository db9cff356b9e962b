/** What the key log proves of some addresses: fetched, and verified down to the bytes (rules 1, 2, 3 and 5). */
import {
  MAX_HEAD_AGE_SECONDS,
  verifyHead,
  verifyLookup,
  type Directory as KeyDirectory,
  type HeadAnswer,
  type KnownVersion,
  type LookupAnswer,
  type Refusal,
  type VerifiedAbsence,
  type VerifiedHead,
  type VerifiedHistory,
} from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { limits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { cosignatureTime, mldsa44CosignatureType, parseNote } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { SdkError } from '../../errors.ts';
import type { Wire } from '../../ports.ts';
import type { KeptHead } from './kept-head.ts';
import type { ProvingParts } from './proving-parts.ts';
import { outsideWitnesses, type OutsideWitnesses } from './outside-witnesses.ts';

export interface Wanted {
  readonly address: CanonicalAddress;
  /** The last statement that is known; null for the whole history. */
  readonly known: KnownVersion | null;
}

export interface Question {
  readonly directory: KeyDirectory;
  readonly previous: KeptHead | null;
  readonly wanted: readonly Wanted[];
  readonly nowSeconds: number;
}

type Answer = ResponseOf<(typeof ROUTES)['ktResolve']>;
export type RawHead = Answer['head'];
export type RawLookup = Answer['answers'][number];

/** One address's part of an answer. */
export interface RawAnswer {
  readonly head: RawHead;
  readonly lookup: RawLookup | null;
}

export interface Answered {
  readonly address: CanonicalAddress;
  readonly takes: 'mail' | 'nothing' | 'full';
  readonly found: VerifiedHistory | VerifiedAbsence | Refusal;
  /** What the server gave: evidence, where it is refused. */
  readonly raw: RawAnswer;
}

export interface LogAnswer {
  /** The newest one; null where even the first was refused. */
  readonly head: KeptHead | null;
  /** Who outside the operator's domain has signed all heads of this look, and since when. */
  readonly outside: OutsideWitnesses;
  /** In the order asked. A head that is refused refuses all that was asked with it. */
  readonly answers: readonly Answered[];
}

export type AskingParts = Pick<ProvingParts, 'wire' | 'session' | 'clock'>;

/** @throws SdkError `answer_malformed`; what the wire throws */
export async function askLog({ wire, session, clock }: AskingParts, question: Question): Promise<LogAnswer> {
  const { directory, wanted, nowSeconds } = question;
  const answers: Answered[] = [];
  let head = question.previous;
  let outside: OutsideWitnesses | null = null;
  let next = ask(wire, session, { wanted, head });
  while (answers.length < wanted.length) {
    const { asked, answer } = next;
    const given = await answer;
    if (given.answers.length > asked.length) throw new SdkError('answer_malformed', 'it answers more than was asked');
    const verified = await freshHead(question, headAnswer(given.head), head);
    if (verified.refused) {
      const lookup = given.answers[0] ?? null;
      for (const { address } of wanted.slice(answers.length)) {
        answers.push({ address, takes: 'nothing', found: verified, raw: { head: given.head, lookup } });
      }
      return { head, outside: NOBODY, answers };
    }
    outside = both(outside, outsideWitnesses(directory, verified));
    head = keptHead(verified, { raw: given.head, nowSeconds });
    // The server proves the next ones while these are verified.
    const rest = wanted.slice(answers.length + given.answers.length);
    if (rest.length > 0) {
      next = ask(wire, session, { wanted: rest, head });
      await clock.sleep(0);
    }
    for (const [at, raw] of given.answers.entries()) {
      const one = asked[at];
      if (one !== undefined) answers.push(answered(verified, one, { head: given.head, lookup: raw }));
    }
  }
  return { head, outside: outside ?? NOBODY, answers };
}

interface Asked {
  readonly asked: readonly Wanted[];
  readonly answer: Promise<Answer>;
}

/** For as many as one request may ask, against the sizes of the head that was verified last. */
function ask(wire: Wire, session: string, { wanted, head }: Pick<Question, 'wanted'> & Pick<LogAnswer, 'head'>): Asked {
  const asked = wanted.slice(0, limits.MAX_RESOLVED);
  const known = head === null ? null : { indexSize: head.index.size, keysSize: head.keys.size };
  const request = { known, wanted: asked.map((each) => ({ address: each.address, fromVersion: firstOf(each) })) };
  const answer = wire.call(ROUTES.ktResolve, request, { rights: { session } });
  // Who fails before it is waited for says so himself.
  answer.catch(() => undefined);
  return { asked, answer };
}

const NOBODY: OutsideWitnesses = { names: [], seconds: null };

/** Of two parts of one look: what is true of both. */
function both(one: OutsideWitnesses | null, other: OutsideWitnesses): OutsideWitnesses {
  if (one === null) return other;
  const isTimed = one.seconds !== null && other.seconds !== null;
  return {
    names: one.names.filter((name) => other.names.includes(name)),
    seconds: isTimed ? Math.min(one.seconds, other.seconds) : null,
  };
}

/**
 * Where a policy asks nobody, the log's own ML-DSA-44 line says when it signed: no more than its word, but a line between
 * that only repeats, or a machine that stands still, is seen by it.
 */
async function freshHead(
  { directory, nowSeconds }: Question,
  answer: HeadAnswer,
  previous: KeptHead | null,
): Promise<VerifiedHead | Refusal> {
  const head = await verifyHead(directory, answer, { previous, nowSeconds });
  if (head.refused || head.timeSeconds !== null) return head;
  const ageSeconds = nowSeconds - signedSeconds(directory, answer);
  if (Math.abs(ageSeconds) <= MAX_HEAD_AGE_SECONDS) return head;
  return { refused: true, rule: 1, reason: ageSeconds > 0 ? 'head_stale' : 'head_ahead_of_time' };
}

/** Of a checkpoint that was verified, so that the line is there. */
function signedSeconds({ index }: KeyDirectory, { indexCheckpoint }: HeadAnswer): number {
  const timed = index.policy.logs.find(({ key }) => key.type.name === mldsa44CosignatureType.name);
  const line = parseNote(indexCheckpoint).signatures.find(
    ({ keyName, keyId }) => keyName === timed?.key.name && keyId === timed.key.keyId,
  );
  return line === undefined ? 0 : cosignatureTime(line);
}

function answered(
  head: VerifiedHead,
  { address, known }: Wanted,
  raw: RawAnswer & { readonly lookup: RawLookup },
): Answered {
  const found = verifyLookup(head, { label: address, known }, lookupAnswer(raw.lookup));
  const { takes } = raw.lookup;
  return { address, takes: takes === 'unknown' ? 'nothing' : takes, found, raw };
}

function firstOf({ known }: Wanted): number {
  return known === null ? 0 : known.version + 1;
}

export function headAnswer({ indexCheckpoint, indexLeaf, ...proofs }: RawHead): HeadAnswer {
  return { indexCheckpoint: utf8.decode(indexCheckpoint), indexLeaf: utf8.decode(indexLeaf), ...proofs };
}

export function lookupAnswer({ vrfProof, positions, mapProof, leaves }: RawLookup): LookupAnswer {
  return {
    vrfProof,
    positions,
    mapProof,
    leaves: leaves.map(({ leaf, inclusion, opened }) => ({
      leaf,
      inclusion,
      opened: opened === null ? null : { opening: opened.opening, note: utf8.decode(opened.note) },
    })),
  };
}

function keptHead(
  { index, keys, mapRoot }: VerifiedHead,
  { raw, nowSeconds }: { readonly raw: RawHead; readonly nowSeconds: number },
): KeptHead {
  const { indexCheckpoint: checkpoint, indexLeaf: leaf, indexInclusion: inclusion } = raw;
  return { kind: 'key-heads', v: 1, index, keys, mapRoot, checkpoint, leaf, inclusion, seenSeconds: nowSeconds };
}
