/** The owner's word for what needs more than a session (docs/spec/05-account.md, "Acts"). */
import { type Action, type ActStatement, type CanonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { HOUR_SECONDS, hourOfMs } from '../hours.ts';
import type { Clock, Wire } from '../ports.ts';
import { identitySigner } from '../signing/identity.ts';
import { signStatement, type NamedSigner } from '../signing/signed-statement.ts';
import type { OwnIdentity } from '../signing/types.ts';

export interface ActParts {
  readonly action: Action;
  readonly address: CanonicalAddress;
  readonly origin: string;
  /** The server's, 32 bytes: the only thing in the text that it gave. */
  readonly nonce: Uint8Array;
}

export function signAct(clock: Clock, parts: ActParts, signer: NamedSigner): Promise<string> {
  const { action, address: account, origin, nonce } = parts;
  const hourSeconds = hourOfMs(clock.nowMs()) * HOUR_SECONDS;
  const act: ActStatement = { kind: 'latchkey/act/v1', action, account, origin, nonce, hourSeconds };
  return signStatement(act, [signer]);
}

export interface OwnActParts {
  readonly wire: Wire;
  readonly session: string;
  readonly clock: Clock;
  readonly address: CanonicalAddress;
  readonly own: OwnIdentity;
}

/** An act by the newest own keys, over a nonce fetched for it. */
export async function signOwnAct(
  { wire, session, clock, address, own }: OwnActParts,
  action: Exclude<Action, 'log-in'>,
): Promise<string> {
  const { nonce } = await wire.call(ROUTES.accountNonce, {}, { rights: { session } });
  const signer = identitySigner(own.identity.statement, own.signer);
  return signAct(clock, { action, address, origin: wire.origin, nonce }, signer);
}
