import { createHash, randomBytes } from 'node:crypto';
import type { TestServer } from 'latchkey-server/testing';

export interface QuickAccount {
  readonly session: string;
}

/** An account with a session and nothing else: no login, no statement, in some milliseconds. */
export async function quickAccount({ services }: TestServer, address: string): Promise<QuickAccount> {
  const account = new Uint8Array(randomBytes(16));
  const token = Buffer.concat([account, randomBytes(32)]);
  await services.store.write('createAccount', {
    account,
    address,
    quotaBytes: 1e12,
    quotaArrivals: 1e9,
    newDays: 0,
    record: 'AAAA',
    statement: 'none',
    ...(await services.keyLog.genesisOf(address, 'none')),
    invitation: null,
    latches: [],
    session: {
      tokenHash: new Uint8Array(createHash('sha256').update(token).digest()),
      id: new Uint8Array(randomBytes(16)),
      name: new Uint8Array(40),
      device: new Uint8Array(16),
      days: 30,
    },
  });
  return { session: token.toString('base64url') };
}
