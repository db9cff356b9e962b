import { CryptoError } from '../errors.ts';
import type { Engine, EngineName, EngineOperation } from './engine.ts';
import { selfTest } from './self-test.ts';

export interface ChosenEngine {
  readonly engine: Engine;
  /** Earlier candidates that lack an operation, for people. */
  readonly passedOver: readonly { readonly name: EngineName; readonly operation: EngineOperation }[];
}

/**
 * The first candidate that has every operation asked for. One that lacks an operation is passed over; one that gives
 * a wrong answer ends the choice: a machine whose ciphers are broken is not worked around, and nobody is moved to a
 * weaker set of operations. (docs/spec/01-item.md, "Engines")
 *
 * @throws CryptoError `engine_self_test_failed`, `engine_operation_missing`
 */
export async function chooseEngine(
  candidates: readonly Engine[],
  operations: readonly EngineOperation[],
): Promise<ChosenEngine> {
  const passedOver: { name: EngineName; operation: EngineOperation }[] = [];
  for (const engine of candidates) {
    const failed = (await selfTest(engine, operations)).filter(({ ok }) => !ok);
    const wrong = failed.find(({ missing }) => !missing);
    if (wrong !== undefined) {
      const text = `engine ${engine.name}, ${wrong.operation} by ${wrong.source}: ${wrong.detail}`;
      throw new CryptoError('engine_self_test_failed', text);
    }
    if (failed.length === 0) return { engine, passedOver };
    passedOver.push(...failed.map(({ operation }) => ({ name: engine.name, operation })));
  }
  const lacking = passedOver.map(({ name, operation }) => `${name} lacks ${operation}`).join(', ');
  throw new CryptoError('engine_operation_missing', `no engine has every operation: ${lacking}`);
}
