/** Who serves an address, and whether it is still the same (docs/spec/05-account.md, "Server"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Wire } from '../ports.ts';

export interface ExpectedServer {
  readonly address: CanonicalAddress;
  /** OPAQUE's static public key, from invitation, card or profile; null where nothing has pinned it yet. */
  readonly serverKey: string | null;
  /** Of the trust policy. Null: none is pinned. */
  readonly policy: Uint8Array | null;
  /** The vault is asked afterwards whether its owner has taken another policy since (`requireOwnersPolicy`). */
  readonly isVaultAsked?: boolean;
}

export interface ServerFacts {
  readonly serverKey: string;
  readonly policy: Uint8Array | null;
  /** The policy that was expected, where the server announces another one: only the vault can say whether its owner agrees. */
  readonly otherThan: Uint8Array | null;
}

/**
 * @throws SdkError `server_differs`: another origin, domain or policy than expected; `login_server_changed`; what the
 * wire throws
 */
export async function askServer(wire: Wire, expected: ExpectedServer): Promise<ServerFacts> {
  const { origin, domain, opaque, policy } = await wire.call(ROUTES.wellKnown, {});
  if (origin !== wire.origin) {
    throw new SdkError('server_differs', 'the server says that it is reached at another address');
  }
  if (domain !== domainOf(expected.address)) {
    throw new SdkError('server_differs', 'the server serves another domain than that of the address');
  }
  requireServerKey(opaque, expected.serverKey ?? opaque);
  const served = policy === 'none' ? null : policy;
  const isOther = expected.policy !== null && (served === null || !equalBytes(served, expected.policy));
  if (isOther && expected.isVaultAsked !== true) throw otherPolicy();
  return { serverKey: opaque, policy: served, otherThan: isOther ? expected.policy : null };
}

export function otherPolicy(): SdkError {
  return new SdkError('server_differs', 'the server has another trust policy than the one that is pinned');
}

/** @throws SdkError `login_server_changed` */
export function requireServerKey(shown: string, pinned: string): void {
  if (shown !== pinned) {
    throw new SdkError('login_server_changed', 'the login key of the server is not the pinned one');
  }
}

function domainOf(address: CanonicalAddress): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
