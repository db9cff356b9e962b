import { randomBytes } from 'node:crypto';
import { isReservedName } from '@latchkey/protocol/wire';
import type { Call, Handlers } from '../http/call.ts';
import { accountChain } from '../login/acting-keys.ts';
import { takeNext, type IdentityChain } from '../login/identity-chain.ts';
import { parseIdentity, signedByKeysOf } from '../login/identity.ts';
import { invitationId, newToken, reissueInvitationId } from '../login/tokens.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { dayOf, hourOf } from '../times.ts';
import type { WriteInput } from '../writes/index.ts';
import { canonicalOrRefused } from './canonical.ts';

type Names = 'registerStart' | 'registerFinish';

export const registerHandlers: Pick<Handlers, Names> = {
  async registerStart(call) {
    const free = await requireAddress(call);
    const response = await call.services.login.register(call.input.address, call.input.request);
    if (response === null) throw new Refused('request_malformed');
    return { response, follows: free.reissue?.chain.last ?? null };
  },

  async registerFinish(call) {
    const { services, input } = call;
    const { reissue, invitation } = await requireAddress(call);
    const [password, ...others] = input.latches;
    if (password?.kind !== 'password' || others.some((latch) => latch.kind === 'password')) {
      throw new Refused('request_malformed');
    }
    if (input.latches.some((latch) => latch.rescue !== null && latch.kind !== 'kit')) {
      throw new Refused('request_malformed');
    }

    const account = reissue?.account ?? new Uint8Array(randomBytes(16));
    const token = newToken(account);
    const made = {
      account,
      address: input.address,
      quotaBytes: services.config.quotaBytes,
      quotaArrivals: services.config.quotaArrivals,
      newDays: services.config.newAccountDays,
      record: input.record,
      statement: input.statement,
      latches: input.latches,
      session: {
        tokenHash: token.hash,
        id: new Uint8Array(randomBytes(16)),
        ...input.session,
        days: services.config.sessionDays,
      },
      invitation,
    };
    if (reissue === null) await firstAccount(call, made);
    else await nextAccount(call, made, reissue);
    services.keyLog.wake();
    return { token: token.text };
  },
};

type MadeAccount = Omit<WriteInput<'createAccount'>, 'leaf' | 'index'>;

async function firstAccount({ services, input }: Call<'registerFinish'>, made: MadeAccount): Promise<void> {
  const identity = parseIdentity(input.statement);
  if (identity === null || identity.statement.version !== 0 || identity.statement.address !== input.address) {
    throw new Refused('statement_refused');
  }
  if (!(await signedByKeysOf(identity.statement, identity.note))) throw new Refused('statement_refused');
  const genesis = await services.keyLog.genesisOf(input.address, input.statement);
  // An account that a restore has lost: its address is that person's for ever.
  if (await services.keyLog.hasEntries(genesis.index.logIndex)) throw new Refused('address_taken');
  await services.store.write('createAccount', { ...made, ...genesis });
}

/** Whoever an address was given to. docs/spec/13-key-log.md, "Tombstones and re-issue". */
async function nextAccount(
  { services, input }: Call<'registerFinish'>,
  made: MadeAccount,
  { chain, logIndex }: Reissue,
): Promise<void> {
  const { address, statement: note } = input;
  const hour = hourOf(services.store.clock());
  const taken = await takeNext(chain, note, { hour, mayBeOperators: true });
  if (taken?.flag !== 'reissue') throw new Refused('statement_refused');
  const { version, flag } = taken;
  if ((await services.keyLog.signedLeaf(logIndex, version)) !== null) throw new Refused('statement_refused');
  const leaf = services.keyLog.leafOf({ address, version, note, flag, logIndex });
  await services.store.write('reissueAccount', { ...made, version, leaf });
}

/** An address that the operator gives to somebody else. */
interface Reissue {
  readonly account: Uint8Array;
  readonly chain: IdentityChain;
  readonly logIndex: Uint8Array;
}

interface FreeAddress {
  readonly reissue: Reissue | null;
  /** Row of the invitation that is used up with it; null where none is needed. */
  readonly invitation: Uint8Array | null;
}

/** Whether this address may be registered now, with this invitation. */
async function requireAddress({ services, input }: Call<Names>): Promise<FreeAddress> {
  const { config, store, limits, keyLog } = services;
  limits.take('register', '');
  if (!keyLog.isOpen) throw new Refused('key_log_closed');
  const reissue = await invitedReissue(services, input);
  if (reissue !== null) return reissue;
  if (config.registration === 'closed') throw new Refused('registration_closed');
  if (config.registration === 'invite') {
    if (input.invitation === null) throw new Refused('invitation_invalid');
    const row = await store.db
      .selectFrom('invitation')
      .select('state')
      .where('id', '=', invitationId(input.invitation))
      .where('expires_day', '>=', dayOf(store.clock()))
      .executeTakeFirst();
    if (row?.state !== 'open') throw new Refused('invitation_invalid');
  }
  const address = canonicalOrRefused(input.address);
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1) !== config.domain || isReservedName(address.slice(0, at))) {
    throw new Refused('address_refused');
  }
  const taken = await store.db.selectFrom('account').select('state').where('address', '=', address).executeTakeFirst();
  if (taken !== undefined) throw new Refused('address_taken');
  const token = config.registration === 'invite' ? input.invitation : null;
  return { reissue: null, invitation: token === null ? null : invitationId(token) };
}

/** Null where the invitation is none to take over this address. */
async function invitedReissue({ store }: Services, input: Call<Names>['input']): Promise<FreeAddress | null> {
  if (input.invitation === null) return null;
  const address = canonicalOrRefused(input.address);
  const invitation = reissueInvitationId(input.invitation, address);
  const row = await store.db
    .selectFrom('invitation')
    .select('state')
    .where('id', '=', invitation)
    .where('expires_day', '>=', dayOf(store.clock()))
    .executeTakeFirst();
  if (row?.state !== 'open') return null;
  const buried = await store.db
    .selectFrom('account')
    .innerJoin('address_index', 'address_index.account', 'account.id')
    .select(['account.id', 'address_index.log_index'])
    .where('address', '=', address)
    .where('state', '=', 'gone')
    .executeTakeFirst();
  const chain = buried === undefined ? null : await accountChain(store, buried.id);
  if (buried === undefined || chain?.ended !== true) throw new Refused('address_taken');
  return { reissue: { account: buried.id, chain, logIndex: buried.log_index }, invitation };
}
