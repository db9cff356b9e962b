import { randomBytes } from 'node:crypto';
import { isReservedName } from '@latchkey/protocol/wire';
import type { Call, Handlers } from '../http/call.ts';
import { parseIdentity, signedByKeysOf } from '../login/identity.ts';
import { invitationId, newToken } from '../login/tokens.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';
import { canonicalOrRefused } from './canonical.ts';

type Names = 'registerStart' | 'registerFinish';

export const registerHandlers: Pick<Handlers, Names> = {
  async registerStart(call) {
    await requireAddress(call);
    const response = await call.services.login.register(call.input.address, call.input.request);
    if (response === null) throw new Refused('request_malformed');
    return { response };
  },

  async registerFinish(call) {
    const { services, input } = call;
    await requireAddress(call);
    const identity = parseIdentity(input.statement);
    if (identity === null || identity.statement.version !== 0 || identity.statement.address !== input.address) {
      throw new Refused('statement_refused');
    }
    if (!(await signedByKeysOf(identity.statement, identity.note))) throw new Refused('statement_refused');
    const [password, ...others] = input.latches;
    if (password?.kind !== 'password' || others.some((latch) => latch.kind === 'password')) {
      throw new Refused('request_malformed');
    }
    if (input.latches.some((latch) => latch.rescue !== null && latch.kind !== 'kit')) {
      throw new Refused('request_malformed');
    }

    const genesis = await services.keyLog.genesisOf(input.address, input.statement);
    // An account that a restore has lost: its address is that person's for ever.
    if (await services.keyLog.hasEntries(genesis.index.logIndex)) throw new Refused('address_taken');
    const account = new Uint8Array(randomBytes(16));
    const token = newToken(account);
    const invitation = input.invitation === null ? null : { id: invitationId(input.invitation) };
    const invited = services.config.registration === 'invite' && invitation !== null;
    if (invited) await services.store.write('useInvitation', invitation);
    try {
      await services.store.write('createAccount', {
        account,
        address: input.address,
        quotaBytes: services.config.quotaBytes,
        quotaArrivals: services.config.quotaArrivals,
        record: input.record,
        statement: input.statement,
        ...genesis,
        latches: input.latches,
        session: {
          tokenHash: token.hash,
          id: new Uint8Array(randomBytes(16)),
          ...input.session,
          days: services.config.sessionDays,
        },
      });
    } catch (error) {
      if (invited) await services.store.write('giveInvitationBack', invitation);
      throw error;
    }
    services.keyLog.wake();
    return { token: token.text };
  },
};

/** Whether this address may be registered now, with this invitation. */
async function requireAddress({ services, input }: Call<Names>): Promise<void> {
  const { config, store, limits, keyLog } = services;
  limits.take('register', '');
  if (!keyLog.isOpen) throw new Refused('key_log_closed');
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
}
