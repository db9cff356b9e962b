import { randomBytes } from 'node:crypto';
import { limits } from '@latchkey/protocol/wire';
import type { Handlers } from '../http/call.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';
import { requireAct } from './require-act.ts';

type Names =
  | 'sessionsList'
  | 'sessionsRemove'
  | 'latchesList'
  | 'latchesPut'
  | 'latchesRemove'
  | 'passwordStart'
  | 'passwordFinish'
  | 'accountAbout'
  | 'accountNonce'
  | 'accountClose'
  | 'accountKeep';

export const accountHandlers: Pick<Handlers, Names> = {
  async sessionsList({ services: { store }, session }) {
    const rows = await store.db
      .selectFrom('session')
      .selectAll()
      .where('account', '=', session.account)
      .where('expires_day', '>=', dayOf(store.clock()))
      .limit(limits.MAX_LISTED)
      .execute();
    return {
      sessions: rows.map((row) => ({
        id: row.id,
        name: row.name,
        device: row.device,
        expiresDay: row.expires_day,
        current: Buffer.compare(row.token_hash, session.tokenHash) === 0,
      })),
    };
  },
  async sessionsRemove({ services, input, session }) {
    await services.store.write('removeSession', { account: session.account, id: input.id });
    return {};
  },

  async latchesList({ services, session }) {
    const latches = await services.store.db
      .selectFrom('login')
      .select(['id', 'kind', 'generation', 'wrapped', 'rescue'])
      .where('account', '=', session.account)
      .limit(limits.MAX_LATCHES)
      .execute();
    return { latches };
  },
  async latchesPut({ services, input, session }) {
    const { latch } = input;
    if (latch.kind === 'password' || (latch.rescue !== null && latch.kind !== 'kit')) {
      throw new Refused('request_malformed');
    }
    const act = await requireAct(services, session, { action: 'change-latches', note: input.act });
    await services.store.write('putLatch', { act, latch });
    return {};
  },
  async latchesRemove({ services, input, session }) {
    const act = await requireAct(services, session, { action: 'change-latches', note: input.act });
    await services.store.write('removeLatch', { act, id: input.id });
    return {};
  },

  async passwordStart({ services, input, session }) {
    const { address } = await services.store.db
      .selectFrom('account')
      .select('address')
      .where('id', '=', session.account)
      .executeTakeFirstOrThrow();
    const response = await services.login.register(address, input.request);
    if (response === null) throw new Refused('request_malformed');
    return { response };
  },
  async passwordFinish({ services, input, session }) {
    if (input.latch.kind !== 'password' || input.latch.rescue !== null) throw new Refused('request_malformed');
    const act = await requireAct(services, session, { action: 'change-latches', note: input.act });
    await services.store.write('changePassword', { act, record: input.record, latch: input.latch });
    return {};
  },

  async accountAbout({ services, session }) {
    const row = await services.store.db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', session.account)
      .executeTakeFirstOrThrow();
    return {
      address: row.address,
      usedBytes: row.used_bytes,
      quotaBytes: row.quota_bytes,
      arrivals: row.arrivals_here,
      quotaArrivals: row.quota_arrivals,
      removedOnDay: row.removed_on_day,
    };
  },
  async accountNonce({ services, session }) {
    const nonce = new Uint8Array(randomBytes(32));
    await services.store.write('setActNonce', { ...session, nonce });
    return { nonce };
  },
  async accountClose({ services, input, session }) {
    const act = await requireAct(services, session, { action: 'delete-account', note: input.act });
    return services.store.write('closeAccount', { act, graceDays: limits.GRACE_DAYS });
  },
  async accountKeep({ services, session }) {
    await services.store.write('keepAccount', { account: session.account });
    return {};
  },
};
