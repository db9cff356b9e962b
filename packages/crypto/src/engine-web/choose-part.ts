/** Which source serves an operation in this browser: the first, in the order given, that gives the known answers. */
import type { EngineOperation } from '../engine/engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { selfTest } from '../engine/self-test.ts';
import { CryptoError } from '../errors.ts';
import { libsodiumProvider } from './libsodium/index.ts';
import { nobleProvider } from './noble-provider.ts';
import type { EngineParts, Offer, Provider, WebSource } from './parts.ts';
import { webCryptoProvider } from './webcrypto/index.ts';

const providers: Readonly<Record<WebSource, Provider>> = {
  webcrypto: webCryptoProvider,
  libsodium: libsodiumProvider,
  noble: nobleProvider,
};

export interface Chosen<O extends EngineOperation> {
  readonly source: WebSource;
  /** For people: what serves the operation. */
  readonly label: string;
  readonly part: EngineParts[O];
}

/** @throws CryptoError engine_self_test_failed where none of the sources gives the known answers */
export async function choosePart<O extends EngineOperation>(
  operation: O,
  order: readonly WebSource[],
): Promise<Chosen<O>> {
  const refusals: unknown[] = [];
  for (const source of order) {
    const offer: Offer<O> | undefined = providers[source].parts[operation];
    if (offer === undefined) continue;
    try {
      const part = await offer.load();
      const [result] = await selfTest({ ...nobleEngine, ...part }, [operation]);
      if (result?.ok === true) return { source, label: offer.label, part };
      refusals.push(new Error(`${offer.label}: ${result?.detail ?? 'not asked'}`));
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new CryptoError('engine_self_test_failed', `no source for ${operation} gives the known answers`, {
    cause: new AggregateError(refusals),
  });
}
