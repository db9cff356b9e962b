import { randomBytes } from 'node:crypto';
import { newToken } from '../login/tokens.ts';
import type { Services } from '../services.ts';

export interface WantedSession {
  readonly name: Uint8Array;
  readonly device: Uint8Array;
}

/** @returns the token; the server keeps its hash */
export async function openSession(services: Services, account: Uint8Array, wanted: WantedSession): Promise<string> {
  const token = newToken(account);
  await services.store.write('openSession', {
    account,
    session: {
      tokenHash: token.hash,
      id: new Uint8Array(randomBytes(16)),
      name: wanted.name,
      device: wanted.device,
      days: services.config.sessionDays,
    },
  });
  return token.text;
}
