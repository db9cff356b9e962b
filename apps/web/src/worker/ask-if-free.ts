import { serverHere } from '@latchkey/host-web';
import { canonicalAddress } from '@latchkey/protocol';
import { isReservedName, ROUTES } from '@latchkey/protocol/wire';
import { RefusedError } from '@latchkey/sdk/client';
import type { ByHandHost } from '@latchkey/sdk/ports';
import type { Answer } from './contract.ts';

/**
 * A registration's first step is refused for an address that is taken, and makes nothing. The blinded password in it is no
 * password: the base point of ristretto255 (RFC 9496, appendix A.1).
 */
const NO_PASSWORD = '4vKuCmq8TnGohKlhxQBRX1jjC2qlgt2NtqZZReCNLXY';

export async function askIfFree(ciphers: ByHandHost, typed: string): Promise<Answer<'checkAddress'>> {
  let address: ReturnType<typeof canonicalAddress>;
  try {
    address = canonicalAddress(typed);
  } catch {
    return { kind: 'malformed' };
  }
  const [name = ''] = address.split('@');
  if (isReservedName(name)) return { kind: 'reserved', address };
  try {
    await serverHere(ciphers).call(ROUTES.registerStart, { address, request: NO_PASSWORD, invitation: null });
    return { kind: 'free', address };
  } catch (error) {
    return { kind: kindOf(error), address };
  }
}

function kindOf(error: unknown): 'taken' | 'reserved' | 'unknown' {
  if (!(error instanceof RefusedError)) return 'unknown';
  if (error.wire === 'address_taken') return 'taken';
  return error.wire === 'address_refused' ? 'reserved' : 'unknown';
}
