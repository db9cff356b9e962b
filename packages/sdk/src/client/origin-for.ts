import type { CanonicalAddress } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { parseOrigin } from '../transport/index.ts';

/**
 * Where the server of an address is: as it was said, else as card, kit or invitation say, else at the address's domain.
 *
 * @throws SdkError `server_differs` where the two say different things; `origin_malformed`, `server_insecure`
 */
export function originFor(address: CanonicalAddress, said: string | undefined, printed: string | null): string {
  const origin = parseOrigin(said ?? printed ?? `https://${address.slice(address.lastIndexOf('@') + 1)}`);
  if (printed !== null && parseOrigin(printed) !== origin) {
    throw new SdkError('server_differs', 'the card, kit or invitation is for another server');
  }
  return origin;
}
