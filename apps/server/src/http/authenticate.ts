import type { Auth } from '@latchkey/protocol/wire';
import { readToken } from '../login/tokens.ts';
import type { Services } from '../services.ts';
import { frozenQuery } from '../store/frozen-query.ts';
import { Refused } from '../store/refused.ts';
import { dayOf, hourOf } from '../times.ts';
import type { Session } from './call.ts';

const nobody: Session = { account: new Uint8Array(), tokenHash: new Uint8Array(), isNew: false, mostRecipients: null };

/** Bearer token or pass, as the route's row wants it. @throws Refused `session_invalid`, `pass_invalid` */
export async function authenticate(services: Services, auth: Auth, header: string | undefined): Promise<Session> {
  if (auth === 'none') return nobody;
  if (auth === 'pass') {
    return { ...nobody, mostRecipients: checkPass(services, header) };
  }
  const text = header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : '';
  const token = text.length > 128 ? null : readToken(text);
  if (token === null) throw new Refused('session_invalid');
  const day = dayOf(services.store.clock());
  const [row] = await ownerOf(services.store.db, { ...token, day });
  if (row === undefined || row.state === 'gone') throw new Refused('session_invalid');
  if (row.state === 'suspended') throw new Refused('account_suspended');
  const isNew = row.new_until_day !== null && row.new_until_day >= day;
  return { account: token.account, tokenHash: token.hash, isNew, mostRecipients: null };
}

/** What is sealed in a pass. */
export interface Pass {
  readonly hour: number;
  /** Of a new account. */
  readonly most?: number;
}

const ownerOf = frozenQuery(
  (db, { account, hash, day }: { readonly account: Uint8Array; readonly hash: Uint8Array; readonly day: number }) =>
    db
      .selectFrom('session')
      .innerJoin('account', 'account.id', 'session.account')
      .select(['account.state', 'account.new_until_day'])
      .where('session.account', '=', account)
      .where('session.token_hash', '=', hash)
      .where('session.expires_day', '>=', day),
);

/** A pass is good for its hour and the next. Nothing in it says to whom it was given. @returns how many recipients it serves */
function checkPass({ seal, limits, store }: Services, header: string | undefined): number | null {
  const text = header?.startsWith('Pass ') === true ? header.slice('Pass '.length) : '';
  // Made here, or null.
  const pass = text === '' || text.length > 256 ? null : (seal.open('pass', text) as Pass | null);
  const age = hourOf(store.clock()) - (pass?.hour ?? Number.NaN);
  if (pass === null || !(age >= 0 && age <= 1)) throw new Refused('pass_invalid');
  const most = pass.most ?? null;
  // How often; that it is one delivery and repetitions of it is seen with its recipients (newcomer-passes.ts).
  if (most === null) limits.take('deliver', text);
  else limits.take('newcomerPass', text);
  return most;
}
