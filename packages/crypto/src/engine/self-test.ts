/** Known answers, asked of an engine before it is trusted (docs/spec/01-item.md, "Engines"). */
import { CryptoError } from '../errors.ts';
import type { Engine, EngineOperation } from './engine.ts';
import { KNOWN_ANSWERS } from './known-answers.ts';

export interface SelfTestResult {
  readonly operation: EngineOperation;
  /** What the engine names as the source of the operation. */
  readonly source: string;
  readonly ok: boolean;
  /** True where the engine says that it cannot do this: not wrong, but not to be had either. */
  readonly missing: boolean;
  /** Which answer was wrong; empty where all were right. */
  readonly detail: string;
}

export const ENGINE_OPERATIONS: readonly EngineOperation[] = [
  'sha256',
  'hkdf',
  'chacha20poly1305',
  'x25519',
  'mlkem768x25519',
  'ed25519',
  'mldsa44',
  'scrypt',
];

/** Never throws: a failure is a result. All operations unless told otherwise. */
export async function selfTest(
  engine: Engine,
  operations: readonly EngineOperation[] = ENGINE_OPERATIONS,
): Promise<SelfTestResult[]> {
  const results: SelfTestResult[] = [];
  for (const operation of operations) {
    const result = { operation, source: engine.sources[operation], missing: false };
    try {
      const wrong = await KNOWN_ANSWERS[operation](engine);
      results.push({ ...result, ok: wrong === null, detail: wrong === null ? '' : `wrong answer: ${wrong}` });
    } catch (error) {
      const missing = error instanceof CryptoError && error.code === 'engine_operation_missing';
      results.push({
        ...result,
        ok: false,
        missing,
        detail: missing ? 'not to be had here' : `threw ${String(error)}`,
      });
    }
  }
  return results;
}

/**
 * Refuses the engine loudly.
 *
 * @throws CryptoError `engine_self_test_failed` where an answer is wrong; `engine_operation_missing`
 */
export async function requireSelfTest(engine: Engine, operations: readonly EngineOperation[]): Promise<void> {
  for (const { operation, source, ok, missing, detail } of await selfTest(engine, operations)) {
    if (ok) continue;
    const code = missing ? 'engine_operation_missing' : 'engine_self_test_failed';
    throw new CryptoError(code, `engine ${engine.name}, ${operation} by ${source}: ${detail}`);
  }
}
