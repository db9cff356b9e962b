import { canonicalAddress, MAX_RECIPIENTS, type CanonicalAddress } from '@latchkey/protocol';
import type { Client } from '../client/types.ts';
import type { Resolution } from '../directory/types.ts';
import { SdkError } from '../errors.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { RecipientRole } from './outbox/letter.ts';
import { RecipientsRefusedError, type RefusedRecipient } from './refused-recipients.ts';
import type { Draft } from './types.ts';

export interface ResolvedRecipient {
  readonly role: RecipientRole;
  readonly identity: VerifiedIdentity;
  readonly firstUse: boolean;
}

export interface ResolvedRecipients {
  readonly recipients: readonly ResolvedRecipient[];
  /** Left out, because they cannot be written to. */
  readonly refused: readonly RefusedRecipient[];
}

const AT_ONCE = 256;

/**
 * Everybody who is to get the message, each once: whoever is named twice keeps the more open place.
 *
 * @throws RecipientsRefusedError; SdkError `recipients_missing`, `recipients_too_many`; ProtocolError
 */
export async function resolveRecipients(
  { directory }: Client,
  draft: Pick<Draft, 'to' | 'cc' | 'bcc'>,
  { skipRefused = false }: { readonly skipRefused?: boolean },
): Promise<ResolvedRecipients> {
  const roles = new Map<CanonicalAddress, RecipientRole>();
  for (const role of ['to', 'cc', 'bcc'] as const) {
    for (const text of draft[role]) {
      const address = canonicalAddress(text);
      if (!roles.has(address)) roles.set(address, role);
    }
  }
  if (roles.size === 0) throw new SdkError('recipients_missing', 'the message has no recipients');
  if (roles.size > MAX_RECIPIENTS) throw new SdkError('recipients_too_many', 'a message has at most 1,000 recipients');

  const addresses = [...roles.keys()];
  const resolutions: Resolution[] = [];
  for (let at = 0; at < addresses.length; at += AT_ONCE) {
    resolutions.push(...(await directory.resolve(addresses.slice(at, at + AT_ONCE))));
  }
  const recipients: ResolvedRecipient[] = [];
  const refused: RefusedRecipient[] = [];
  for (const resolution of resolutions) {
    const outcome = refusalOf(resolution);
    if (outcome !== null) refused.push({ address: resolution.address, outcome, ...reasonOf(resolution) });
    else if (resolution.outcome === 'known') {
      const { address, identity, trust } = resolution;
      recipients.push({ role: roles.get(address) ?? 'bcc', identity, firstUse: trust === 'first_use' });
    }
  }
  if (recipients.length === 0 || (refused.length > 0 && !skipRefused)) throw new RecipientsRefusedError(refused);
  return { recipients, refused };
}

function reasonOf(resolution: Resolution): Pick<RefusedRecipient, 'reason'> {
  return resolution.outcome === 'changed' && resolution.reason !== 'gone' ? { reason: resolution.reason } : {};
}

function refusalOf(resolution: Resolution): RefusedRecipient['outcome'] | null {
  if (resolution.outcome === 'unknown') return 'unknown';
  if (resolution.outcome === 'changed') return resolution.reason === 'gone' ? 'gone' : 'changed';
  if (resolution.takes === 'mail') return null;
  return resolution.takes === 'full' ? 'full' : 'gone';
}
