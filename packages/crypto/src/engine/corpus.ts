/**
 * Drives one engine through one file of vectors/engines. Pure, so that the same function runs under Node and inside
 * Chromium and Firefox: engines that give another answer anywhere are not the same engine.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { CryptoError } from '../errors.ts';
import type { Engine, EngineName, EngineOperation } from './engine.ts';

/** Bytes as hexadecimal digits, refusals as null or false, errors as `throws` and their code. */
export type CorpusAnswer = string | boolean | null;

export interface CorpusCase {
  readonly id: string;
  readonly action: string;
  /** Bytes as hexadecimal digits. */
  readonly input: Readonly<Record<string, string | number>>;
  readonly expect: CorpusAnswer;
}

export interface Corpus {
  readonly operation: EngineOperation;
  readonly cases: readonly CorpusCase[];
}

export interface CorpusDifference {
  readonly id: string;
  readonly expected: CorpusAnswer;
  readonly got: CorpusAnswer;
}

export interface CorpusReport {
  readonly engine: EngineName;
  readonly operation: EngineOperation;
  /** What the engine names as the source of the operation. */
  readonly source: string;
  readonly ran: number;
  /** Cases that the engine said it cannot do (`engine_operation_missing`). They are neither passed nor different. */
  readonly missing: number;
  readonly differences: readonly CorpusDifference[];
}

export async function runCorpus(engine: Engine, corpus: Corpus): Promise<CorpusReport> {
  const differences: CorpusDifference[] = [];
  let missing = 0;
  for (const { id, action, input, expect } of corpus.cases) {
    const got = await answer(engine, action, new CorpusInput(input));
    if (got === MISSING) missing += 1;
    else if (got !== expect) differences.push({ id, expected: expect, got });
  }
  const { operation } = corpus;
  const ran = corpus.cases.length - missing;
  return { engine: engine.name, operation, source: engine.sources[operation], ran, missing, differences };
}

const MISSING = 'throws engine_operation_missing';

async function answer(engine: Engine, action: string, input: CorpusInput): Promise<CorpusAnswer> {
  const act = ACTIONS[action];
  if (act === undefined) throw new CryptoError('argument_invalid', `the corpus has an unknown action: ${action}`);
  try {
    const result = await act(engine, input);
    return result instanceof Uint8Array ? bytesToHex(result) : result;
  } catch (error) {
    return error instanceof CryptoError ? `throws ${error.code}` : `throws ${String(error)}`;
  }
}

class CorpusInput {
  readonly #fields: CorpusCase['input'];
  constructor(fields: CorpusCase['input']) {
    this.#fields = fields;
  }
  bytes(name: string): Uint8Array {
    const value = this.#fields[name];
    if (typeof value !== 'string') throw new Error(`the corpus lacks the bytes ${name}`);
    return hexToBytes(value);
  }
  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value !== 'number') throw new Error(`the corpus lacks the number ${name}`);
    return value;
  }
}

type Act = (engine: Engine, input: CorpusInput) => Promise<Uint8Array | boolean | null>;

const ACTIONS: Readonly<Record<string, Act>> = {
  sha256: async (engine, input) => engine.sha256(input.bytes('bytes')),
  hmacSha256: async (engine, input) => engine.hmacSha256(input.bytes('key'), input.bytes('bytes')),
  hkdfSha256: async (engine, input) =>
    engine.hkdfSha256({
      secret: input.bytes('secret'),
      salt: input.bytes('salt'),
      info: input.bytes('info'),
      lengthBytes: input.number('lengthBytes'),
    }),
  scrypt: async (engine, input) =>
    engine.scrypt({
      passphrase: input.bytes('passphrase'),
      salt: input.bytes('salt'),
      logN: input.number('logN'),
      lengthBytes: input.number('lengthBytes'),
    }),
  aeadSeal: async (engine, input) => engine.aeadSeal(aeadInput(input)),
  aeadOpen: async (engine, input) => engine.aeadOpen(aeadInput(input)),
  x25519: async (engine, input) => engine.x25519(input.bytes('secretKey'), input.bytes('publicKey')),
  x25519PublicKey: async (engine, input) => engine.x25519PublicKey(input.bytes('secretKey')),
  hybridKemKey: async (engine, input) => engine.sha256((await engine.hybridKemKey(input.bytes('seed'))).publicKey),
  hybridKemDecapsulate: async (engine, input) => {
    const key = await engine.hybridKemKey(input.bytes('seed'));
    return key.decapsulate(input.bytes('encapsulation'));
  },
  hybridKemEncapsulate: async (engine, input) =>
    (await engine.hybridKemEncapsulate(input.bytes('publicKey'))) === null ? null : true,
  /** Encapsulates to the seed's own key and opens that again: true where both ends hold the same secret. */
  hybridKemRoundTrip: async (engine, input) => {
    const key = await engine.hybridKemKey(input.bytes('seed'));
    const sent = await engine.hybridKemEncapsulate(key.publicKey);
    if (sent === null) return null;
    const received = await key.decapsulate(sent.encapsulation);
    return received !== null && bytesToHex(received) === bytesToHex(sent.sharedSecret);
  },
  ed25519Key: async (engine, input) => (await engine.ed25519Key(input.bytes('seed'))).publicKey,
  ed25519Sign: async (engine, input) => (await engine.ed25519Key(input.bytes('seed'))).sign(input.bytes('message')),
  ed25519Verify: async (engine, input) =>
    engine.ed25519Verify(input.bytes('publicKey'), input.bytes('message'), input.bytes('signature')),
  mldsa44Key: async (engine, input) => engine.sha256((await engine.mldsa44Key(input.bytes('seed'))).publicKey),
  /** Hedged signatures have no known answer: signs and verifies with the same engine. */
  mldsa44RoundTrip: async (engine, input) => {
    const key = await engine.mldsa44Key(input.bytes('seed'));
    const message = input.bytes('message');
    return engine.mldsa44Verify(key.publicKey, message, await key.sign(message));
  },
  mldsa44Verify: async (engine, input) =>
    engine.mldsa44Verify(input.bytes('publicKey'), input.bytes('message'), input.bytes('signature')),
};

function aeadInput(input: CorpusInput): { key: Uint8Array; nonce: Uint8Array; bytes: Uint8Array; ad: Uint8Array } {
  return { key: input.bytes('key'), nonce: input.bytes('nonce'), bytes: input.bytes('bytes'), ad: input.bytes('ad') };
}
