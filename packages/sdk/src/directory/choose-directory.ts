/**
 * The key log wherever there is one. An account that has ever seen one never does without it again
 * (docs/spec/14-proving-directory.md, "Pinned log").
 */
import { RefusedError } from '../errors.ts';
import type { Clock, Profile } from '../ports.ts';
import type { Space } from '../sync/types.ts';
import { headGossip, noGossip, type HeadGossip } from './gossip/head-gossip.ts';
import { askForLog, formatLogPin, logPinId, readLogPin, type LogEngine, type LogPin } from './key-log/log-pin.ts';
import { pinningDirectory, type PinningDirectory } from './pinning-directory.ts';
import { provingDirectory } from './proving-directory.ts';
import type { OwnView } from './require-own-identity.ts';

export interface ChoiceParts extends OwnView {
  readonly engine: LogEngine;
  readonly vault: Space;
  readonly clock: Clock;
  readonly profile: Profile;
  /** Hash of the trust policy that this account pinned when it was made or joined; null where it saw none. */
  readonly policyHash: Uint8Array | null;
  /** Where that hash comes from, for whoever pins the log first. */
  readonly from?: LogPin['from'];
}

/** A directory as a client has it. */
export type ClientDirectory = PinningDirectory & HeadGossip;

/** Chosen when it is used first, so that an account opens without a server. */
export function chooseDirectory(parts: ChoiceParts): ClientDirectory {
  let chosen: ClientDirectory | null = null;
  let chosenPolicy: string | null = null;
  const proving = (log: LogPin): ClientDirectory => {
    chosenPolicy = log.policy;
    chosen = { ...provingDirectory({ ...parts, log }), ...headGossip({ ...parts, log }) };
    return chosen;
  };
  const choose = async (): Promise<ClientDirectory> => {
    if (chosen !== null) {
      // The owner may have taken another policy meanwhile, on this device or another.
      const now = await readLogPin(parts.vault);
      return now === null || now.policy === chosenPolicy ? chosen : proving(now);
    }
    await parts.vault.catchUp();
    const kept = await readLogPin(parts.vault);
    if (kept !== null) return proving(kept);
    const said = await askedLog(parts);
    if (said === null) return { ...pinningDirectory(parts), ...noGossip };
    // Another device may pin it at the same time: what stands in the vault is what counts.
    const id = await logPinId(parts.vault);
    await parts.vault.write([{ id, knows: 1, change: (current) => (current === null ? formatLogPin(said) : 'keep') }]);
    return proving((await readLogPin(parts.vault)) ?? said);
  };
  return {
    async resolve(addresses, options = {}) {
      if (options.pinIsEnough !== true) return (await choose()).resolve(addresses, options);
      const kept = await readLogPin(parts.vault);
      const directory = chosen ?? (kept === null ? await choose() : proving(kept));
      return directory.resolve(addresses, options);
    },
    async ownLook(options) {
      return (await choose()).ownLook(options);
    },
    async acceptChangedVerifiedByHuman(address, identity) {
      return (await choose()).acceptChangedVerifiedByHuman(address, identity);
    },
    hourHead: async () => (await choose()).hourHead(),
    keepDay: async () => (await choose()).keepDay(),
    compareView: async (claim) => (await choose()).compareView(claim),
    async ownHistory() {
      return (await choose()).ownHistory();
    },
  };
}

/** Null for a server without a key log, where this account has never seen one. */
async function askedLog({
  wire,
  engine,
  address,
  policyHash,
  from = 'first_use',
}: ChoiceParts): Promise<LogPin | null> {
  try {
    return await askForLog(wire, engine, { address, policyHash, from });
  } catch (error) {
    const isWithout = error instanceof RefusedError && (error.wire === 'route_unknown' || error.wire === 'not_found');
    if (isWithout && policyHash === null) return null;
    throw error;
  }
}
