import type { RequestOf, ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import { formatNote } from '@latchkey/tlog';
import { accountChain } from '../login/acting-keys.ts';
import { inForce, type IdentityChain } from '../login/identity-chain.ts';
import type { SignedIdentity } from '../login/identity.ts';
import { resetKits } from '../login/recovery-in-force.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';
import { requireKitAct } from './kit-act.ts';
import { takeStatement } from './take-statement.ts';

/**
 * Announces keys by the kit alone. There is no session, so that somebody with an old kit can do nothing else here.
 *
 * @throws Refused `login_refused`, `account_suspended`, `statement_refused`, `too_many`
 */
export async function resetByKit(
  services: Services,
  input: RequestOf<typeof ROUTES.kitReset>,
): Promise<ResponseOf<typeof ROUTES.kitReset>> {
  const { account, isSuspended, keysHash } = await requireKitAct(services, 'update-identity', input);
  const chain = await accountChain(services.store, account);
  if (chain === null || !mayReset(chain, keysHash, hourOf(services.store.clock()))) throw new Refused('login_refused');
  if (isSuspended) throw new Refused('account_suspended');
  if (input.statement === null) return standing(chain);
  const taken = await takeStatement(services, {
    account,
    note: input.statement,
    accept({ flag }) {
      if (flag !== 'reset') throw new Refused('statement_refused');
    },
  });
  return standing(taken.chain);
}

/** Recovery keys that count, or that have announced what waits. */
function mayReset({ versions, waiting }: IdentityChain, keysHash: Uint8Array, hour: number): boolean {
  const kits = [...resetKits(versions, hour).map(({ kit }) => kit), ...(waiting === null ? [] : [waiting.kit])];
  return kits.some((kit) => Buffer.compare(kit, keysHash) === 0);
}

function standing(chain: IdentityChain): ResponseOf<typeof ROUTES.kitReset> {
  const { last, waiting } = chain;
  return {
    last,
    inForce: textOf(inForce(chain)),
    waiting: waiting === null ? null : textOf(waiting.identity),
    countsHour: waiting?.countsHour ?? null,
  };
}

function textOf({ note }: SignedIdentity): string {
  return Buffer.from(formatNote(note)).toString('utf8');
}
