/**
 * Which source serves an operation in this browser: the first, in the order given, that has it. Whether it has it shows
 * when it is asked; a source that answers, and wrongly, ends the choice as it does in Node: nothing steps in for a
 * machine that is broken or was changed (docs/spec/01-item.md, "Engines").
 */
import type { EngineOperation } from '../engine/engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { KNOWN_ANSWERS } from '../engine/known-answers.ts';
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

/**
 * @throws CryptoError engine_self_test_failed where a source gives a wrong answer; engine_operation_missing where none
 *   has the operation
 */
export async function choosePart<O extends EngineOperation>(
  operation: O,
  order: readonly WebSource[],
  from: Readonly<Record<WebSource, Provider>> = providers,
): Promise<Chosen<O>> {
  const absences: unknown[] = [];
  for (const source of order) {
    const offer: Offer<O> | undefined = from[source].parts[operation];
    if (offer === undefined) continue;
    let part: EngineParts[O];
    let wrong: string | null;
    try {
      part = await offer.load();
      wrong = await KNOWN_ANSWERS[operation]({ ...nobleEngine, ...part });
    } catch (error) {
      if (isSelfTestFailure(error)) throw error;
      absences.push(error);
      continue;
    }
    if (wrong === null) return { source, label: offer.label, part };
    throw new CryptoError('engine_self_test_failed', `${operation} by ${offer.label}: wrong answer: ${wrong}`);
  }
  throw new CryptoError('engine_operation_missing', `no source here has ${operation}`, {
    cause: new AggregateError(absences),
  });
}

function isSelfTestFailure(error: unknown): boolean {
  return error instanceof CryptoError && error.code === 'engine_self_test_failed';
}
