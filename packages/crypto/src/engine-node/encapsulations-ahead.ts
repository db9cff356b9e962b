import { sameBytes } from '../age/bytes.ts';
import type { Encapsulations } from '../engine/encapsulations.ts';
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import type { ChunkThread } from './chunk-threads.ts';
import { EncapsulationState } from './encapsulation-state.ts';

/**
 * Every thread makes the next one that nobody makes yet. This thread joins in whenever it is asked for one that is not
 * ready, so that none waits for another while there is work.
 */
export function encapsulationsAhead(
  threads: readonly ChunkThread[],
  engine: Pick<Engine, 'hybridKemEncapsulate'>,
  publicKeys: readonly Uint8Array[],
): Encapsulations {
  const state = new EncapsulationState(publicKeys);
  let takenCount = 0;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);

  const makeHere = async (place: number): Promise<void> => {
    try {
      state.put(place, await engine.hybridKemEncapsulate(state.keyAt(place)));
    } catch (error) {
      // Somebody may be waiting for this place.
      state.stop();
      failure.reject(error);
      throw error;
    }
  };
  const makeNextHere = (): Promise<void> | null => {
    const place = state.claim();
    return place === null ? null : makeHere(place);
  };
  // An engine answers its known questions before its first use: what the same library made elsewhere waits for that.
  const first = makeNextHere();
  first?.catch(() => undefined);
  const answers = threads.map((thread) => thread.perform({ kind: 'encapsulate', shared: state.buffer }));
  for (const answer of answers) answer.catch(failure.reject);

  return {
    async take(place, publicKey) {
      if (place >= state.count || !sameBytes(state.keyAt(place), publicKey)) throw misused('for another key');
      await first;
      while (!state.isMade(place)) await (makeNextHere() ?? Promise.race([state.whenMade(place), failure.promise]));
      const made = state.take(place);
      if (made === undefined) throw misused('twice');
      takenCount++;
      return made;
    },

    async close() {
      state.stop();
      if (takenCount === state.count) {
        // A thread that comes only now finds nothing to make.
        for (const thread of threads) thread.letGo();
        return;
      }
      await Promise.allSettled([first, ...answers]);
      state.wipe();
    },
  };
}

function misused(how: string): CryptoError {
  return new CryptoError('argument_invalid', `an encapsulation was asked for ${how}`);
}
