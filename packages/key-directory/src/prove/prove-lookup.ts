import { proveInclusion, type Sha256 } from '@latchkey/tlog';
import { KeyDirectoryError } from '../errors.ts';
import { indexOf } from '../label.ts';
import type { Replay } from '../replay/replay.ts';
import type { LookupAnswer, LookupLeaf, LookupOpening } from '../verify/lookup-answer.ts';
import type { VrfProof } from '../vrf/prove-vrf.ts';
import type { PublishedLog } from './prove-head.ts';

/** What a server holds of the key log whose checkpoint the published index leaf carries. */
export interface PublishedKeys extends PublishedLog {
  /** Of exactly the leaves below that checkpoint's size: what is not published yet must not be in it. */
  readonly replay: Replay;
  /** The 66 bytes at a position. */
  readLeaf(position: number): Promise<Uint8Array> | Uint8Array;
}

export interface LookupRequest {
  /** `proveVrf(secret, vrfInput(label))`; keep it, it never changes. */
  readonly vrf: VrfProof;
  /** The first version that the client does not know: 0, or one more than it knows. */
  readonly firstVersion: number;
  /** What was committed to, by version; null where it has been deleted. */
  openingOf(version: number): Promise<LookupOpening | null> | LookupOpening | null;
}

/**
 * What `verifyLookup` takes, of a label that may be there or not. A label with fewer versions than `firstVersion` is
 * answered as it is: the client sees that something is wrong.
 * @throws KeyDirectoryError `argument_invalid` where the replay is not that of the published size
 * @throws TlogError `tile_wrong`
 */
export async function proveLookup(keys: PublishedKeys, request: LookupRequest, sha256?: Sha256): Promise<LookupAnswer> {
  const { replay, size, tiles } = keys;
  const { vrf, firstVersion } = request;
  if (replay.size !== size) {
    throw new KeyDirectoryError('argument_invalid', 'the replay has not the size that is published');
  }
  const index = indexOf(vrf.output);
  // Before anything is awaited: the map may grow between two turns.
  const positions = replay.positionsOf(index);
  const { proof } = replay.prove(index);
  const leaves = await Promise.all(
    positions.slice(firstVersion).map(async (position, at): Promise<LookupLeaf> => {
      const leaf = await keys.readLeaf(position);
      const inclusion = await proveInclusion({ index: position, size }, tiles, sha256);
      return { leaf, inclusion, opened: await request.openingOf(firstVersion + at) };
    }),
  );
  return { vrfProof: vrf.proof, positions, mapProof: proof, leaves };
}
