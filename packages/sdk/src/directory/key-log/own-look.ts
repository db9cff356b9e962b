/** What the key log proves of the own address: where a tail goes to, and what it compares with. */
import { verifyVrf, vrfInput } from '@latchkey/key-directory';
import type { Directory as KeyDirectory } from '@latchkey/key-directory/verify';
import type { Answered, RawHead, RawLookup } from './ask-log.ts';
import type { KeptHead } from './kept-head.ts';
import type { LogPin } from './log-pin.ts';

export interface OwnLook {
  readonly log: LogPin;
  readonly directory: KeyDirectory;
  /** Verified. */
  readonly head: KeptHead;
  /** The own leaves in the key log, as the map of this head has them. */
  readonly positions: readonly number[];
  /** Of the own address, 32 bytes. */
  readonly index: Uint8Array;
  /** As the server gave them. */
  readonly rawHead: RawHead;
  readonly lookup: RawLookup;
}

const INDEX_BYTES = 32;

/** Of a look-up that was verified under this head. */
export function ownLookOf(
  { log, directory }: Pick<OwnLook, 'log' | 'directory'>,
  head: KeptHead,
  { address, found, raw: { head: rawHead, lookup } }: Answered,
): OwnLook {
  const output = lookup === null ? null : verifyVrf(log.vrf, vrfInput(address), lookup.vrfProof);
  if (lookup === null || output === null || found.refused) throw new RangeError('not a look-up that was verified');
  const positions = found.found ? found.positions : [];
  return { log, directory, head, positions, index: output.slice(0, INDEX_BYTES), rawHead, lookup };
}
