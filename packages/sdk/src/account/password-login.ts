/** Logging in with password and account secret (docs/spec/05-account.md, "Login"). */
import { accountIdOf, CryptoError, passwordInput, passwordKek } from '@latchkey/crypto';
import type { CanonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { RefusedError, SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { openVaultRoot, type VaultRoot } from './latches.ts';
import { requireServerKey } from './server-facts.ts';

export interface PasswordOwner {
  readonly wire: Wire;
  readonly address: CanonicalAddress;
  /** Pinned. */
  readonly serverKey: string;
  /** 16 bytes. */
  readonly accountSecret: Uint8Array;
  readonly password: string;
}

/** A password that fits. Nothing is open on the server yet. */
export interface ProvenPassword {
  /** 64 bytes. The caller zeroes them when done. */
  readonly exportKey: Uint8Array;
  /** Opens a session for this device. */
  openSession(device: Uint8Array): Promise<string>;
}

/**
 * @throws SdkError `login_wrong`, `login_server_changed`; CryptoError `password_unfit`; what the wire throws
 */
export async function provePassword(host: ClientHost, owner: PasswordOwner): Promise<ProvenPassword> {
  const { wire, address, serverKey, accountSecret, password } = owner;
  const { origin } = wire;
  const input = await passwordInput(host.engine, { accountSecret, password, address, origin });
  const started = await host.login.startLogin(input);
  const answer = await wire.call(ROUTES.loginStart, { address, request: started.request });
  const finished = await finishLogin(host, {
    input,
    state: started.state,
    response: answer.response,
    names: { client: address, server: origin },
  });
  if (finished === null) throw loginWrong();
  requireServerKey(finished.serverKey, serverKey);
  return {
    exportKey: finished.exportKey,
    async openSession(device) {
      const request = { state: answer.state, finish: finished.finish, session: newSession(device) };
      try {
        return (await wire.call(ROUTES.loginFinish, request)).token;
      } catch (error) {
        throw error instanceof RefusedError && error.wire === 'login_refused' ? loginWrong() : error;
      }
    },
  };
}

/** Names of devices stand in the vault: before a login nothing could seal one that the other devices could read. */
export function newSession(device: Uint8Array): { readonly name: Uint8Array; readonly device: Uint8Array } {
  return { name: new Uint8Array(0), device };
}

/** @throws SdkError `vault_shut`; what the wire throws */
export async function openWithPassword(
  host: ClientHost,
  { wire, address, accountSecret }: Omit<PasswordOwner, 'password' | 'serverKey'>,
  use: { readonly session: string; readonly exportKey: Uint8Array; readonly minGeneration: number },
): Promise<VaultRoot> {
  const { session, exportKey, minGeneration } = use;
  return openVaultRoot(host, {
    wire,
    session,
    account: await accountIdOf(host.engine, { address, origin: wire.origin }),
    kind: 'password',
    minGeneration,
    kekOf: (generation) => passwordKek(host.engine, { exportKey, accountSecret, address, generation }),
  });
}

async function finishLogin(
  { login }: ClientHost,
  given: Parameters<ClientHost['login']['finishLogin']>[0],
): ReturnType<ClientHost['login']['finishLogin']> {
  try {
    return await login.finishLogin(given);
  } catch (cause) {
    throw malformedLogin(cause);
  }
}

/** The server's half of OPAQUE is an answer like any other. */
export function malformedLogin(cause: unknown): unknown {
  if (!(cause instanceof CryptoError) || cause.code !== 'login_message_malformed') return cause;
  return new SdkError('answer_malformed', 'the server’s half of the login cannot be read', { cause });
}

function loginWrong(): SdkError {
  return new SdkError('login_wrong', 'password or sign-in card do not fit');
}
