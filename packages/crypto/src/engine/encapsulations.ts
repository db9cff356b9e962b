/** Encapsulations to many keys, some of them made on other cores before they are asked for. */
import type { Encapsulated } from './engine.ts';

export interface Encapsulations {
  /**
   * The one to the key at this place; null where the key is refused. Each is given once, and its secret is the caller's to
   * zero.
   *
   * @throws CryptoError `argument_invalid` for another key than the one at this place, or one asked for again;
   *   `engine_thread_failed`
   */
  take(place: number, publicKey: Uint8Array): Promise<Encapsulated | null>;
  /** Nothing goes on afterwards, and no secret is left of those that nobody took. */
  close(): Promise<void>;
}
