/** For tests: an engine that remembers under which key and nonce it sealed what. */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Engine } from './engine.ts';

export interface Recording {
  readonly engine: Engine;
  /** How many AEAD calls sealed something. */
  readonly sealings: () => number;
  /** One entry for each time a key and nonce came back for another plaintext or other additional data. */
  readonly reuses: () => readonly string[];
}

export function recordingEngine(inner: Engine): Recording {
  const sealed = new Map<string, string>();
  const reuses: string[] = [];
  let sealings = 0;
  const engine: Engine = {
    ...inner,
    aeadSeal(input) {
      const under = `${bytesToHex(input.key)} ${bytesToHex(input.nonce)}`;
      const what = `${bytesToHex(input.bytes)} ${bytesToHex(input.ad ?? new Uint8Array(0))}`;
      const before = sealed.get(under);
      if (before !== undefined && before !== what) reuses.push(under);
      sealed.set(under, what);
      sealings += 1;
      return inner.aeadSeal(input);
    },
  };
  return { engine, sealings: () => sealings, reuses: () => reuses };
}
