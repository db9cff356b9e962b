import type { Auth } from '@latchkey/protocol/wire';
import { readToken } from '../login/tokens.ts';
import type { Services } from '../services.ts';
import { frozenQuery } from '../store/frozen-query.ts';
import { Refused } from '../store/refused.ts';
import { dayOf, hourOf } from '../times.ts';
import type { Session } from './call.ts';

const nobody: Session = { account: new Uint8Array(), tokenHash: new Uint8Array() };

/** Bearer token or pass, as the route's row wants it. @throws Refused `session_invalid`, `pass_invalid` */
export async function authenticate(services: Services, auth: Auth, header: string | undefined): Promise<Session> {
  if (auth === 'none') return nobody;
  if (auth === 'pass') {
    checkPass(services, header);
    return nobody;
  }
  const text = header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : '';
  const token = text.length > 128 ? null : readToken(text);
  if (token === null) throw new Refused('session_invalid');
  const [row] = await ownerOf(services.store.db, { ...token, day: dayOf(services.store.clock()) });
  if (row === undefined || row.state === 'gone') throw new Refused('session_invalid');
  if (row.state === 'suspended') throw new Refused('account_suspended');
  return { account: token.account, tokenHash: token.hash };
}

const ownerOf = frozenQuery(
  (db, { account, hash, day }: { readonly account: Uint8Array; readonly hash: Uint8Array; readonly day: number }) =>
    db
      .selectFrom('session')
      .innerJoin('account', 'account.id', 'session.account')
      .select('account.state')
      .where('session.account', '=', account)
      .where('session.token_hash', '=', hash)
      .where('session.expires_day', '>=', day),
);

/** A pass is good for its hour and the next. Nothing in it says to whom it was given. */
function checkPass({ seal, limits, store }: Services, header: string | undefined): void {
  const text = header?.startsWith('Pass ') === true ? header.slice('Pass '.length) : '';
  const pass = text === '' || text.length > 256 ? null : seal.open('pass', text);
  const hour = typeof pass === 'object' && pass !== null && 'hour' in pass ? Number(pass.hour) : Number.NaN;
  const age = hourOf(store.clock()) - hour;
  if (!(age >= 0 && age <= 1)) throw new Refused('pass_invalid');
  limits.take('deliver', text);
}
