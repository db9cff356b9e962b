import { nobleEngine } from '../engine/noble-engine.ts';
import type { Engine, EngineOperation } from '../engine/engine.ts';
import type { Provider } from './parts.ts';

interface NobleOffer {
  readonly label: string;
  load(): Promise<Engine>;
}

/** The reference engine serves whatever nobody else does. */
function offer(operation: EngineOperation): NobleOffer {
  return { label: nobleEngine.sources[operation], load: async () => nobleEngine };
}

export const nobleProvider: Provider = {
  source: 'noble',
  parts: {
    sha256: offer('sha256'),
    hkdf: offer('hkdf'),
    chacha20poly1305: offer('chacha20poly1305'),
    x25519: offer('x25519'),
    mlkem768x25519: offer('mlkem768x25519'),
    ed25519: offer('ed25519'),
    mldsa44: offer('mldsa44'),
    scrypt: offer('scrypt'),
  },
};
