/** What may be said about a message: every outcome is a value (docs/spec/08-message.md, "Verdicts"). */
import type { Engine } from '@latchkey/crypto';
import type { MessageStatement } from '@latchkey/protocol';
import type { LogView } from '../directory/gossip/head-gossip.ts';
import { identityKeys } from '../signing/identity.ts';
import { isSignedBy, type UnverifiedStatement } from '../signing/signed-statement.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import { opensBlind, type BlindOpening } from './blind-tree.ts';
import { isParty } from './is-party.ts';
import type { Receiver } from './open-first-chunk.ts';
import type { SenderVersion } from './sender-view.ts';
import type { Addressed, MessageVerdict, SenderKnown } from './types.ts';

const HOUR_SECONDS = 3600;
/** How long a superseded version may still sign. */
const RETIRED_AFTER_SECONDS: number = 7 * 24 * HOUR_SECONDS;
const LATE_AFTER_SECONDS: number = 48 * HOUR_SECONDS;
const EARLY_AFTER_SECONDS: number = HOUR_SECONDS;

interface Judged {
  readonly signed: UnverifiedStatement<MessageStatement>;
  readonly receiver: Receiver;
  readonly ownCopy: boolean;
  readonly opening: BlindOpening | null;
  readonly checkpoint: string | null;
}

/** All but `inconsistent`, which is about the delivery part and the MIME. */
export async function verdictOn(engine: Engine, judged: Judged): Promise<Omit<MessageVerdict, 'inconsistent'>> {
  const { statement } = judged.signed;
  const sender = await senderOf(judged);
  const signed =
    typeof sender === 'string'
      ? { signature: sender, sender: null, retiredKey: false, known: null }
      : {
          signature: await signatureBy(engine, judged.signed, sender.identity),
          sender: sender.identity,
          retiredKey: sender.retired,
          known: sender.known,
        };
  return {
    ...signed,
    logView: await logViewOf(judged, signed.signature === 'valid'),
    late: isLate(statement.dateSeconds, judged.receiver.arrivalHour),
    addressed: await addressedTo(engine, judged),
  };
}

interface Sender {
  readonly identity: VerifiedIdentity;
  readonly retired: boolean;
  readonly known: SenderKnown | null;
}

async function senderOf({ signed, receiver }: Judged): Promise<Sender | 'unknown_sender' | 'sender_changed'> {
  const { from } = signed.statement;
  const { own, lookUp, arrivalHour } = receiver;
  // Nobody else says what one's own versions are.
  const mine = own.all.map(({ identity }) => ({ identity, supersededSeconds: null }));
  const isOwn = mine.some(({ identity }) => identity.party.address === from.address);
  const view = isOwn ? { outcome: 'known' as const, versions: mine } : await lookUp(from.address);
  if (view.outcome !== 'known') return view.outcome === 'unknown' ? 'unknown_sender' : 'sender_changed';
  const found = view.versions.find(({ identity }) => isParty(identity.party, from));
  if (found === undefined) {
    const other = view.versions.some(({ identity }) => identity.party.version === from.version);
    return other ? 'sender_changed' : 'unknown_sender';
  }
  const retired = !isOwn && isRetired(found, view.versions, arrivalHour);
  return { identity: found.identity, retired, known: 'known' in view ? (view.known ?? null) : null };
}

/** A version that is not the newest, and not known to have been until less than seven days before the arrival. */
function isRetired(
  { identity, supersededSeconds }: SenderVersion,
  versions: readonly SenderVersion[],
  arrivalHour: number | null,
): boolean {
  if (versions.every((other) => other.identity.party.version <= identity.party.version)) return false;
  if (supersededSeconds === null || arrivalHour === null) return true;
  return supersededSeconds + RETIRED_AFTER_SECONDS <= arrivalHour * HOUR_SECONDS;
}

async function signatureBy(
  engine: Engine,
  signed: UnverifiedStatement<MessageStatement>,
  { statement }: VerifiedIdentity,
): Promise<'valid' | 'invalid'> {
  return (await isSignedBy(engine, signed, identityKeys(statement))) ? 'valid' : 'invalid';
}

/** What nobody has signed is nobody's view. */
async function logViewOf({ signed, receiver, ownCopy, checkpoint }: Judged, isSigned: boolean): Promise<LogView> {
  const { from, dateSeconds } = signed.statement;
  const { compareView, arrivalHour } = receiver;
  if (checkpoint === null) return 'none';
  if (!isSigned || ownCopy || compareView === undefined || arrivalHour === null) return 'not_compared';
  return compareView({ from: from.address, checkpoint, dateSeconds, arrivalHour });
}

/** The delivery hour is all that the server gives: it lasts an hour. */
function isLate(dateSeconds: number, arrivalHour: number | null): boolean {
  if (arrivalHour === null) return false;
  const beginsSeconds = arrivalHour * HOUR_SECONDS;
  const endsSeconds = beginsSeconds + HOUR_SECONDS;
  return dateSeconds < beginsSeconds - LATE_AFTER_SECONDS || dateSeconds > endsSeconds + EARLY_AFTER_SECONDS;
}

async function addressedTo(engine: Engine, { signed, receiver, ownCopy, opening }: Judged): Promise<Addressed> {
  const { statement } = signed;
  const mine = receiver.own.all.map(({ identity }) => identity.party);
  if (ownCopy) return mine.some((party) => isParty(party, statement.from)) ? 'own_copy' : 'passed_on';
  for (const field of ['to', 'cc'] as const) {
    const named = statement[field].filter(({ address }) => mine.some((party) => party.address === address));
    if (named.length === 0) continue;
    return named.some((one) => mine.some((party) => isParty(party, one))) ? field : 'wrong_key';
  }
  if (opening === null) return 'passed_on';
  for (const party of mine) if (await opensBlind(engine, statement.blind, { opening, party })) return 'bcc';
  return 'passed_on';
}
