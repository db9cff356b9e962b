/** Whether a contact card proves what it says, under the log that this account has pinned. Asks nobody. */
import { verifyHead, verifyLookup, type VerifiedHead } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import { utf8 } from '@scure/base';
import { SdkError } from '../../errors.ts';
import { verifyKeptIdentities } from '../../signing/identity.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import { openLog, type LogEngine, type LogPin } from '../key-log/log-pin.ts';
import type { ContactCard } from './contact-card.ts';
import { ContactCardError } from './contact-card-error.ts';

export interface VerifiedCard {
  readonly identity: VerifiedIdentity;
  /** What its owner's client had verified. */
  readonly head: VerifiedHead;
}

const DAY_SECONDS = 86_400;

/** @param address canonical, that of the card. @throws ContactCardError `proof_wrong` */
export async function verifyContactCard(
  engine: LogEngine & SignatureVerifier,
  {
    log,
    address,
    nowSeconds,
  }: { readonly log: LogPin; readonly address: CanonicalAddress; readonly nowSeconds: number },
  card: ContactCard,
): Promise<VerifiedCard> {
  const { head, madeSeconds, positions, leaves } = card;
  if (madeSeconds > nowSeconds + DAY_SECONDS) throw wrong('head_ahead_of_time');
  const answer = {
    indexCheckpoint: utf8.decode(head.indexCheckpoint),
    indexLeaf: utf8.decode(head.indexLeaf),
    indexInclusion: head.indexInclusion,
    indexConsistency: [],
    keysConsistency: [],
  };
  // A card is as old as it is: what is true now is asked of the log afterwards.
  const verified = await verifyHead(openLog(engine, log), answer, { previous: null, nowSeconds: madeSeconds });
  if (verified.refused) throw wrong(verified.reason);
  const version = positions.length - leaves.length;
  const before = positions[version - 1];
  const known = before === undefined ? null : { version: version - 1, position: before };
  const found = verifyLookup(
    verified,
    { label: address, known },
    {
      vrfProof: card.vrfProof,
      positions,
      mapProof: card.mapProof,
      leaves: leaves.map(({ leaf, inclusion, opening, note }) => ({
        leaf,
        inclusion,
        opened: { opening, note: utf8.decode(note) },
      })),
    },
  );
  if (found.refused) throw wrong(found.reason);
  const identity = await identityOf(engine, leaves[0]?.note ?? '', address);
  if (version < 0 || identity.statement.version !== version) throw wrong('chain_broken');
  return { identity, head: verified };
}

async function identityOf(
  engine: SignatureVerifier,
  note: string,
  address: CanonicalAddress,
): Promise<VerifiedIdentity> {
  try {
    const [identity] = await verifyKeptIdentities(engine, [note], { address });
    if (identity !== undefined) return identity;
  } catch (error) {
    if (!(error instanceof SdkError && error.code === 'statement_unverified')) throw error;
  }
  throw wrong('version_unsigned');
}

function wrong(refused: string): ContactCardError {
  return new ContactCardError('proof_wrong', { refused });
}
