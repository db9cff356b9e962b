/** Whose keys are whose. */
import { contactKeys, keyEvidence, trustPolicy, verifiedByHuman, verifyEvidence } from '@latchkey/sdk/client';
import { decideOnSenders } from '@latchkey/sdk/mail';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import type { ChipState, Contact, Decision, RequestName, SenderDecision } from './contract.ts';
import type { Desk, Handlers } from './desk.ts';

type Names = Extract<
  RequestName,
  | 'resolve'
  | 'decide'
  | 'contacts'
  | 'contactKeys'
  | 'verifiedByHuman'
  | 'keyEvidence'
  | 'verifyEvidence'
  | 'trustPolicy'
>;

const DECISIONS: readonly Decision[] = ['accepted', 'declined', 'undecided'];

export const peopleHandlers: Handlers<Names> = {
  async resolve({ client }, { typed }) {
    const read = typed.map((each) => ({ typed: each, address: canonicalOrNull(each) }));
    const addresses = [...new Set(read.flatMap(({ address }) => address ?? []))];
    const resolutions = addresses.length === 0 ? [] : await client.directory.resolve(addresses);
    const byAddress = new Map(resolutions.map((each) => [each.address, each]));
    return read.map(({ typed: text, address }): ChipState => {
      if (address === null) return { kind: 'malformed', typed: text };
      const found = byAddress.get(address);
      if (found === undefined || found.outcome === 'unknown') return { kind: 'unknown', address };
      if (found.outcome === 'changed') return { kind: 'changed', address, reason: found.reason };
      return { kind: 'known', address, trust: found.trust, takes: found.takes };
    });
  },

  async decide({ account }, { decisions }) {
    const before: SenderDecision[] = [];
    for (const wanted of DECISIONS) {
      const addresses = decisions.filter(({ decision }) => decision === wanted).map(({ address }) => address);
      if (addresses.length === 0) continue;
      const decided = await decideOnSenders(account.client, addresses, wanted);
      before.push(...decided.map((each) => ({ address: each.address, decision: each.before })));
    }
    account.changed();
    return before;
  },

  async contacts({ account }) {
    const addresses = new Set<CanonicalAddress>();
    for (const { verdict, to } of await account.rows()) {
      if (verdict.addressed === 'own_copy') for (const address of to) addresses.add(address);
    }
    const resolutions = await account.client.directory.resolve([...addresses], { pinIsEnough: true });
    return resolutions.flatMap((each): Contact[] => {
      const identity = each.outcome === 'known' ? each.identity : each.outcome === 'changed' ? each.pinned : null;
      if (identity === null) return [];
      return [{ address: each.address, identity: identity.hash, version: identity.statement.version }];
    });
  },

  contactKeys: ({ client }, { address }) => contactKeys(client, address),

  async verifiedByHuman({ client }, { address, identity }) {
    await verifiedByHuman(client, address, identity);
    return null;
  },

  keyEvidence: ({ client }) => keyEvidence(client),
  verifyEvidence: async (desk: Desk, { file }) => verifyEvidence(await desk.accounts.ciphers(), file),
  trustPolicy: ({ client }) => trustPolicy(client),
};

function canonicalOrNull(typed: string): CanonicalAddress | null {
  try {
    return canonicalAddress(typed);
  } catch {
    return null;
  }
}
